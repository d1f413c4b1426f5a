// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Making {
    /// Evaluates an expression; what it reads is settled and read before.
    mutating func evaluate(_ expression: Value, at site: ID) async throws(EvaluationFailure) -> Value {
        let (value, hasReadStructure) = try await settling.evaluate(expression, at: site)
        if hasReadStructure || !settling.structureReaders.isEmpty { hasLookedAround = true }
        return value
    }

    /// Evaluates all properties that are not evaluated yet.
    mutating func settle() async { await settling.settle(forced: []) }

    /// Evaluates again what had no value, and what looked at how the graph hung together before that has changed.
    mutating func settleAgain() async {
        var open = settling.structureReaders
        working.forEachInstance { id, properties in
            for (name, property) in properties {
                switch property.status {
                case .pending, .failed: open.insert(PropertyReference(id, name))
                case .unset, .valid, .stale: break
                }
            }
        }
        working.unsettle(open.filter { $0.entity.isPart(ofService: name) })
        await settling.settle(forced: [])
    }

    /// The graph.
    var graph: Graph {
        var graph = working.graph
        for id in edges.foreign { graph.remove(id) }
        if surroundings != nil {
            for id in graph.vertexes.keys where !id.isPart(ofService: name) { graph.remove(id) }
            for id in graph.edges.keys where !id.isPart(ofService: name) { graph.remove(id) }
        }
        return graph
    }

    /// Takes note of what is wrong with the values of a graph.
    mutating func checkValues(of graph: Graph) {
        for (id, vertex) in graph.vertexes {
            for problem in vertex.properties.problems(of: id) { blame(id, for: problem) }
        }
        for (id, edge) in graph.edges {
            for problem in edge.properties.problems(of: id) { blame(id, for: problem) }
        }
    }
}
