// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Making {
    /// How many instances a problem names that is theirs too.
    private static let namedLimit = 3

    /// Every problem in the order of places. What is wrong with several instances of one template is told once. Requirements
    /// that only wait stand beside the first of those that nothing satisfies: what becomes of them can't be known before. O(n log n).
    var allProblems: [Problem] {
        let roots = faults.filter { !$0.isWaiting }
        let isFollowed = roots.contains { $0.problem.code == "floria.unsatisfied-requirement" }
        var problems = folded(isFollowed ? roots : faults) + (settling.supplyFailure.map { [$0] } ?? [])
        var known: Set<Problem> = []
        problems = problems.filter { known.insert($0).inserted }.sorted { $0.position < $1.position }
        if isFollowed, let first = problems.firstIndex(where: { $0.code == "floria.unsatisfied-requirement" }) {
            let waiting = Set(faults.filter(\.isWaiting).compactMap(\.problem.place)).sorted { $0.description < $1.description }
            problems[first].related += waiting.map { Problem.Related("this requirement waits for others", at: $0) }
        }
        return problems
    }

    /// Problems of which those say nothing new are left out that instances of one template share.
    private func folded(_ faults: [Fault]) -> [Problem] {
        var result: [Problem] = []
        var groups: [FoldingKey: (position: Int, instances: Set<ID>)] = [:]
        // The first instance is the one whose problem is told.
        for fault in faults.sorted(by: { left, right in
            guard let first = left.entity, let second = right.entity else { return left.entity == nil && right.entity != nil }
            return first < second
        }) {
            guard let entity = fault.entity, let template = working.vertex(entity)?.origin ?? working.edge(entity)?.origin
            else {
                result.append(fault.problem)
                continue
            }
            let key = FoldingKey(fault.problem, of: entity, template)
            if groups[key]?.instances.insert(entity) == nil {
                groups[key] = (result.count, [entity])
                result.append(fault.problem)
            }
        }
        for (position, instances) in groups.values where instances.count > 1 {
            let named = instances.sorted().dropFirst().prefix(Self.namedLimit).map { "‘\($0)’" }
            let rest = instances.count - 1 - named.count
            let names = (named + (rest > 0 ? ["\(rest) more"] : [])).joined(separator: ", ")
            result[position].causes.append(Problem("floria.more", "it is the same with \(names)"))
        }
        return result
    }
}

/// What problems of several instances of one template have in common that say the same.
private struct FoldingKey: Hashable {
    let template: ID
    let code: String
    /// The message without the instance's name.
    let message: String
    let place: Problem.Place?
    let causes: [String]

    init(_ problem: Problem, of entity: ID, _ template: ID) {
        self.template = template
        code = problem.code
        message = problem.message.replacing(entity.description, with: "")
        place = problem.place
        causes = problem.causes.map(\.code)
    }
}
