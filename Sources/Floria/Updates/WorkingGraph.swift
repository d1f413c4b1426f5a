// SPDX-License-Identifier: Apache-2.0 OR MIT
import Synchronization

/// A graph that is being worked on: which properties are still to be evaluated, and who read what.
///
/// It is one object rather than a value, so that an evaluation that holds it costs no copy.
final class WorkingGraph: GraphReader {
    private struct State {
        var graph: Graph
        var readers: [PropertyReference: Set<PropertyReference>] = [:]
        var unsettled: Set<PropertyReference> = []

        mutating func register(_ property: Property, _ reference: PropertyReference) {
            for read in property.reads { readers[read, default: []].insert(reference) }
        }
    }

    private let state: Mutex<State>

    init(_ graph: Graph) {
        var state = State(graph: graph)
        for (id, vertex) in graph.vertexes {
            for (name, property) in vertex.properties { state.register(property, PropertyReference(id, name)) }
        }
        for (id, edge) in graph.edges {
            for (name, property) in edge.properties { state.register(property, PropertyReference(id, name)) }
        }
        self.state = Mutex(state)
    }

    /// The graph as it is now.
    var graph: Graph { state.withLock { $0.graph } }

    func vertex(_ id: ID) -> Vertex? { state.withLock { $0.graph.vertex(id) } }
    func edge(_ id: ID) -> Edge? { state.withLock { $0.graph.edge(id) } }
    func contained(in id: ID) -> [Vertex] { state.withLock { $0.graph.contained(in: id) } }
    func outgoing(from id: ID) -> [Edge] { state.withLock { $0.graph.outgoing(from: id) } }
    func incoming(to id: ID) -> [Edge] { state.withLock { $0.graph.incoming(to: id) } }

    func property(_ reference: PropertyReference) -> Property? { state.withLock { $0.graph.property(reference) } }

    /// Replaces a property, and remembers what it read.
    func set(_ property: Property, _ reference: PropertyReference) {
        state.withLock { state in
            for read in state.graph.property(reference)?.reads ?? [] { state.readers[read]?.remove(reference) }
            state.register(property, reference)
            state.graph.set(property, reference)
        }
    }

    /// Adds a vertex or an edge, whose properties are all to be evaluated but those that are named.
    func insert(_ entity: Entity, settled: Set<String> = []) {
        state.withLock { state in
            state.graph.insert(entity)
            for (name, property) in entity.properties {
                let reference = PropertyReference(entity.id, name)
                state.register(property, reference)
                if !settled.contains(name) { state.unsettled.insert(reference) }
            }
        }
    }

    /// Takes an edge back.
    func remove(_ edge: Edge) {
        state.withLock { state in
            for (name, property) in edge.properties {
                let reference = PropertyReference(edge.header.id, name)
                state.unsettled.remove(reference)
                for read in property.reads { state.readers[read]?.remove(reference) }
            }
            state.graph.remove(edge.header.id)
        }
    }

    /// What is to be evaluated, in order.
    var unsettled: [PropertyReference] { state.withLock { Array($0.unsettled) }.sorted() }

    func isUnsettled(_ reference: PropertyReference) -> Bool { state.withLock { $0.unsettled.contains(reference) } }

    func settle(_ reference: PropertyReference) { state.withLock { _ = $0.unsettled.remove(reference) } }

    /// Marks properties as to be evaluated, with all that read them, directly or not.
    func unsettle(_ references: some Sequence<PropertyReference>) {
        state.withLock { state in
            var waiting = Array(references)
            while let reference = waiting.popLast() {
                guard state.unsettled.insert(reference).inserted else { continue }
                waiting += state.readers[reference] ?? []
            }
        }
    }
}
