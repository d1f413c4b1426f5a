// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
public import Support

extension StoreBackend {
    /// The stored events after a sequence number, oldest first.
    public func events(_ request: EventsRequest) async throws(Problems) -> [Value] {
        try await read { snapshot throws(Problem) in
            var found: [Value] = []
            var after = request.after
            while found.count < request.limit {
                let page = try snapshot.events(after: after, limit: StoreBackend.pageSize)
                for stored in page where request.entity == nil || stored.event.entity == request.entity {
                    if found.count < request.limit { found.append(stored.document) }
                }
                guard page.count == StoreBackend.pageSize, let last = page.last else { break }
                after = last.sequence
            }
            return found
        }
    }

    /// The events that are stored after a sequence number, or from now on.
    public func watchEvents(after: UInt64?) async throws(Problems) -> APIStream<Value> {
        let start =
            if let after { after } else {
                try await read { snapshot throws(Problem) in try StoreBackend.lastSequence(in: snapshot) }
            }
        return APIStream(
            batches: StoreFeed<UInt64, Value>(store: store, start: start) { snapshot, after throws(Problem) in
                let page = try snapshot.events(after: after, limit: StoreBackend.pageSize)
                return .init(
                    elements: page.map(\.document), next: page.last?.sequence ?? after,
                    hasMore: page.count == StoreBackend.pageSize)
            })
    }

    /// Stores an event.
    ///
    /// - Throws: `entity.not-found` if the entity isn't in the graph.
    public func emit(_ event: EmitRequest, for caller: Caller) async throws(Problems) -> Value {
        let time = now()
        let event = Event(
            id: event.id ?? StoreBackend.uniqueID(time), type: event.type, entity: event.entity, payload: event.payload,
            host: event.host, time: time, due: event.delay > 0 ? time + event.delay : nil)
        let isThere = try await read { snapshot throws(Problem) in try snapshot.entity(event.entity) != nil }
        guard isThere else { throw Problems([StoreBackend.notFound(event.entity)]) }
        var transaction = Transaction()
        transaction.events = [event]
        transaction.provenance = caller.provenance(time: time)
        let complete = transaction
        failpoint.reach("event.before-commit")
        _ = try await lifting { () async throws(Problem) in try await store.commit(complete) }
        return event.document
    }

    static func notFound(_ id: ID) -> Problem {
        Problem(
            "entity.not-found", "there is no \(id.kind.label) ‘\(id)’", at: .entity(id.description, property: nil),
            hint: "‘khutulun graph’ shows what is there")
    }

    /// An ID that sorts by time and that no other has.
    private static func uniqueID(_ time: Int64) -> String {
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        return "\(time)-\(digits)"
    }

    /// The sequence number of the last stored event, found by halving.
    private static func lastSequence(in snapshot: any Snapshot) throws(Problem) -> UInt64 {
        var low: UInt64 = 0
        var high: UInt64 = 1
        while try !snapshot.events(after: high, limit: 1).isEmpty {
            low = high
            high *= 2
        }
        while low < high {
            let middle = low + (high - low) / 2
            if try snapshot.events(after: middle, limit: 1).isEmpty { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static let pageSize = 512
}

extension StoredEvent {
    /// The event's document with its `sequence`.
    var document: Value {
        var document = event.document
        document["sequence"] = .number(sequence)
        return document
    }
}
