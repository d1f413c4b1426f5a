// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// A graph in memory, a value like any other: a service, or what one would become.
public struct Graph: GraphReader, Hashable {
    /// All vertexes.
    public private(set) var vertexes: [ID: Vertex] = [:]
    /// All edges.
    public private(set) var edges: [ID: Edge] = [:]
    private var containedIDs: [ID: [ID]] = [:]
    private var outgoingIDs: [ID: [ID]] = [:]
    private var incomingIDs: [ID: [ID]] = [:]

    /// An empty graph.
    public init() {}

    /// Whether both hold the same vertexes and edges.
    public static func == (left: Graph, right: Graph) -> Bool {
        left.vertexes == right.vertexes && left.edges == right.edges
    }

    /// Hashes the vertexes and edges.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(vertexes)
        hasher.combine(edges)
    }

    // MARK: Reading

    /// The vertex of an ID.
    public func vertex(_ id: ID) -> Vertex? { vertexes[id] }

    /// The edge of an ID.
    public func edge(_ id: ID) -> Edge? { edges[id] }

    /// All vertexes and edges, in no order. O(n).
    public var entities: [Entity] {
        var entities: [Entity] = []
        entities.reserveCapacity(vertexes.count + edges.count)
        for vertex in vertexes.values { entities.append(.vertex(vertex)) }
        for edge in edges.values { entities.append(.edge(edge)) }
        return entities
    }

    /// Whether there is a vertex or an edge of an ID. O(1).
    public func contains(_ id: ID) -> Bool {
        switch id.kind {
        case .vertex: vertexes[id] != nil
        case .edge: edges[id] != nil
        default: false
        }
    }

    /// The vertex or edge of an ID. O(1).
    public func entity(_ id: ID) -> Entity? {
        switch id.kind {
        case .vertex: vertexes[id].map(Entity.vertex)
        case .edge: edges[id].map(Entity.edge)
        default: nil
        }
    }

    /// What a vertex contains: by template, then by index. O(n log n) of what it contains.
    public func contained(in id: ID) -> [Vertex] {
        (containedIDs[id] ?? []).compactMap { vertexes[$0] }.sorted { $0.sortKey < $1.sortKey }
    }

    /// The edges that leave a vertex: by name, then by index.
    public func outgoing(from id: ID) -> [Edge] {
        (outgoingIDs[id] ?? []).compactMap { edges[$0] }.sorted {
            ($0.name, $0.index, $0.header.id) < ($1.name, $1.index, $1.header.id)
        }
    }

    /// Calls a closure with each edge that leaves a vertex, in no order.
    func forEachEdge(from id: ID, _ body: (Edge) -> Void) {
        for edge in outgoingIDs[id] ?? [] { if let edge = edges[edge] { body(edge) } }
    }

    /// The edges that lead to a vertex, in order of ID.
    public func incoming(to id: ID) -> [Edge] {
        (incomingIDs[id] ?? []).compactMap { edges[$0] }.sorted { $0.header.id < $1.header.id }
    }

    // MARK: Changing

    /// Adds a vertex, or replaces the one of its ID. O(1).
    public mutating func insert(_ vertex: Vertex) {
        let id = vertex.header.id
        let old = vertexes.updateValue(vertex, forKey: id)
        if let old {
            if old.container == vertex.container { return }
            if let container = old.container { containedIDs[container]?.removeAll { $0 == id } }
        }
        if let container = vertex.container { containedIDs[container, default: []].append(id) }
    }

    /// Adds an edge, or replaces the one of its ID. O(1).
    public mutating func insert(_ edge: Edge) {
        let id = edge.header.id
        if let old = edges.updateValue(edge, forKey: id) {
            if old.source == edge.source && old.target == edge.target { return }
            forget(old)
        }
        outgoingIDs[edge.source, default: []].append(id)
        incomingIDs[edge.target, default: []].append(id)
    }

    /// Adds a vertex or an edge; other kinds of entities are no part of a graph.
    public mutating func insert(_ entity: Entity) {
        switch entity {
        case .vertex(let vertex): insert(vertex)
        case .edge(let edge): insert(edge)
        default: break
        }
    }

    /// Adds or replaces a property of a vertex or an edge that is there. O(1).
    public mutating func set(_ property: Property, _ reference: PropertyReference) {
        switch reference.entity.kind {
        case .vertex: vertexes[reference.entity]?.properties[reference.name] = property
        case .edge: edges[reference.entity]?.properties[reference.name] = property
        default: break
        }
    }

    /// A property of a vertex or an edge. O(1).
    public func property(_ reference: PropertyReference) -> Property? {
        switch reference.entity.kind {
        case .vertex: vertexes[reference.entity]?.properties[reference.name]
        case .edge: edges[reference.entity]?.properties[reference.name]
        default: nil
        }
    }

    /// Removes a vertex or an edge, and nothing else. Removing what isn't there has no effect.
    public mutating func remove(_ id: ID) {
        if let vertex = vertexes.removeValue(forKey: id), let container = vertex.container {
            containedIDs[container]?.removeAll { $0 == id }
        }
        if let edge = edges.removeValue(forKey: id) { forget(edge) }
    }

    private mutating func forget(_ edge: Edge) {
        let id = edge.header.id
        outgoingIDs[edge.source]?.removeAll { $0 == id }
        incomingIDs[edge.target]?.removeAll { $0 == id }
    }
}

extension Graph {
    /// Reads a service from a store: its vertex, which lies in the root, and everything in the directory of its name.
    /// Empty if there is no such service.
    public init(service name: String, in snapshot: any Snapshot) throws(Problem) {
        self.init()
        let directory = Directory([name])
        if let root = try snapshot.entity(.vertex(.root, name)) { insert(root) }
        for kind in [EntityKind.vertex, .edge] {
            try snapshot.visit(.directory(kind, directory, isDeep: true)) { insert($0) }
        }
    }

    /// Reads a service as its design last made it. Empty if no design did.
    public init(baselineOf name: String, in snapshot: any Snapshot) throws(Problem) {
        self.init()
        let directory = Directory([name])
        if let root = try snapshot.baseline(.vertex(.root, name)) { insert(root) }
        for kind in [EntityKind.vertex, .edge] { try snapshot.visitBaseline(kind, within: directory) { insert($0) } }
    }

    /// The graph as a document: `{"vertexes": [ENTITY…], "edges": [ENTITY…]}`, in order of ID.
    public var document: Value {
        let vertexes = vertexes.values.sorted { $0.header.id < $1.header.id }.map { Entity.vertex($0).document }
        let edges = edges.values.sorted { $0.header.id < $1.header.id }.map { Entity.edge($0).document }
        return ["vertexes": .list(vertexes), "edges": .list(edges)]
    }

    /// Reads a graph's document.
    ///
    /// - Throws: what reading entities throws.
    public init(document: Value) throws(Problem) {
        self.init()
        for item in (document["vertexes"]?.list ?? []) + (document["edges"]?.list ?? []) {
            insert(try Entity(document: item))
        }
    }
}

extension Vertex {
    /// Orders siblings: those of one template by index.
    var sortKey: (String, Int, ID) { (origin?.name ?? header.id.name, index, header.id) }
}
