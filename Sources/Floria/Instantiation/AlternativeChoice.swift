// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Which of several alternatives a vertex was made from, and why.
public struct AlternativeChoice: Sendable, Hashable {
    /// What became of an alternative.
    public enum Outcome: Sendable, Hashable {
        /// The vertex was made from it.
        case chosen
        /// One before it will do, so that it wasn't looked at.
        case possible
        /// Its condition isn't true.
        case refused
        /// It cannot be made, or its condition cannot be evaluated: why.
        case failed(Problem)
    }

    /// A template that was considered.
    public struct Candidate: Sendable, Hashable {
        /// The template.
        public var template: ID
        /// What became of it.
        public var outcome: Outcome
    }

    /// The vertex.
    public var vertex: ID
    /// The template that it is made in the place of.
    public var template: ID
    /// The alternatives, in the order in which they are tried.
    public var candidates: [Candidate] = []

    /// The alternative that the vertex was made from.
    public var chosen: ID? { candidates.first { $0.outcome == .chosen }?.template }

    /// The choice as a document: `{"vertex", "template", "chosen", "candidates": [{"template", "outcome", "problem"}]}`.
    public var document: Value {
        var document: Value = [
            "vertex": .text(vertex.description), "template": .text(template.description),
            "candidates": .list(candidates.map(\.document)),
        ]
        document["chosen"] = chosen.map { .text($0.description) }
        return document
    }
}

extension AlternativeChoice.Outcome {
    /// Its name in documents.
    public var name: String {
        switch self {
        case .chosen: "chosen"
        case .possible: "possible"
        case .refused: "refused"
        case .failed: "failed"
        }
    }
}

extension AlternativeChoice.Candidate {
    fileprivate var document: Value {
        var document: Value = ["template": .text(template.description), "outcome": .text(outcome.name)]
        if case .failed(let problem) = outcome { document["problem"] = problem.value }
        return document
    }

    /// Why it will not do; nil if it does, or wasn't looked at.
    var problem: Problem? {
        switch outcome {
        case .chosen, .possible: nil
        case .refused: Problem("floria.refused", "the condition of ‘\(template)’ isn't true")
        case .failed(let cause): Problem("floria.refused", "‘\(template)’ cannot be made", causes: [cause])
        }
    }
}
