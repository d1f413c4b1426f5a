// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import GRDB
import Support

/// A transaction whose contents are encoded, so that the writer has less to do.
struct PreparedTransaction: Sendable {
    let transaction: Transaction
    /// What is put, with what the store adds except for the version and the time at which it was made, and encoded.
    let entities: [(entity: Entity, content: [UInt8])]
    let records: [[UInt8]]
    let events: [[UInt8]]
    let time: Int64

    init(_ transaction: Transaction, time: Int64) {
        self.transaction = transaction
        self.time = time
        entities = transaction.puts.map { entity in
            var entity = entity
            entity.header.stamp(version: 0, created: 0, updated: 0, provenance: transaction.provenance)
            let content = CBOR.encode(entity.document)
            entity.header.updated = time
            return (entity, content)
        }
        records = transaction.records.map { CBOR.encode($0.value) }
        events = transaction.events.map { CBOR.encode($0.document) }
    }
}

/// Applies transactions within one transaction of SQLite.
struct SQLiteWriter {
    private let connection: Connection
    private let snapshot: SQLiteSnapshot
    /// The position of the last transaction that changed something.
    private(set) var position: UInt64
    private var sequence: UInt64

    /// What was put and is to be held in memory once it is on disk.
    private var written: [(entity: Entity, key: Int64, size: Int)] = []

    init(_ connection: Connection, _ cache: EntityCache) throws(Problem) {
        self.connection = connection
        snapshot = try SQLiteSnapshot(connection, cache, isWriting: true)
        position = snapshot.position
        sequence = try connection.row("SELECT sequence FROM state", []) { try $0.number(0) } ?? 0
    }

    /// Whether anything was changed since the writer was made.
    var hasChanges: Bool { position != snapshot.position }

    /// Applies a transaction, or throws and has changed nothing but what a savepoint takes back.
    mutating func apply(_ prepared: PreparedTransaction) throws(Problem) {
        let transaction = prepared.transaction
        try TransactionCheck.run(transaction, against: snapshot)
        var writer = self
        writer.position += 1
        var isChanged = false
        for id in transaction.deletions { isChanged = try writer.delete(id) || isChanged }
        for (entity, content) in prepared.entities {
            try writer.put(entity, content)
            isChanged = true
        }
        for key in transaction.recordDeletions { isChanged = try writer.delete(key) || isChanged }
        for (record, content) in zip(transaction.records, prepared.records) {
            try writer.put(record.name, content)
            isChanged = true
        }
        for (event, content) in zip(transaction.events, prepared.events) {
            isChanged = try writer.append(event.id, content) || isChanged
        }
        guard isChanged else { return }
        self = writer
    }

    /// Notes how far the store has come; to be done once, before the commit.
    func finish() throws(Problem) {
        try connection.execute("UPDATE state SET position = ?, sequence = ?", [position.column, sequence.column])
    }

    /// Holds in memory what was put, after the commit.
    func remember() {
        for (entity, key, size) in written { snapshot.cache.insert(entity, key, size: size) }
    }

    private mutating func put(_ entity: Entity, _ content: [UInt8]) throws(Problem) {
        let id = entity.id
        let time = entity.header.updated
        let old = try snapshot.stored(id)
        var container: ID?
        var ends: (source: ID, target: ID)?
        switch entity {
        case .vertex(let vertex): container = vertex.container
        case .edge(let edge): ends = (edge.source, edge.target)
        case .plugin, .class, .vertexTemplate, .edgeTemplate: break
        }
        let values: [DatabaseValue] = [
            position.column, time.databaseValue, container?.path.databaseValue ?? .null,
            ends?.source.path.databaseValue ?? .null,
            ends?.target.path.databaseValue ?? .null, DatabaseValue(blob: content),
        ]
        if let old {
            try connection.execute(
                "UPDATE entities SET version = ?, updated = ?, container = ?, source = ?, target = ?, content = ? WHERE key = ?",
                values + [old.key.databaseValue])
        } else {
            try connection.execute(
                """
                INSERT INTO entities (version, updated, container, source, target, content, kind, directory, name, created)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, values + id.arguments + [time.databaseValue])
        }
        try index(id, from: old?.entity, to: entity)
        var stamped = entity
        stamped.header.version = position
        stamped.header.created = old?.entity.header.created ?? time
        written.append((stamped, old?.key ?? connection.db.lastInsertedRowID, content.count))
    }

    private func delete(_ id: ID) throws(Problem) -> Bool {
        guard let old = try snapshot.stored(id) else { return false }
        try connection.execute("DELETE FROM entities WHERE key = ?", [old.key.databaseValue])
        try index(id, from: old.entity, to: nil)
        return true
    }

    /// Brings the index tables from what was stored to what is stored now; only differences are written.
    private func index(_ id: ID, from old: Entity?, to new: Entity?) throws(Problem) {
        guard id.kind == .vertex || id.kind == .edge else { return }
        let before = Set(old?.classes ?? [])
        let after = Set(new?.classes ?? [])
        for memberOf in before.subtracting(after) {
            try connection.execute(
                "DELETE FROM memberships WHERE class = ? AND kind = ? AND directory = ? AND name = ?",
                [memberOf.path.databaseValue] + id.arguments)
        }
        for memberOf in after.subtracting(before) {
            try connection.execute("INSERT INTO memberships VALUES (?, ?, ?, ?)", [memberOf.path.databaseValue] + id.arguments)
        }
        let oldReadings = old?.readings ?? []
        let newReadings = new?.readings ?? []
        for reading in oldReadings.subtracting(newReadings) {
            try connection.execute(
                """
                DELETE FROM readings WHERE kind = ? AND entity = ? AND property = ?
                AND reader_kind = ? AND reader = ? AND reader_property = ?
                """, reading.read.arguments + reading.reader.arguments)
        }
        for reading in newReadings.subtracting(oldReadings) {
            try connection.execute(
                "INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?)", reading.read.arguments + reading.reader.arguments)
        }
    }

    private func put(_ name: RecordKey, _ content: [UInt8]) throws(Problem) {
        try connection.execute(
            """
            INSERT INTO records (collection, key, version, content) VALUES (?, ?, ?, ?)
            ON CONFLICT (collection, key) DO UPDATE SET version = excluded.version, content = excluded.content
            """, [name.collection.databaseValue, name.key.databaseValue, position.column, DatabaseValue(blob: content)])
    }

    private func delete(_ name: RecordKey) throws(Problem) -> Bool {
        try connection.execute(
            "DELETE FROM records WHERE collection = ? AND key = ?", [name.collection.databaseValue, name.key.databaseValue])
        return connection.db.changesCount > 0
    }

    private mutating func append(_ id: String, _ content: [UInt8]) throws(Problem) -> Bool {
        try connection.execute(
            "INSERT INTO events (sequence, id, content) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
            [(sequence + 1).column, id.databaseValue, DatabaseValue(blob: content)])
        guard connection.db.changesCount > 0 else { return false }
        sequence += 1
        return true
    }
}

extension UInt64 {
    /// The number as a column keeps it.
    var column: DatabaseValue { Int64(bitPattern: self).databaseValue }
}
