// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// A host's durable log of the events that are to be handled on it.
///
/// An event is in the spool from the moment it is known until all its handlers have had it. The same event, known by its
/// ID, is taken in once.
public struct Spool: Sendable {
    /// The longest time for which the IDs of handled events are remembered, in milliseconds: seven days.
    static let memory: Int64 = 7 * 24 * 3600 * 1000

    private let store: any Store
    private let failpoint: Failpoint

    /// Makes a spool that keeps its events as records of a store.
    public init(store: any Store, failpoint: Failpoint = .none) {
        self.store = store
        self.failpoint = failpoint
    }

    /// An event that waits, or waits again, for its handlers.
    public struct Entry: Sendable, Hashable {
        /// The event.
        public var event: Event
        /// The handlers, by name, that have had it.
        public var handled: [String]
        /// How often handling it has failed.
        public var failures: Int
        /// Not to be handled before this, in milliseconds since 1970 UTC.
        public var due: Int64
        /// Why it failed the last time.
        public var problem: Problem?
        /// Its place among all that came: the position at which it was first written.
        var order: UInt64

        init(_ event: Event, order: UInt64 = 0) {
            self.event = event
            self.order = order
            handled = []
            failures = 0
            due = event.due ?? event.time
        }
    }

    /// Takes events in. When it returns they are on disk.
    ///
    /// - Returns: the entries of those that were not known before.
    public func take(_ events: [Event]) async throws(Problem) -> [Entry] {
        var entries: [Entry] = []
        for event in events {
            var entry = Entry(event)
            var transaction = Transaction()
            transaction.records = [Record("waiting", event.id, entry.document)]
            transaction.recordExpectations = [RecordKey("waiting", event.id): 0, RecordKey("handled", event.id): 0]
            do {
                failpoint.reach("spool.before-take")
                entry.order = try await store.commit(transaction).position
                entries.append(entry)
            } catch {
                guard error.code == "store.conflict" else { throw error }
            }
        }
        return entries
    }

    /// All that waits, in the order of its coming, and the position up to which that is so; forgets IDs that are older than
    /// ``memory``.
    public func waiting(now: Int64) async throws(Problem) -> (entries: [Entry], position: UInt64) {
        let (records, old, position) = try await store.read { snapshot throws(Problem) in
            let handled = try snapshot.records("handled", prefix: "", after: nil, limit: .max)
            let old = handled.filter { ($0.value.integer.map(Int64.init) ?? 0) < now - Self.memory }.map(\.name)
            return (try snapshot.records("waiting", prefix: "", after: nil, limit: .max), old, snapshot.position)
        }
        if !old.isEmpty {
            var transaction = Transaction()
            transaction.recordDeletions = old
            failpoint.reach("spool.before-forget")
            try await store.commit(transaction)
        }
        var entries: [Entry] = []
        for record in records { entries.append(try Entry(record)) }
        return (entries.sorted { $0.order < $1.order }, position)
    }

    /// Writes how an entry stands.
    public func keep(_ entry: Entry) async throws(Problem) {
        var transaction = Transaction()
        transaction.records = [Record("waiting", entry.event.id, entry.document)]
        failpoint.reach("spool.before-keep")
        try await store.commit(transaction)
    }

    /// Ends an entry: all its handlers have had it.
    public func finish(_ entry: Entry, now: Int64) async throws(Problem) {
        var transaction = Transaction()
        transaction.records = [Record("handled", entry.event.id, .integer(now))]
        transaction.recordDeletions = [RecordKey("waiting", entry.event.id)]
        failpoint.reach("spool.before-finish")
        try await store.commit(transaction)
    }

    /// Puts an entry aside that failed for good.
    public func bury(_ entry: Entry) async throws(Problem) {
        var transaction = Transaction()
        transaction.records = [
            Record("dead", entry.event.id, entry.document), Record("handled", entry.event.id, .integer(entry.due)),
        ]
        transaction.recordDeletions = [RecordKey("waiting", entry.event.id)]
        failpoint.reach("spool.before-bury")
        try await store.commit(transaction)
    }
}

extension Spool.Entry {
    var document: Value {
        var document: Value = [
            "event": event.document, "handled": .list(handled.map(Value.text)), "failures": .integer(failures),
            "due": .integer(due),
        ]
        if order > 0 { document["order"] = .number(order) }
        document["problem"] = problem?.value
        return document
    }

    init(_ record: Record) throws(Problem) {
        let document = record.value
        guard let event = document["event"] else { throw Problem("spool.malformed", "an event in the spool cannot be read") }
        self.init(try Event(document: event), order: document["order"]?.integer.map(UInt64.init) ?? record.version)
        handled = (document["handled"]?.list ?? []).compactMap(\.text)
        failures = document["failures"]?.integer ?? 0
        due = document["due"]?.integer.map(Int64.init) ?? due
        problem = document["problem"].map(Problem.init(value:))
    }
}
