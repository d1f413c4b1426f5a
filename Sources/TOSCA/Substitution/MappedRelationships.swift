// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Which relationships of a substituted node go to a requirement of the service: the first one of a requirement has the
/// number 0.
struct MappedRelationships {
    /// Relationships of one requirement whose numbers follow each other.
    struct Run: Hashable {
        var requirement: String
        var numbers: Range<Int>
    }

    /// Above every number that there can be.
    static let endless = Int.max

    private(set) var runs: [Run] = []

    /// How many they are; nil without bound.
    var count: Int? {
        runs.reduce(0) { sum, run in
            run.numbers.upperBound == Self.endless ? nil : sum.map { $0 + run.numbers.count }
        }
    }

    var isEmpty: Bool { runs.isEmpty }

    mutating func add(_ run: Run) {
        if !run.numbers.isEmpty { runs.append(run) }
    }

    /// Takes the first ones away and gives them; all if no number is told.
    mutating func take(_ count: Int?) -> MappedRelationships {
        guard var rest = count else {
            defer { runs = [] }
            return self
        }
        var taken = MappedRelationships()
        while rest > 0, let first = runs.first {
            let part = first.numbers.prefix(rest)
            taken.add(Run(requirement: first.requirement, numbers: part))
            rest -= part.count
            runs[0].numbers = part.upperBound..<first.numbers.upperBound
            if runs[0].numbers.isEmpty { runs.removeFirst() }
        }
        return taken
    }

    /// As an argument of `tosca:mapped`: `[[REQUIREMENT, FIRST, END], …]`, with null for no end.
    var value: Value {
        .list(
            runs.map { run in
                let end = run.numbers.upperBound
                return [.text(run.requirement), .integer(run.numbers.lowerBound), end == Self.endless ? .null : .integer(end)]
            })
    }
}

/// How many relationships go to what.
private typealias MappingShare = (count: Int, targets: [MappingTarget])

extension ServiceTemplate {
    /// How the relationships of a substituted node spread over the requirements of the service: section 15.5 of the
    /// standard.
    func mappedRelationships(_ mapping: SubstitutionMapping, lowerBounds: [String: Int]) -> [MappingTarget: MappedRelationships]
    {
        var result: [MappingTarget: MappedRelationships] = [:]
        var names: [String] = []
        for item in mapping.requirements where !names.contains(item.name) { names.append(item.name) }
        for name in names {
            let items = mapping.requirements.filter { $0.name == name }
            var next = 0
            for (count, targets) in shares(items, lowerBound: lowerBounds[name] ?? 0) {
                let (sum, isTooLarge) = next.addingReportingOverflow(count)
                let end = isTooLarge ? MappedRelationships.endless : sum
                for target in targets {
                    result[target, default: MappedRelationships()].add(.init(requirement: name, numbers: next..<end))
                }
                next = end
            }
        }
        return result
    }

    /// How many relationships each mapping of one requirement takes, in the order in which they take them.
    ///
    /// If there are more mappings than relationships that must be there, those come first that go to what must be mapped.
    private func shares(_ items: [RequirementMapping], lowerBound: Int) -> [MappingShare] {
        let all = shares(items)
        if total(all) <= lowerBound { return all }
        let (mandatory, others) = divided(all)
        return mandatory + others
    }

    /// How many relationships the mappings of one requirement take for requirements that must have a target; a node that is
    /// selected may find another.
    func mandatoryCount(_ items: [RequirementMapping]) -> Int {
        let firm = shares(items).map { ($0.count, $0.targets.filter { $0.requirement != nil }) }
        return total(divided(firm).mandatory)
    }

    /// How many relationships go to anything; more than a number can hold count as the largest.
    private func total(_ shares: [MappingShare]) -> Int {
        shares.reduce(0) { sum, share in sum > Int.max - share.count ? Int.max : sum + share.count }
    }

    private func shares(_ items: [RequirementMapping]) -> [MappingShare] {
        items.map { item in
            let count: Int =
                switch item.count {
                case .unsaid: items.count == 1 ? MappedRelationships.endless : 1
                case .some(let count): count
                case .unbounded: MappedRelationships.endless
                }
            return (count, item.targets)
        }
    }

    /// What goes to requirements that must have a target, and the rest.
    private func divided(_ shares: [MappingShare]) -> (mandatory: [MappingShare], others: [MappingShare]) {
        var (mandatory, others): ([MappingShare], [MappingShare]) = ([], [])
        var needed: [MappingTarget: Int] = [:]
        for (count, targets) in shares {
            for target in targets where needed[target] == nil { needed[target] = mandatoryCount(target) }
            let first = min(count, targets.map { needed[$0] ?? 0 }.max() ?? 0)
            for target in targets { needed[target]? -= first }
            if first > 0 { mandatory.append((first, targets)) }
            if count > first { others.append((count == MappedRelationships.endless ? count : count - first, targets)) }
        }
        return (mandatory, others)
    }

    /// How many relationships of a target must be there and have no target of their own.
    private func mandatoryCount(_ target: MappingTarget) -> Int {
        guard let name = target.requirement else { return 1 }
        let node = nodes.first { $0.about.name == target.node }
        let dangling = node?.requirements.filter { $0.about.name == name && $0.targetTemplate == nil && !$0.isOptional } ?? []
        return dangling.reduce(0) { $0 + max(0, ($1.count ?? 1).integer ?? 1) }
    }
}
