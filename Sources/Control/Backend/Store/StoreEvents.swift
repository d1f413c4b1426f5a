// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension StoreBackend {
    private static let pageSize = 512

    /// The stored events after a sequence number, oldest first.
    public func events(_ request: EventsRequest) async throws(Problems) -> [Value] {
        try await read { snapshot throws(Problem) in
            var found: [Value] = []
            var after = request.after
            while found.count < request.limit {
                let page = try snapshot.events(after: after, limit: StoreBackend.pageSize)
                for stored in page where try request.filter.accepts(stored.event, in: snapshot) {
                    if found.count < request.limit { found.append(stored.document) }
                }
                guard page.count == StoreBackend.pageSize, let last = page.last else { break }
                after = last.sequence
            }
            return found
        }
    }

    /// The events that are stored after a sequence number, or from now on.
    ///
    /// - Throws: `event.trimmed` if events after the number are no longer kept, `event.unknown-position`; both in the stream.
    public func watchEvents(after: UInt64?, filter: EventFilter) async throws(Problems) -> APIStream<Value> {
        let start = if let after { after } else { try await read { snapshot throws(Problem) in snapshot.sequence } }
        return APIStream(
            batches: EventDocuments(
                batches: Subscription(to: store, after: start, filter: filter, limit: StoreBackend.pageSize)))
    }

    /// Stores an event.
    ///
    /// - Throws: `entity.not-found` if the entity isn't in the graph, `event.too-far` if it would spread to too many,
    ///   `event.malformed`.
    public func emit(_ request: EmitRequest, for caller: Caller) async throws(Problems) -> Value {
        let time = now()
        var event = Event(
            id: request.id ?? StoreBackend.uniqueID(time), type: request.type, entity: request.entity,
            payload: request.payload, time: time, propagation: request.propagation)
        if request.delay != 0 {
            event.due = try lifting { () throws(Problem) in try Event.due(after: request.delay, from: time) }
        }
        try lifting { () throws(Problem) in try event.check() }
        let complete = event
        try await read { snapshot throws(Problem) in
            guard try snapshot.entity(complete.entity) != nil else { throw StoreBackend.notFound(complete.entity) }
            guard try complete.spread(in: snapshot).isCut else { return }
            throw Problem(
                "event.too-far", "the event would reach more than \(Propagation.limit) entities",
                at: .entity(complete.entity.description, property: nil), hint: "let it spread along fewer ways")
        }
        var transaction = Transaction()
        transaction.provenance = caller.provenance(time: time)
        try await store([event], transaction)
        return event.document
    }

    /// Stores what has happened on a host, also to entities that are no more.
    public func record(_ events: [Event]) async throws(Problems) { try await store(events, Transaction()) }

    private func store(_ events: [Event], _ transaction: Transaction) async throws(Problems) {
        var transaction = transaction
        transaction.events = events
        let complete = transaction
        failpoint.reach("event.before-commit")
        _ = try await lifting { () async throws(Problem) in try await store.commit(complete) }
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
}

extension StoredEvent {
    /// The event's document with its `sequence`.
    var document: Value {
        var document = event.document
        document["sequence"] = .number(sequence)
        return document
    }
}

/// The events of a subscription as documents.
private struct EventDocuments: AsyncSequence, Sendable {
    typealias Failure = Problem

    let batches: Subscription

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(batches: batches.makeAsyncIterator()) }

    struct AsyncIterator: AsyncIteratorProtocol {
        var batches: Subscription.AsyncIterator

        mutating func next(isolation actor: isolated (any Actor)?) async throws(Problem) -> [Value]? {
            while let batch = try await batches.next(isolation: actor) {
                if !batch.events.isEmpty { return batch.events.map(\.document) }
            }
            return nil
        }
    }
}
