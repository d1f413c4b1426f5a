// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Takes in an export, in whatever format it is and in whatever pieces it comes, and puts it into a store whole or not at all.
///
/// What comes is checked and laid aside, in a file without a name where the store has a folder for that; once the whole of it is
/// there, it is put in as one change, in parts. So the memory it takes doesn't grow with what the export holds.
public struct Import: Sendable {
    private let store: any Store
    private var frames = ExchangeFrames()
    private var checksum = ExchangeChecksum()
    private var count: Int64 = 0
    private var isComplete = false
    /// What is imported; nil as long as the beginning isn't there.
    public private(set) var scope: ExchangeScope?
    /// The documents, in CBOR; those of what is needed from elsewhere apart, because all else refers to that.
    private var needed: ScratchLog
    private var documents: ScratchLog

    /// Nothing yet.
    ///
    /// - Parameter store: Where it is to be put.
    public init(into store: any Store) {
        self.store = store
        needed = ScratchLog(in: store.scratchFolder)
        documents = ScratchLog(in: store.scratchFolder)
    }

    /// What an import did.
    public struct Summary: Sendable, Hashable {
        /// How many entities, records and events were put.
        public var entities = 0, records = 0, events = 0
        /// How many entities and records were removed because the export has none of them.
        public var removed = 0

        /// The summary as a document: `{"entities", "records", "events", "removed"}`.
        public var document: Value {
            [
                "entities": .integer(entities), "records": .integer(records), "events": .integer(events),
                "removed": .integer(removed),
            ]
        }
    }

    /// Looks at what the store has of what is imported: before, and again when all is in. What it throws ends the import.
    public typealias Inspection = @Sendable (any Snapshot, ExchangeScope) throws(Problem) -> Void

    // MARK: Taking in

    /// Takes in the next bytes.
    ///
    /// - Throws: `exchange.malformed`, `exchange.version`, `exchange.limit`, what decoding values and entities throws, and
    ///   `file.failed` if it cannot be laid aside.
    public mutating func add(_ bytes: some Sequence<UInt8>) throws(Problem) {
        for document in try frames.add(bytes) { try add(document) }
    }

    private mutating func add(_ document: Value) throws(Problem) {
        guard !isComplete else { throw ExchangeItem.malformed("something follows its end") }
        let item = try ExchangeItem(document: document)
        if case .end(let count, let checksum) = item {
            guard count == self.count, checksum == self.checksum.text else {
                throw Problem(
                    "exchange.damaged", "the export is damaged: it isn't what was written",
                    hint: "it was changed or a part is missing; whoever edits one by hand exports it again")
            }
            isComplete = true
            return
        }
        let encoded = CBOR.encode(document)
        checksum.add(encoded)
        count += 1
        if case .start(let scope, _) = item, count == 1 {
            self.scope = scope
            return
        }
        guard let scope else { throw ExchangeItem.malformed("it doesn't begin with the key ‘floria-export’") }
        try check(item, scope)
        if case .needed = item { try needed.append(encoded) } else { try documents.append(encoded) }
    }

    private func check(_ item: ExchangeItem, _ scope: ExchangeScope) throws(Problem) {
        switch item {
        case .entity(let entity), .baseline(let entity):
            if !scope.covers(entity.id) {
                throw ExchangeItem.malformed("‘\(entity.id)’ doesn't belong to what it says that it holds")
            }
        case .record(let record):
            // What handlers did for events is kept by the names of the events, which may belong to it.
            guard scope.covers(record) || record.name.collection == EventEffect.collection else {
                throw ExchangeItem.malformed("the record ‘\(record.name.key)’ doesn't belong to what it says that it holds")
            }
        case .event, .needed: break
        case .start, .end: throw ExchangeItem.malformed("it begins twice")
        }
    }

    // MARK: Putting in

    /// Puts what was taken in into the store.
    ///
    /// - Parameters:
    ///   - replaces: Whether what the store has of the service, the directory or everything is replaced by it. Otherwise nothing of it
    ///     may be there. Classes and templates from elsewhere are left as they are where they are.
    ///   - inspection: What else is to be looked at.
    /// - Throws: `exchange.truncated` if the end is missing, `store.conflict` if something is there, and what committing throws.
    public mutating func commit(
        replaces: Bool, provenance: Provenance? = nil, inspection: @escaping Inspection = { _, _ in }
    ) async throws(Problem) -> Summary {
        for document in try frames.finish() { try add(document) }
        guard isComplete, let scope else {
            throw Problem(
                "exchange.truncated", "the export has no end", hint: "it was cut off: get the whole of it, or export again")
        }
        let (needed, documents, folder) = (needed, documents, store.scratchFolder)
        return try await store.change { change throws(Problem) in
            if scope == .everything { try change.snapshot.checkHasNoEvents() }
            try inspection(change.snapshot, scope)
            var work = ImportWork(change, scope, replaces: replaces, provenance, scratchFolder: folder)
            try work.put(needed, documents)
            if replaces { try work.removeTheRest() }
            try inspection(change.snapshot, scope)
            return work.summary
        }
    }
}

extension Snapshot {
    /// Applications remember how far in the log of events they have come, which another log would make nonsense of.
    fileprivate func checkHasNoEvents() throws(Problem) {
        guard try !events(after: 0, limit: 1).isEmpty else { return }
        throw Problem(
            "exchange.in-use", "everything cannot be imported: the store has events already",
            hint: "import into a new store, or import services or directories")
    }
}
