// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension StoreBackend {
    /// The entity of an ID; nil if there is none.
    public func entity(_ id: ID) async throws(Problems) -> Entity? {
        try await read { snapshot throws(Problem) in try snapshot.entity(id) }
    }

    /// The handlers that events of an entity and of a type reach.
    public func handlers(of entity: ID, for type: String) async throws(Problems) -> [AttachedHandler] {
        try await read { snapshot throws(Problem) in try snapshot.handlers(of: entity, for: type) }
    }

    /// The entities that a scan selects, in order of ID.
    public func entities(_ scan: Scan) async throws(Problems) -> [Entity] {
        try await read { snapshot throws(Problem) in try snapshot.entities(scan) }
    }
}
