// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// What is read of the row of an entity, so that it can be decoded apart from the connection.
struct StoredRow: Sendable {
    /// The most rows that are decoded together.
    static let limit = 4096

    let id: ID
    let version: UInt64
    let created: Int64
    let updated: Int64
    let pattern: Pattern?
    let content: [UInt8]

    /// The entity.
    func entity(_ decoder: inout EntityDecoder) throws(Problem) -> Entity {
        var entity = try decoder.entity(content, pattern, id: id)
        entity.header.version = version
        entity.header.created = created
        entity.header.updated = updated
        return entity
    }
}

extension [StoredRow] {
    /// Decodes the rows, hands their entities over in order, and leaves none.
    mutating func handOver(to body: (Entity) throws(Problem) -> Void) throws(Problem) {
        let entities: [Result<Entity, Problem>] = mapInParts { rows in
            var decoder = EntityDecoder()
            return rows.map { row in
                do throws(Problem) { return .success(try row.entity(&decoder)) } catch { return .failure(error) }
            }
        }
        removeAll()
        for entity in entities { try body(entity.get()) }
    }
}
