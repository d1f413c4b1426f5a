// SPDX-License-Identifier: Apache-2.0 OR MIT
import Synchronization

/// A graph that is being worked on: which properties are still to be evaluated, and who read what.
///
/// It is one object rather than a value, so that an evaluation that holds it costs no copy. It may be a part of a larger
/// graph; then it tells what is known, so that the rest can be supplied.
final class WorkingGraph: GraphReader {
    private struct State {
        var graph: Graph
        var readers: [Read: Readers] = [:]
        var unsettled: Set<PropertyReference> = []
        /// What was unsettled, in order, some of it settled by now.
        var order: [PropertyReference] = []
        /// The vertexes and edges that were changed, as they were; nil if nobody asks for them.
        var originals: [ID: Entity]?
        /// What is known of a graph that is only there in part; nil if it is whole.
        var known: Set<Read>?
        /// The service of which everything is there that leads into no other; nil if there is none.
        var ownService: String?
        /// The stamps of what is known, as it is where the rest lies.
        var stamps: [Read: Int] = [:]

        func knows(_ read: Read) -> Bool { known?.contains(read) != false || isOwn(read) }

        private func isOwn(_ read: Read) -> Bool {
            guard let ownService else { return false }
            return switch read {
            case .entity(let id), .contained(let id), .outgoing(let id): id.isPart(ofService: ownService)
            case .property(let reference): reference.entity.isPart(ofService: ownService)
            case .incoming: false
            }
        }

        mutating func register(_ property: Property, _ reference: PropertyReference) {
            for read in property.reads { readers[read, default: Readers()].insert(reference) }
        }

        mutating func unregister(_ property: Property, _ reference: PropertyReference) {
            for read in property.reads { readers[read]?.remove(reference) }
        }

        /// False if it is unsettled already.
        mutating func unsettle(_ reference: PropertyReference) -> Bool {
            guard unsettled.insert(reference).inserted else { return false }
            order.append(reference)
            return true
        }
    }

    private let state: Mutex<State>

    /// Makes it of a graph that is whole; or, with `part`, of what is known of one, where everything of `ownService` is known
    /// that leads into no other service.
    ///
    /// - Parameter tellsChanges: Whether it is asked afterwards what has changed.
    init(_ graph: Graph, part: GraphSupplier.Part? = nil, ownService: String? = nil, tellsChanges: Bool = true) {
        var state = State(graph: graph)
        state.originals = tellsChanges ? [:] : nil
        state.known = part?.known
        state.stamps = part?.stamps ?? [:]
        state.ownService = ownService
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

    /// Whether what a read finds is known.
    func knows(_ read: Read) -> Bool { state.withLock { $0.knows(read) } }

    /// The stamp of what a read finds where the rest of the graph lies; nil if it isn't there that it was found.
    func stamp(of read: Read) -> Int? { state.withLock { $0.stamps[read] } }

    /// What is there now and known, as a part.
    var part: GraphSupplier.Part {
        state.withLock { GraphSupplier.Part(known: $0.known ?? [], entities: $0.graph.entities, stamps: $0.stamps) }
    }

    /// Adds a further part. What is there already stays as it is.
    func supply(_ part: GraphSupplier.Part) {
        state.withLock { state in
            for entity in part.entities where state.graph.entity(entity.id) == nil {
                state.graph.insert(entity)
                for (name, property) in entity.properties {
                    state.register(property, PropertyReference(entity.id, name))
                }
            }
            state.known?.formUnion(part.known)
            state.stamps.merge(part.stamps) { first, _ in first }
        }
    }

    /// The vertexes and edges that are not as they were, in order of ID.
    var changed: [Entity] {
        state.withLock { state in
            (state.originals ?? [:]).compactMap { id, original in
                let present = state.graph.entity(id)
                return present == original ? nil : present
            }
        }.sorted { $0.id < $1.id }
    }

    /// The version at which a vertex or an edge is known; 0 if there is none.
    func version(of id: ID) -> UInt64 {
        state.withLock { $0.graph.entity(id)?.header.version ?? 0 }
    }

    func property(_ reference: PropertyReference) -> Property? { state.withLock { $0.graph.property(reference) } }

    /// Replaces a property, which is settled thereby, and remembers what it read.
    func set(_ property: Property, _ reference: PropertyReference) {
        state.withLock { state in
            let old = state.graph.property(reference)
            if old?.reads != property.reads {
                if let old { state.unregister(old, reference) }
                state.register(property, reference)
            }
            if state.originals?[reference.entity] == nil, let original = state.graph.entity(reference.entity) {
                state.originals?[reference.entity] = original
            }
            state.graph.set(property, reference)
            state.unsettled.remove(reference)
        }
    }

    /// A property that is still to be evaluated; nil if it is settled, or isn't there.
    func unsettledProperty(_ reference: PropertyReference) -> Property? {
        state.withLock { state in
            state.unsettled.contains(reference) ? state.graph.property(reference) : nil
        }
    }

    /// Whether there is a vertex or an edge.
    func contains(_ id: ID) -> Bool { state.withLock { $0.graph.contains(id) } }

    /// The vertex that contains a vertex.
    func container(of id: ID) -> ID? { state.withLock { $0.graph.vertexes[id]?.container } }

    /// Adds a vertex or an edge, whose properties are all to be evaluated but those that are named.
    func insert(_ entity: Entity, settled: Set<String> = []) {
        state.withLock { state in
            state.graph.insert(entity)
            for (name, property) in entity.properties.sorted(by: { $0.key < $1.key }) {
                let reference = PropertyReference(entity.id, name)
                state.register(property, reference)
                if !settled.contains(name) { _ = state.unsettle(reference) }
            }
        }
    }

    /// Takes an edge back.
    func remove(_ edge: Edge) {
        state.withLock { state in
            for (name, property) in edge.properties {
                let reference = PropertyReference(edge.header.id, name)
                state.unsettled.remove(reference)
                state.unregister(property, reference)
            }
            state.graph.remove(edge.header.id)
        }
    }

    /// What is to be evaluated, in the order in which that was found.
    var unsettled: [PropertyReference] {
        state.withLock { state in
            state.order = state.order.filter(state.unsettled.contains)
            return state.order
        }
    }

    func isUnsettled(_ reference: PropertyReference) -> Bool { state.withLock { $0.unsettled.contains(reference) } }

    func settle(_ reference: PropertyReference) { state.withLock { _ = $0.unsettled.remove(reference) } }

    /// Calls a closure with each vertex and edge. It must not use this graph.
    func forEachInstance(_ body: (ID, [String: Property]) -> Void) {
        state.withLock { state in
            for (id, vertex) in state.graph.vertexes { body(id, vertex.properties) }
            for (id, edge) in state.graph.edges { body(id, edge.properties) }
        }
    }

    /// The properties that read any of these.
    func readers(of reads: Set<Read>) -> Set<PropertyReference> {
        state.withLock { state in
            reads.reduce(into: []) { state.readers[$1]?.add(to: &$0) }
        }
    }

    /// Marks properties as to be evaluated, with all that read them, directly or not.
    func unsettle(_ references: some Sequence<PropertyReference>) {
        state.withLock { state in
            var next = Set(references)
            while !next.isEmpty {
                let found = next.sorted().filter { state.unsettle($0) }
                next = []
                for reference in found { state.readers[.property(reference)]?.add(to: &next) }
            }
        }
    }

    /// Calls a closure with each edge that leaves a vertex, in no order. It must not use this graph.
    func forEachEdge(from id: ID, _ body: (Edge) -> Void) { state.withLock { $0.graph.forEachEdge(from: id, body) } }
}

/// The properties that read one thing: mostly one.
private struct Readers {
    private var first: PropertyReference?
    private var others: Set<PropertyReference> = []

    mutating func insert(_ reference: PropertyReference) {
        if first == nil { first = reference } else if first != reference { others.insert(reference) }
    }

    mutating func remove(_ reference: PropertyReference) {
        if first == reference { first = others.popFirst() } else { others.remove(reference) }
    }

    func add(to references: inout Set<PropertyReference>) {
        if let first { references.insert(first) }
        references.formUnion(others)
    }
}
