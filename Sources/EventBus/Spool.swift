// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// A host's durable log of the events that are to be handled on it.
///
/// It is the log of a store of its own: an event is there from the moment it is known, and the same one, known by its ID, is
/// taken in once. A record says how far they are handled; those that wait have records of their own.
public struct Spool: Sendable {
    /// The most dead letters that are kept.
    public static let letterLimit = 1000

    private static let waiting = "waiting"
    private static let progress = RecordKey("spool", "done")

    let store: any Store
    private let retention: EventRetention
    private let follower: SubscriptionPosition?
    private let failpoint: Failpoint

    /// Makes a spool.
    ///
    /// - Parameters:
    ///   - retention: For how long events are remembered that were handled, and dead letters kept.
    ///   - follower: Who else has to have had an event before it can be forgotten.
    public init(
        store: any Store, retention: EventRetention = .standard, follower: SubscriptionPosition? = nil,
        failpoint: Failpoint = .none
    ) {
        self.store = store
        self.retention = retention
        self.follower = follower
        self.failpoint = failpoint
    }

    /// Takes events in, all in one commit. When it returns they are on disk.
    func take(_ events: [Event]) async throws(Problem) {
        var transaction = Transaction()
        transaction.events = events
        failpoint.reach("spool.before-take")
        try await store.commit(transaction)
        failpoint.reach("spool.after-take")
    }

    /// What is to be handled at the start: what waits, how far the log is done, and the position up to which that is so.
    func load() async throws(Problem) -> (waiting: [SpoolEntry], done: SequenceRanges, position: UInt64) {
        try await store.read { snapshot throws(Problem) in
            let (waiting, done) = try Self.load(snapshot)
            return (waiting, done, snapshot.position)
        }
    }

    static func load(_ snapshot: any Snapshot) throws(Problem) -> (waiting: [SpoolEntry], done: SequenceRanges) {
        var waiting: [SpoolEntry] = []
        for record in try snapshot.records(Self.waiting, prefix: "", after: nil, limit: .max) {
            waiting.append(try SpoolEntry(record))
        }
        let record = try snapshot.record(Self.progress.collection, Self.progress.key)
        guard let record else { return (waiting, SequenceRanges(until: 0)) }
        guard let done = SequenceRanges(document: record.value) else {
            throw Problem("spool.malformed", "how far the events of the spool are handled cannot be read")
        }
        return (waiting, done)
    }

    /// The events after one, in the order of their coming.
    func events(after sequence: UInt64, limit: Int) async throws(Problem) -> [StoredEvent] {
        try await store.read { snapshot throws(Problem) in try snapshot.events(after: sequence, limit: limit) }
    }

    /// What has become of entries.
    struct Changes: Sendable {
        /// The entries that wait now.
        var kept: [String: SpoolEntry] = [:]
        /// The keys of those that don't wait any more.
        var ended: Set<String> = []
        var buried: [DeadLetter] = []
        var done = SequenceRanges(until: 0)
    }

    /// Writes what has become of entries, in one commit; forgets what is too old.
    func write(_ changes: Changes, now: Int64) async throws(Problem) {
        let transaction = try await store.read { snapshot throws(Problem) in
            var transaction = Transaction()
            transaction.records = [Record(Self.progress.collection, Self.progress.key, changes.done.document)]
            transaction.records += changes.kept.map { Record(Self.waiting, $0.key, $0.value.document) }
            transaction.records += changes.buried.map(\.record)
            transaction.recordDeletions = changes.ended.map { RecordKey(Self.waiting, $0) }
            if !changes.buried.isEmpty {
                transaction.recordDeletions += try letters(toForgetFor: changes.buried.count, now: now, in: snapshot)
            }
            let followed = try follower?.position(in: snapshot) ?? .max
            try retention.trim(&transaction, upTo: min(changes.done.until, followed), in: snapshot, now: now)
            return transaction
        }
        failpoint.reach("spool.before-write")
        try await store.commit(transaction)
        failpoint.reach("spool.after-write")
    }

    /// The oldest letters: those that are older than events are kept for, and as many as new ones need the place of.
    private func letters(toForgetFor count: Int, now: Int64, in snapshot: any Snapshot) throws(Problem) -> [RecordKey] {
        let letters = try Self.letters(in: snapshot)
        let surplus = max(0, letters.count + count - Self.letterLimit)
        return letters.enumerated().filter { $0.offset < surplus || $0.element.event.time < now - retention.age }.map {
            $0.element.record.name
        }
    }

    // MARK: Dead letters

    static func letters(in snapshot: any Snapshot) throws(Problem) -> [DeadLetter] {
        var letters: [DeadLetter] = []
        for record in try snapshot.records(DeadLetter.collection, prefix: "", after: nil, limit: .max) {
            letters.append(try DeadLetter(record))
        }
        return letters.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
    }

    func letters() async throws(Problem) -> [DeadLetter] {
        try await store.read { snapshot throws(Problem) in try Self.letters(in: snapshot) }
    }

    func letter(_ id: String) async throws(Problem) -> DeadLetter {
        try await store.read { snapshot throws(Problem) in try Self.letter(id, in: snapshot).letter }
    }

    private static func letter(_ id: String, in snapshot: any Snapshot) throws(Problem) -> (letter: DeadLetter, version: UInt64)
    {
        guard let record = try snapshot.record(DeadLetter.collection, id) else {
            throw Problem(
                "event.unknown-letter", "there is no dead letter ‘\(id)’",
                hint: "‘khutulun event dead list’ shows those that are there")
        }
        return (try DeadLetter(record), record.version)
    }

    /// Removes a letter. With `again`, it is to be delivered again, and its entry is given with the position of the commit.
    func take(letter id: String, again: Bool, now: Int64) async throws(Problem) -> (entry: SpoolEntry, position: UInt64)? {
        let (letter, version) = try await store.read { snapshot throws(Problem) in try Self.letter(id, in: snapshot) }
        var entry: SpoolEntry?
        var transaction = Transaction()
        transaction.recordDeletions = [letter.record.name]
        transaction.recordExpectations = [letter.record.name: version]
        if again {
            let revived = SpoolEntry(letter, due: now)
            transaction.records = [Record(Self.waiting, revived.key, revived.document)]
            entry = revived
        }
        failpoint.reach("spool.before-letter")
        let position = try await store.commit(transaction).position
        return entry.map { ($0, position) }
    }
}
