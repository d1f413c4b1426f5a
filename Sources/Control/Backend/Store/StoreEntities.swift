// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension StoreBackend {
    /// The entity of an ID; nil if there is none.
    public func entity(_ id: ID) async throws(Problems) -> Entity? {
        try await read { snapshot throws(Problem) in try snapshot.entity(id) }
    }

    /// The entities that a scan selects, in order of ID.
    public func entities(_ scan: Scan) async throws(Problems) -> [Entity] {
        try await read { snapshot throws(Problem) in try snapshot.entities(scan) }
    }
}
