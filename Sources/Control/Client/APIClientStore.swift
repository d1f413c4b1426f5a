// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension APIClient: EntitiesBackend {
    /// The entity of an ID; nil if there is none.
    public func entity(_ id: ID) async throws(Problems) -> Entity? {
        let answer = try await value(.post, "store", "get", body: ["id": .text(id.documentText)])
        if answer.isNull { return nil }
        return try lifting { () throws(Problem) in try Entity(document: answer) }
    }

    /// The entities that a scan selects, in order of ID.
    public func entities(_ scan: Scan) async throws(Problems) -> [Entity] {
        guard let list = try await value(.post, "store", "scan", body: scan.document).list else {
            throw APIClient.malformed("no list")
        }
        return try lifting { () throws(Problem) in
            var entities: [Entity] = []
            entities.reserveCapacity(list.count)
            for document in list { entities.append(try Entity(document: document)) }
            return entities
        }
    }

    /// Changes the graph whole or not at all. Returns the commit's position.
    ///
    /// - Throws: `store.conflict` if something was changed in between: read again and decide again.
    public func commit(_ changes: GraphChanges) async throws(Problems) -> UInt64 {
        let answer = try await value(.post, "store", "commit", body: changes.document)
        guard let position = answer["position"]?.integer else { throw APIClient.malformed("no ‘position’") }
        return UInt64(position)
    }
}
