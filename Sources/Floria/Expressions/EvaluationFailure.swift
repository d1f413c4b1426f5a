// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Why an expression has no value.
public enum EvaluationFailure: Error, Sendable, Hashable {
    /// It needs something that isn't there yet, and may have a value later.
    case pending(Problem)
    /// It is wrong.
    case failed(Problem)

    /// The reason.
    public var problem: Problem {
        switch self {
        case .pending(let problem), .failed(let problem): problem
        }
    }

    /// The same failure with a place, if it has none yet.
    func placed(at site: CallSite) -> EvaluationFailure {
        var problem = problem
        if problem.place == nil { problem.place = .entity(site.entity.description, property: site.property) }
        return if case .pending = self { .pending(problem) } else { .failed(problem) }
    }
}
