// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension APIClient: EntitiesBackend {
    /// The entity of an ID; nil if there is none.
    public func entity(_ id: ID) async throws(Problems) -> Entity? {
        let request = APIRequest(.post, ["store", "get"], body: .value(["id": .text(id.documentText)]))
        let body = try await send(request).body
        if case .entity(let entity) = body { return entity }
        guard let answer = body.document else { throw APIClient.malformed("no document") }
        return answer.isNull ? nil : try lifting { () throws(Problem) in try Entity(document: answer) }
    }

    /// The entities that a scan selects, in order of ID.
    public func entities(_ scan: Scan) async throws(Problems) -> [Entity] {
        let body = try await send(APIRequest(.post, ["store", "scan"], body: .value(scan.document))).body
        if case .entities(let entities) = body { return entities }
        guard let list = body.document?.list else { throw APIClient.malformed("no list") }
        return try lifting { () throws(Problem) in
            var entities: [Entity] = []
            entities.reserveCapacity(list.count)
            for document in list { entities.append(try Entity(document: document)) }
            return entities
        }
    }

    /// The handlers that events of an entity and of a type reach, in the order in which they are called.
    public func handlers(of entity: ID, for type: String) async throws(Problems) -> [AttachedHandler] {
        let answer = try await value(
            .post, "store", "handlers", body: ["id": .text(entity.documentText), "type": .text(type)])
        guard let list = answer.list else { throw APIClient.malformed("no list") }
        return try lifting { () throws(Problem) in
            var handlers: [AttachedHandler] = []
            for document in list { handlers.append(try AttachedHandler(document: document)) }
            return handlers
        }
    }

    /// Stores what has happened on a host. What is stored already is left out.
    public func record(_ events: [Event]) async throws(Problems) {
        _ = try await value(.post, "store", "events", body: ["events": .list(events.map(\.document))])
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
