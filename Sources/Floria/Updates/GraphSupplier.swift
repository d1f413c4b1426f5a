// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Reads the parts of a stored graph that an update turns out to need, so that it costs what it touches and not what
/// there is.
struct GraphSupplier: Sendable {
    let store: any Store
    /// What is removed together with the update, and so isn't there for it.
    let deletions: Set<ID>
    /// A service whose own vertexes and edges are not there either, because it is being made anew.
    var remadeService: String?

    /// The vertexes and edges that answer needs.
    func entities(_ needs: Set<GraphNeed>) async throws(Problem) -> [Entity] {
        try await store.read { snapshot throws(Problem) in try entities(needs, in: snapshot) }
    }

    private func entities(_ needs: Set<GraphNeed>, in snapshot: any Snapshot) throws(Problem) -> [Entity] {
        var found: [Entity] = []
        for need in needs {
            switch need {
            case .entity(let id): if let entity = try snapshot.entity(id) { found.append(entity) }
            case .contained(let id): found += try snapshot.entities(.contained(in: id))
            case .outgoing(let id): found += try snapshot.entities(.outgoing(from: id))
            case .incoming(let id): found += try snapshot.entities(.incoming(to: id))
            }
        }
        return found.filter { entity in
            !deletions.contains(entity.id) && remadeService.map(entity.id.isPart(ofService:)) != true
        }
    }

    /// What an update begins with.
    struct Start: Sendable {
        /// The properties that are set, and all that read them, directly or not.
        var affected: Set<PropertyReference>
        /// What was asked for.
        var known: Set<GraphNeed>
        /// The vertexes and edges of the affected properties, and those that they read.
        var entities: [Entity]
    }

    /// Reads what an update of properties begins with.
    func start(_ references: some Sequence<PropertyReference>) async throws(Problem) -> Start {
        let references = Array(references)
        return try await store.read { snapshot throws(Problem) in
            var affected = Set(references)
            var frontier = references
            while !frontier.isEmpty {
                frontier = try snapshot.readers(of: frontier).filter { affected.insert($0).inserted }
            }
            let own = Set(affected.map { GraphNeed.entity($0.entity) })
            let entities = try self.entities(own, in: snapshot)
            var read: Set<GraphNeed> = []
            for entity in entities {
                for (name, property) in entity.properties where affected.contains(PropertyReference(entity.id, name)) {
                    for reference in property.reads { read.insert(.entity(reference.entity)) }
                }
            }
            read.subtract(own)
            return Start(
                affected: affected, known: own.union(read), entities: entities + (try self.entities(read, in: snapshot)))
        }
    }
}
