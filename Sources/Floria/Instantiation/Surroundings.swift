// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What lies around a service that is being made: the vertexes of others, and the edges that lead to and from them.
struct Surroundings: Sendable {
    let service: String
    let supplier: GraphSupplier

    init(store: any Store, service: String) {
        self.service = service
        supplier = GraphSupplier(store: store, puts: [:], deletions: [], remadeService: service)
    }

    /// The vertexes of a class that belong to others, in order of ID.
    func vertexes(of memberOf: ID) async throws(Problem) -> [Vertex] {
        let entities = try await supplier.store.read { snapshot throws(Problem) in
            try snapshot.entities(.class(memberOf, within: .root))
        }
        return entities.compactMap { entity in
            guard case .vertex(let vertex) = entity, !vertex.header.id.isPart(ofService: service) else { return nil }
            return vertex
        }
    }
}

extension Making {
    /// Reads what answers needs, unless it is there already.
    func supply(_ needs: some Sequence<Read>) async throws(Problem) {
        guard let surroundings else { return }
        let missing = Set(needs).filter { !working.knows($0) }
        if missing.isEmpty { return }
        working.supply(try await surroundings.supplier.part(missing))
    }

    /// Reads a vertex of another service with all that contain it; nil if there is none.
    func supplyVertex(_ id: ID) async throws(Problem) -> Vertex? {
        if !id.isPart(ofService: name) { try await supply([.entity(id)]) }
        guard let vertex = working.vertex(id) else { return nil }
        var next = vertex.container
        while let container = next, !container.isPart(ofService: name) {
            try await supply([.entity(container)])
            next = working.vertex(container)?.container
        }
        return vertex
    }

    /// What was looked at of other services; nil if there are none.
    func outside() async -> Outside? {
        guard let surroundings else { return nil }
        var outside = Outside(of: name, in: surroundings.supplier.store)
        outside.add(working.part)
        for demand in edges.demands {
            guard let filter = edges.selections[demand.selection].template.target.filter else { continue }
            for index in demand.indexes {
                let id = edgeID(demand, index)
                guard let edge = working.edge(id), !edge.target.isPart(ofService: name) else { continue }
                outside.filterReads[id] = await settling.reads(of: filter, at: id)
            }
        }
        return outside
    }
}
