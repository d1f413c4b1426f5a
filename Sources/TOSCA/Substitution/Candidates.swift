// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// A service template that nodes may be substituted by.
struct Candidate {
    /// Its name among the candidates.
    var name: String
    var template: ServiceTemplate
    var mapping: SubstitutionMapping
    /// Which relationships go to which requirements.
    var relationships: [MappingTarget: MappedRelationships]
}

/// The service templates by which nodes of a design may be substituted.
struct Candidates {
    /// All, in the order in which they are tried.
    private let all: [Candidate]
    /// Those by which a node of the design may be substituted, directly or within another one.
    private(set) var used: [Candidate] = []
    /// The most relationships that a requirement of a substituted node has, by candidate and requirement; nil is no bound.
    private var most: [String: [String: Int?]] = [:]

    init(_ all: [Candidate] = []) { self.all = all }

    /// Those that nodes of a type may be substituted by: first those for exactly this type, then those for derived ones.
    func matching(_ type: TypeDefinition) -> [Candidate] {
        all.filter { $0.mapping.nodeType === type }
            + all.filter { $0.mapping.nodeType !== type && $0.mapping.nodeType.isA(type) }
    }

    /// Finds out which are used by a service template, and for what.
    mutating func use(for template: ServiceTemplate) {
        var open = [template]
        while let template = open.popLast() {
            for node in template.nodes where node.directives.contains(.substitute) {
                for candidate in matching(node.type) {
                    note(node, candidate)
                    if used.contains(where: { $0.name == candidate.name }) { continue }
                    used.append(candidate)
                    open.append(candidate.template)
                }
            }
        }
        used.sort { left, right in
            (all.firstIndex { $0.name == left.name } ?? 0) < (all.firstIndex { $0.name == right.name } ?? 0)
        }
    }

    private mutating func note(_ node: NodeTemplate, _ candidate: Candidate) {
        var counts: [String: Int?] = [:]
        for requirement in node.requirements {
            let count = requirement.count.map(\.integer) ?? 1
            let sum = counts[requirement.about.name] ?? 0
            counts[requirement.about.name] = .some(sum.flatMap { sum in count.map { sum + $0 } })
        }
        for (name, count) in counts {
            guard let known = most[candidate.name, default: [:]][name] else {
                most[candidate.name, default: [:]][name] = .some(count)
                continue
            }
            most[candidate.name, default: [:]][name] = .some(known.flatMap { known in count.map { max(known, $0) } })
        }
    }

    /// How many of some relationships there can be; nil without bound.
    func bound(_ relationships: MappedRelationships, of candidate: Candidate) -> Int? {
        var sum = 0
        for run in relationships.runs {
            let most = most[candidate.name]?[run.requirement] ?? 0
            guard let most else {
                if run.numbers.upperBound == MappedRelationships.endless { return nil }
                sum += run.numbers.count
                continue
            }
            sum += run.numbers.clamped(to: 0..<max(most, 0)).count
        }
        return sum
    }
}
