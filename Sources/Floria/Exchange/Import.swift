// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Takes in an export, in whatever format it is and in whatever pieces it comes, and puts it into a store whole or not at all.
///
/// One change is one transaction, so it holds all that it takes in until it is committed.
public struct Import: Sendable {
    private var frames = ExchangeFrames()
    private var checksum = ExchangeChecksum()
    private var count: Int64 = 0
    private var isComplete = false
    private var scope: ExchangeScope?
    private var transaction = Transaction()
    private var needed: [Entity] = []

    /// Nothing yet.
    public init() { transaction.keepsStamps = true }

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

    // MARK: Taking in

    /// Takes in the next bytes.
    ///
    /// - Throws: `exchange.malformed`, `exchange.version`, `exchange.limit`, and what decoding values and entities throws.
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
        checksum.add(document)
        count += 1
        if case .start(let scope, _) = item, count == 1 {
            self.scope = scope
            return
        }
        guard let scope else { throw ExchangeItem.malformed("it doesn't begin with the key ‘floria-export’") }
        try add(item, scope)
    }

    private mutating func add(_ item: ExchangeItem, _ scope: ExchangeScope) throws(Problem) {
        switch item {
        case .entity(let entity):
            try check(scope.covers(entity.id), entity.id, scope)
            transaction.puts.append(entity)
        case .needed(let entity): needed.append(entity)
        case .baseline(let entity):
            try check(scope.covers(entity.id), entity.id, scope)
            transaction.baseline.append(entity)
        case .record(let record):
            guard scope.covers(record) else {
                throw ExchangeItem.malformed("the record ‘\(record.name.key)’ doesn't belong to what it says that it holds")
            }
            transaction.records.append(record)
        case .event(let event): transaction.events.append(event)
        case .start, .end: throw ExchangeItem.malformed("it begins twice")
        }
    }

    private func check(_ isCovered: Bool, _ id: ID, _ scope: ExchangeScope) throws(Problem) {
        if !isCovered { throw ExchangeItem.malformed("‘\(id)’ doesn't belong to what it says that it holds") }
    }

    // MARK: Putting in

    /// Puts what was taken in into a store.
    ///
    /// - Parameter replaces: Whether what the store has of the service, the directory or everything is replaced by it. Otherwise
    ///   nothing of it may be there. Classes and templates from elsewhere are left as they are where they are.
    /// - Throws: `exchange.truncated` if the end is missing, `store.conflict` if something is there, and what committing throws.
    public mutating func commit(
        to store: any Store, replaces: Bool, provenance: Provenance? = nil
    ) async throws(Problem) -> Summary {
        for document in try frames.finish() { try add(document) }
        guard isComplete, let scope else {
            throw Problem(
                "exchange.truncated", "the export has no end", hint: "it was cut off: get the whole of it, or export again")
        }
        transaction.provenance = provenance
        let (transaction, needed) = (transaction, needed)
        let complete = try await store.read { snapshot throws(Problem) in
            var complete = transaction
            for entity in needed where try snapshot.entity(entity.id) == nil {
                complete.puts.append(entity)
                complete.expectations[entity.id] = 0
            }
            if scope == .everything { try complete.checkHasNoEvents(snapshot) }
            if replaces {
                try complete.replace(scope, snapshot)
            } else {
                try complete.expectNothing(snapshot)
            }
            return complete
        }
        try await store.commit(complete)
        return Summary(
            entities: complete.puts.count, records: complete.records.count, events: complete.events.count,
            removed: complete.deletions.count + complete.recordDeletions.count)
    }
}

extension Transaction {
    /// Applications remember how far in the log of events they have come, which another log would make nonsense of.
    fileprivate func checkHasNoEvents(_ snapshot: any Snapshot) throws(Problem) {
        guard try !snapshot.events(after: 0, limit: 1).isEmpty else { return }
        throw Problem(
            "exchange.in-use", "everything cannot be imported: the store has events already",
            hint: "import into a new store, or import services or directories")
    }

    fileprivate mutating func expectNothing(_ snapshot: any Snapshot) throws(Problem) {
        for entity in puts { expectations[entity.id] = 0 }
        for record in records { recordExpectations[record.name] = 0 }
        for entity in baseline where try snapshot.baseline(entity.id) != nil {
            throw Problem(
                "store.conflict", "a design has made ‘\(entity.id)’ already",
                at: .entity(entity.id.description, property: nil), hint: "import it so that it replaces what is there")
        }
    }

    /// Lets what is there and isn't part of the transaction go.
    fileprivate mutating func replace(_ scope: ExchangeScope, _ snapshot: any Snapshot) throws(Problem) {
        let kept = (entities: Set(puts.map(\.id)), baseline: Set(baseline.map(\.id)), records: Set(records.map(\.name)))
        for kind in EntityKind.allCases {
            try snapshot.visit(.directory(kind, scope.directory, isDeep: true)) { entity in
                expectations[entity.id] = entity.header.version
                if !kept.entities.contains(entity.id) { deletions.append(entity.id) }
            }
            try snapshot.visitBaseline(kind, within: scope.directory) { entity in
                if !kept.baseline.contains(entity.id) { baselineDeletions.append(entity.id) }
            }
        }
        if let root = scope.root {
            expectations[root] = try snapshot.entity(root)?.header.version ?? 0
            if expectations[root] != 0, !kept.entities.contains(root) { deletions.append(root) }
            if !kept.baseline.contains(root) { baselineDeletions.append(root) }
        }
        for collection in try snapshot.collections() {
            try snapshot.visitRecords(of: collection) { record in
                if scope.covers(record), !kept.records.contains(record.name) { recordDeletions.append(record.name) }
            }
        }
        for entity in puts where expectations[entity.id] == nil { expectations[entity.id] = 0 }
    }
}
