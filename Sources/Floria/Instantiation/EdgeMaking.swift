// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// One edge that a design asks for.
private struct Requirement {
    var source: Vertex
    var template: EdgeTemplate
    /// The edge's index among those of its name that leave the source.
    var index: Int

    var id: ID {
        let source = source.header.id
        return ID(.edge, source.directory, "\(source.name).\(template.instanceName)-\(index)")
    }
}

extension Making {
    /// Makes the edges of all vertexes: those that must be there first, those that may be missing last. One whose filter
    /// reads what isn't known yet waits for the others.
    mutating func makeEdges() async {
        let candidates = Candidates(working.graph)
        let all = await requirements()
        var unsatisfied: [(Requirement, Problem?)] = []
        for open in [all.filter { !$0.template.isOptional }, all.filter(\.template.isOptional)] {
            var waiting = open
            while !waiting.isEmpty {
                let before = waiting.count
                unsatisfied = []
                for requirement in waiting {
                    do throws(EvaluationFailure) {
                        if try await !satisfy(requirement, candidates) { unsatisfied.append((requirement, nil)) }
                    } catch {
                        unsatisfied.append((requirement, error.problem))
                    }
                }
                await settleAgain()
                waiting = unsatisfied.map(\.0)
                if waiting.count == before { break }
            }
            for (requirement, reason) in unsatisfied where !requirement.template.isOptional { miss(requirement, reason) }
            unsatisfied = []
        }
        await settleAgain()
    }

    /// The edges that are asked for, by source, in the order of its template.
    private mutating func requirements() async -> [Requirement] {
        var requirements: [Requirement] = []
        for vertex in working.graph.vertexes.values.sorted(by: { $0.sortKey < $1.sortKey }) {
            var indexes: [String: Int] = [:]
            for id in vertex.origin.flatMap({ vertexTemplates[$0] })?.edges ?? [] {
                guard let template = edgeTemplates[id] else {
                    problems.append(unknownTemplate(id))
                    continue
                }
                do throws(EvaluationFailure) {
                    for _ in 0..<(try await count(template.count, of: template.header, at: vertex.header.id)) {
                        let index = indexes[template.instanceName, default: 0]
                        indexes[template.instanceName] = index + 1
                        requirements.append(Requirement(source: vertex, template: template, index: index))
                    }
                } catch {
                    problems.append(error.problem.placed(at: template.header.place))
                }
            }
        }
        return requirements
    }

    /// Makes the edge to the best candidate that its filter accepts: the target that it has already, else the first that no
    /// edge of the same requirement leads to, else the first.
    private mutating func satisfy(_ requirement: Requirement, _ candidates: Candidates) async throws(EvaluationFailure) -> Bool
    {
        let selector = requirement.template.target
        var index: Int?
        if let expression = selector.index {
            let value = try await evaluate(expression, at: requirement.source.header.id)
            guard let number = value.integer else {
                throw .failed(
                    Problem(
                        "floria.malformed-index", "the index of a target is of kind \(value.kindName), and must be an integer"))
            }
            index = number
        }
        let siblings = working.outgoing(from: requirement.source.header.id).filter {
            $0.name == requirement.template.instanceName
        }
        let used = Set(siblings.map(\.target))
        let found = candidates.targets(of: selector, index: index, from: requirement.source)
        let known = present.edge(requirement.id)?.target
        let preferred = found.filter { $0 == known && !used.contains($0) } + found.filter { $0 != known && !used.contains($0) }
        var reason: Problem?
        for target in preferred + found.filter(used.contains) {
            let edge = edge(requirement, to: target)
            working.insert(.edge(edge), settled: edge.properties.carried(from: present.edge(requirement.id)?.properties))
            do throws(EvaluationFailure) {
                guard let filter = selector.filter else { return true }
                if try await evaluate(filter, at: edge.header.id) == true { return true }
            } catch {
                reason = reason ?? error.problem
            }
            working.remove(edge)
        }
        if let reason { throw .failed(reason) }
        return false
    }

    private func edge(_ requirement: Requirement, to target: ID) -> Edge {
        let template = requirement.template
        let header = EntityHeader(requirement.id, metadata: template.header.metadata, provenance: provenance)
        var edge = Edge(
            header, classes: template.classes, name: template.instanceName, source: requirement.source.header.id, target: target
        )
        edge.origin = template.header.id
        edge.handlers = template.handlers
        edge.index = requirement.index
        edge.properties = template.properties.carrying(present.edge(header.id)?.properties)
        return edge
    }

    private mutating func miss(_ requirement: Requirement, _ reason: Problem?) {
        let (source, template) = (requirement.source.header.id, requirement.template)
        problems.append(
            Problem(
                "floria.unsatisfied-requirement", "nothing satisfies the requirement ‘\(template.instanceName)’ of ‘\(source)’",
                at: template.header.place ?? .entity(source.description, property: nil), causes: reason.map { [$0] } ?? [],
                hint: "it needs \(template.target.summary)"))
    }
}

extension TargetSelector {
    /// What the selector asks for, in words.
    fileprivate var summary: String {
        var parts = [targetClass.map { "a vertex of the class ‘\($0.name)’" } ?? "a vertex"]
        if let name { parts.append("with the name ‘\(name)’") }
        if let containerClass { parts.append("in one of the class ‘\(containerClass.name)’") }
        if let template { parts.append("made from ‘\(template.name)’") }
        if index != nil { parts.append("with the index that is asked for") }
        if filter != nil { parts.append("that the filter accepts") }
        return parts.joined(separator: " ")
    }
}
