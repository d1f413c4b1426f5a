// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Keeps entities, records and events. Everything that is acknowledged is on disk, where there is a disk.
///
/// Transactions are values: read a snapshot, compute at leisure, commit what is to change together with the versions
/// that were seen. Nothing is locked between the two.
public protocol Store: Sendable {
    /// Reads one consistent snapshot. The closure must not keep the snapshot.
    func read<Result: Sendable>(_ body: @escaping @Sendable (any Snapshot) throws(Problem) -> Result) async throws(Problem)
        -> Result

    /// Applies a transaction whole or not at all.
    ///
    /// - Throws: `store.conflict` if an expectation does not hold, `store.invalid` if an invariant of the graph would
    ///   be broken, `store.unavailable` if it cannot be written.
    @discardableResult
    func commit(_ transaction: Transaction) async throws(Problem) -> Commit

    /// Makes a change that is too large for a transaction: in parts, of which others see nothing before all are made, and nothing at
    /// all if the body throws. It is one commit. Meanwhile others read, and commits wait; so the body must not wait for anything, and
    /// must use the store only through what it is given.
    ///
    /// - Throws: what ``LargeChange/apply(_:)`` throws, `store.invalid` if an invariant of the graph would be broken by all parts
    ///   together, and what the body throws.
    func change<Result: Sendable>(_ body: @escaping @Sendable (LargeChange) throws(Problem) -> Result) async throws(Problem)
        -> Result

    /// The folder for what is too large to be kept in memory for a while; nil if it is kept in memory.
    var scratchFolder: String? { get }

    /// The position of the last commit, and that of each commit from now on. At most the newest is buffered.
    func positions() -> AsyncStream<UInt64>

    /// The sequence of the last stored event, and that of the last event of each commit from now on that stores some. At
    /// most the newest is buffered.
    func sequences() -> AsyncStream<UInt64>
}

extension Store {
    /// In memory.
    public var scratchFolder: String? { nil }
}

/// A consistent view of a store.
public protocol Snapshot {
    /// The position of the last commit that it shows.
    var position: UInt64 { get }
    /// The sequence of the last event that was stored, whether or not it is kept still; 0 if there was none.
    var sequence: UInt64 { get }
    /// The entity of an ID. O(log n).
    func entity(_ id: ID) throws(Problem) -> Entity?
    /// Hands over the entities that a scan selects, one after the other, in order of ID.
    func visit(_ scan: Scan, _ body: (Entity) throws(Problem) -> Void) throws(Problem)
    /// A vertex or an edge as a design last made it. What it has become since is told apart from that.
    func baseline(_ id: ID) throws(Problem) -> Entity?
    /// Hands over what a design last made of a kind in a directory and below, in order of ID.
    func visitBaseline(_ kind: EntityKind, within directory: Directory, _ body: (Entity) throws(Problem) -> Void)
        throws(Problem)
    /// The properties whose last evaluation read any of these, by index.
    func readers(of reads: [Read]) throws(Problem) -> [PropertyReference]
    /// The collections that there are records of, in order.
    func collections() throws(Problem) -> [String]
    /// A record.
    func record(_ collection: String, _ key: String) throws(Problem) -> Record?
    /// The records of a collection whose key starts with the prefix, in order of key, after a key, at most `limit`.
    func records(_ collection: String, prefix: String, after: String?, limit: Int) throws(Problem) -> [Record]
    /// The records of a collection whose key starts with the prefix and which were put after a position, in order of key.
    func records(_ collection: String, prefix: String, putAfter position: UInt64) throws(Problem) -> [Record]
    /// The stored events after a position, oldest first, at most `limit`.
    func events(after: UInt64, limit: Int) throws(Problem) -> [StoredEvent]
    /// The sequence of the stored event that has an ID; nil if there is none.
    func sequence(ofEvent id: String) throws(Problem) -> UInt64?
    /// The directories directly below a directory.
    func directories(below directory: Directory) throws(Problem) -> [Directory]
}

extension Snapshot {
    /// The entities that a scan selects, in order of ID.
    public func entities(_ scan: Scan) throws(Problem) -> [Entity] {
        var found: [Entity] = []
        try visit(scan) { found.append($0) }
        return found
    }

    /// What a design last made of a kind in a directory and below, in order of ID.
    public func baseline(_ kind: EntityKind, within directory: Directory) throws(Problem) -> [Entity] {
        var found: [Entity] = []
        try visitBaseline(kind, within: directory) { found.append($0) }
        return found
    }

    /// Hands over all records of a collection, one after the other, in order of key.
    public func visitRecords(of collection: String, _ body: (Record) throws(Problem) -> Void) throws(Problem) {
        var last: String?
        while true {
            let records = try records(collection, prefix: "", after: last, limit: 500)
            guard let end = records.last else { return }
            for record in records { try body(record) }
            last = end.name.key
        }
    }
}

/// Selects entities by an index.
public enum Scan: Sendable, Hashable {
    /// All of a kind in a directory and, if `isDeep`, below it.
    case directory(EntityKind, Directory, isDeep: Bool)
    /// The vertexes and edges of a class, within a directory and below.
    case `class`(ID, within: Directory)
    /// The vertexes that a vertex contains.
    case contained(in: ID)
    /// The edges that leave a vertex.
    case outgoing(from: ID)
    /// The edges that lead to a vertex.
    case incoming(to: ID)
}

/// What is to change, together.
public struct Transaction: Sendable {
    /// Entities to be made or replaced. The header's version is ignored; expectations are what counts.
    public var puts: [Entity] = []
    /// Entities to be removed. Removing what is not there is no error.
    public var deletions: [ID] = []
    /// Vertexes and edges as a design makes them, to be kept beside what is for the next comparison. They have neither versions nor
    /// stamps.
    public var baseline: [Entity] = []
    /// What no design makes any more. Removing what is not there is no error.
    public var baselineDeletions: [ID] = []
    /// The versions that entities must still have; 0 means that there must be none.
    public var expectations: [ID: UInt64] = [:]
    /// Properties that were evaluated together: whatever reads one of them, or something in ``alterations``, must be among
    /// them.
    public var readerExpectations: Set<PropertyReference> = []
    /// What reads differently once this is applied.
    public var alterations: Set<Read> = []
    /// What was found by following edges or containment, and must be found still: the stamps of ``Structure``.
    package var structureExpectations: [Read: Int] = [:]
    /// Records to be made or replaced.
    public var records: [Record] = []
    /// Records to be removed, by collection and key.
    public var recordDeletions: [RecordKey] = []
    /// The versions that records must still have; 0 means that there must be none.
    public var recordExpectations: [RecordKey: UInt64] = [:]
    /// Events to be stored with the change that caused them. One whose ID is stored already is left out.
    public var events: [Event] = []
    /// Stored events up to this sequence are removed; 0 removes none.
    public var eventsTrimmed: UInt64 = 0
    /// Who changes it.
    public var provenance: Provenance?
    /// Whether what is put keeps the stamps that it has, as what is moved or imported does.
    public var keepsStamps = false

    /// A transaction that changes nothing.
    public init() {}
}

/// What a commit did.
public struct Commit: Sendable, Hashable {
    /// The position of the commit, which is also the version of everything that it put.
    public var position: UInt64

    /// Makes it.
    public init(position: UInt64) { self.position = position }
}

/// An event with its place in the log.
public struct StoredEvent: Sendable, Hashable {
    /// Grows from event to event; the log has no two events of one sequence.
    public var sequence: UInt64
    /// The event.
    public var event: Event

    /// Makes it.
    public init(sequence: UInt64, event: Event) {
        self.sequence = sequence
        self.event = event
    }
}

/// The name of a record.
public struct RecordKey: Sendable, Hashable {
    /// The collection.
    public var collection: String
    /// The key within the collection.
    public var key: String

    /// Makes it.
    public init(_ collection: String, _ key: String) {
        self.collection = collection
        self.key = key
    }
}

/// A document beside the graph, in the same transactions: what an application keeps about its own work.
public struct Record: Sendable, Hashable {
    /// Its name.
    public var name: RecordKey
    /// Its content.
    public var value: Value
    /// The version that the store gave it; 0 if it isn't stored yet.
    public var version: UInt64

    /// Makes a record.
    public init(_ collection: String, _ key: String, _ value: Value, version: UInt64 = 0) {
        self.name = RecordKey(collection, key)
        self.value = value
        self.version = version
    }
}
