// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension StoreBackend {
    /// The nodes of one service or of all.
    public func nodes(of service: String?) async throws(Problems) -> [Value] {
        try await read { snapshot throws(Problem) in
            if let service, try snapshot.entity(.vertex(.root, service)) == nil {
                throw StoreBackend.unknown(service: service)
            }
            return NodeSummary.all(of: try snapshot.vertexes(of: service))
        }
    }

    /// A node's entity, with `contained`, `outgoing` and `incoming`; the edges are those of its capabilities too.
    public func node(_ id: ID) async throws(Problems) -> Value {
        try await read { snapshot throws(Problem) in
            let vertex = try snapshot.vertex(id)
            let contained = try snapshot.entities(.contained(in: id))
            var outgoing: [Entity] = []
            var incoming: [Entity] = []
            for end in [id] + contained.map(\.id) {
                outgoing += try snapshot.entities(.outgoing(from: end))
                incoming += try snapshot.entities(.incoming(to: end))
            }
            var document = Entity.vertex(vertex).document
            document["type"] = .text(NodeSummary.type(of: vertex))
            document["contained"] = .list(contained.map(\.document))
            document["outgoing"] = .list(outgoing.map(\.document))
            document["incoming"] = .list(incoming.map(\.document))
            return document
        }
    }

    /// The vertexes and edges of one service, with the edges of others that lead there (`incoming`); or of all.
    public func graph(of service: String?) async throws(Problems) -> Value {
        try await read { snapshot throws(Problem) in
            let vertexes = try snapshot.vertexes(of: service)
            if let service, vertexes.isEmpty { throw StoreBackend.unknown(service: service) }
            let directory = service.map { Directory([$0]) } ?? .root
            let edges = try snapshot.entities(.directory(.edge, directory, isDeep: true))
            var document: Value = [
                "vertexes": .list(vertexes.map { Entity.vertex($0).document }), "edges": .list(edges.map(\.document)),
            ]
            if service == nil { return document }
            let own = Set(edges.map(\.id))
            var incoming: [Entity] = []
            for vertex in vertexes {
                incoming += try snapshot.entities(.incoming(to: vertex.header.id)).filter { !own.contains($0.id) }
            }
            document["incoming"] = .list(incoming.map(\.document))
            return document
        }
    }
}
