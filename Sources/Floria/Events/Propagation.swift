// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// How an event spreads from the entity that it happens to: along which connections of the graph.
public struct Propagation: Sendable, Hashable {
    /// The most entities that an event reaches.
    public static let limit = 10_000

    /// The connections.
    public enum Way: String, Sendable, Hashable, CaseIterable {
        /// From a vertex to the one that contains it.
        case containing
        /// From a vertex to those that it contains.
        case contained
        /// From a vertex to the edges that leave it.
        case outgoing
        /// From a vertex to the edges that lead to it.
        case incoming
        /// From an edge to the vertex that it leaves.
        case source
        /// From an edge to the vertex that it leads to.
        case target
    }

    /// The connections that it follows, from every entity that it comes to.
    public var ways: Set<Way>

    /// Makes a propagation.
    public init(_ ways: Set<Way>) { self.ways = ways }

    /// To all that is contained.
    public static let contents = Propagation([.contained])
    /// To all that contains it.
    public static let containers = Propagation([.containing])
    /// To all that is contained, and what that is connected to: what the entity needs.
    public static let downstream = Propagation([.contained, .outgoing, .target])
    /// To all that is contained, and what is connected to that: what needs the entity.
    public static let upstream = Propagation([.contained, .incoming, .source])
    /// To all that hangs together with it.
    public static let everything = Propagation(Set(Way.allCases))

    private static let presets = [
        "contents": contents, "containers": containers, "downstream": downstream, "upstream": upstream,
        "everything": everything,
    ]

    /// Reads names of ways and of the ready-made propagations, with commas between them.
    ///
    /// - Throws: `event.unknown-way`.
    public init(parsing text: String) throws(Problem) {
        var ways: Set<Way> = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            if let way = Way(rawValue: name) {
                ways.insert(way)
            } else if let preset = Self.presets[name] {
                ways.formUnion(preset.ways)
            } else {
                let known = Way.allCases.map(\.rawValue) + Self.presets.keys.sorted()
                throw Problem(
                    "event.unknown-way", "an event cannot spread along ‘\(name)’",
                    hint: "the ways are \(known.joined(separator: ", "))")
            }
        }
        self.init(ways)
    }

    /// The propagation as a document: the names of its ways.
    public var document: Value { .list(ways.map(\.rawValue).sorted().map(Value.text)) }

    /// Reads a propagation's document, or the text that ``init(parsing:)`` takes.
    ///
    /// - Throws: `event.unknown-way`, `floria.malformed-document`.
    public init(document: Value) throws(Problem) {
        let names = document.text.map { [$0] } ?? document.list?.map(\.text)
        guard let names, !names.contains(nil) else {
            throw DocumentReader.malformed("the propagation of an event is no list of texts")
        }
        if names.isEmpty { self.init([]) } else { try self.init(parsing: names.compactMap(\.self).joined(separator: ",")) }
    }

    /// The entities that an event reaches: first the one that it happens to, then the nearest. Each is there once, also
    /// where the graph has cycles.
    ///
    /// - Returns: at most ``limit`` of them, and whether there would be more.
    public func reach(from entity: ID, in snapshot: any Snapshot) throws(Problem) -> (entities: [ID], isCut: Bool) {
        var found = [entity]
        var seen: Set<ID> = [entity]
        var next = 0
        while next < found.count {
            for neighbour in try neighbours(of: found[next], in: snapshot) where seen.insert(neighbour).inserted {
                guard found.count < Self.limit else { return (found, true) }
                found.append(neighbour)
            }
            next += 1
        }
        return (found, false)
    }

    private func neighbours(of id: ID, in snapshot: any Snapshot) throws(Problem) -> [ID] {
        var neighbours: [ID] = []
        switch id.kind {
        case .vertex:
            if ways.contains(.containing), case .vertex(let vertex)? = try snapshot.entity(id), let container = vertex.container
            {
                neighbours.append(container)
            }
            if ways.contains(.contained) { neighbours += try snapshot.entities(.contained(in: id)).map(\.id) }
            if ways.contains(.outgoing) { neighbours += try snapshot.entities(.outgoing(from: id)).map(\.id) }
            if ways.contains(.incoming) { neighbours += try snapshot.entities(.incoming(to: id)).map(\.id) }
        case .edge:
            guard case .edge(let edge)? = try snapshot.entity(id) else { return [] }
            if ways.contains(.source) { neighbours.append(edge.source) }
            if ways.contains(.target) { neighbours.append(edge.target) }
        case .plugin, .class, .vertexTemplate, .edgeTemplate: break
        }
        return neighbours
    }
}

extension Event {
    /// The event as it reaches each entity that it spreads to, itself first.
    ///
    /// - Returns: the events, and whether there would have to be more than ``Propagation/limit``.
    public func spread(in snapshot: any Snapshot) throws(Problem) -> (events: [Event], isCut: Bool) {
        guard let propagation, origin == nil, carried == nil else { return ([self], false) }
        let (entities, isCut) = try propagation.reach(from: entity, in: snapshot)
        return (entities.map(spread(to:)), isCut)
    }
}
