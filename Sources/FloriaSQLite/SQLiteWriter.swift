// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Applies transactions within one transaction of SQLite.
struct SQLiteWriter {
    private let connection: Connection
    let snapshot: SQLiteSnapshot
    /// The position of the last transaction that changed something.
    private(set) var position: UInt64
    /// The sequence of the last event.
    private(set) var sequence: UInt64

    /// How much of what was put is held in memory; more would only take each other's place.
    private static let rememberedLimit = 5000

    /// What was put and is to be held in memory once it is on disk.
    private(set) var written: [WrittenEntity] = []
    /// The patterns whose rows were written.
    private var patterns: Set<Int64> = []
    /// How often an entity has let go of its pattern.
    private var released: Int64 = 0

    init(_ connection: Connection, _ memory: StoreMemory) throws(Problem) {
        self.connection = connection
        snapshot = try SQLiteSnapshot(connection, memory, isWriting: true)
        position = snapshot.position
        sequence = snapshot.sequence
    }

    /// Whether anything was changed since the writer was made.
    var hasChanges: Bool { position != snapshot.position }

    /// Checks that what a transaction expects holds.
    func check(_ prepared: PreparedTransaction) throws(Problem) { try prepared.check.run(against: snapshot) }

    /// Applies a transaction that was checked. If it throws, the transaction of SQLite must be rolled back.
    mutating func apply(_ prepared: PreparedTransaction) throws(Problem) {
        position += 1
        if try !write(prepared) { position -= 1 }
    }

    /// Applies a part of the change that the position after the last one belongs to, unchecked. Nothing of it is remembered.
    mutating func apply(part prepared: PreparedTransaction) throws(Problem) {
        let last = position
        position = snapshot.position + 1
        if try !write(prepared) { position = last }
        written.removeAll()
    }

    /// Writes what was checked; gives whether that changes something.
    private mutating func write(_ prepared: PreparedTransaction) throws(Problem) -> Bool {
        let transaction = prepared.transaction
        var isChanged = false
        for id in transaction.deletions { isChanged = try delete(id) || isChanged }
        for (position, stored) in prepared.puts {
            try put(transaction.puts[position], stored, prepared)
            isChanged = true
        }
        for id in transaction.baselineDeletions { isChanged = try deleteBaseline(id) || isChanged }
        for (position, stored) in prepared.baseline {
            let id = transaction.baseline[position].id
            try putBaseline(id, stored, isNovel: transaction.expectations[id] == 0)
            isChanged = true
        }
        for key in transaction.recordDeletions { isChanged = try delete(key) || isChanged }
        for (record, content) in zip(transaction.records, prepared.records) {
            try put(record.name, content)
            isChanged = true
        }
        if transaction.eventsTrimmed > 0 { isChanged = try trim(to: transaction.eventsTrimmed) || isChanged }
        for (event, content) in zip(transaction.events, prepared.events) {
            isChanged = try append(event.id, content) || isChanged
        }
        return isChanged
    }

    /// Notes how far the store has come; to be done once, before the commit.
    func finish() throws(Problem) {
        try connection.execute(
            "UPDATE state SET position = ?, sequence = ?, released = released + ?, sum = ?",
            [position.column, sequence.column, released.column, Checksum([position.column, sequence.column]).column])
    }

    /// Notes which patterns are on disk, after the commit.
    func notePatterns() { snapshot.memory.patterns.note(written: patterns) }

    private mutating func put(_ entity: Entity, _ stored: StoredEntity, _ prepared: PreparedTransaction) throws(Problem) {
        let (id, transaction) = (entity.id, prepared.transaction)
        let old = transaction.expectations[id] == 0 ? nil : try snapshot.stored(id)
        var header = entity.header.stamped(time: prepared.time, transaction)
        header.follow(old?.stamps, transaction)
        header.version = position
        try note(stored.pattern, insteadOf: old?.entity.pattern)
        let (container, source, target) = entity.ends
        let (kind, directory, name) = id.arguments
        let (pattern, content) = (stored.pattern?.column ?? .null, Column.blob(stored.content))
        let (version, created, updated) = (position.column, header.created.column, header.updated.column)
        let sum = Checksum([kind, directory, name, version, created, updated, pattern, content])
        let values: [Column] = [
            version, updated, created, container, source, target, pattern, content, sum.column, kind, directory, name,
        ]
        if old == nil {
            try connection.execute(
                """
                INSERT INTO entities (version, updated, created, container, source, target, pattern, content, sum, kind, directory, name)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, values)
        } else {
            try connection.execute(
                """
                UPDATE entities
                SET version = ?, updated = ?, created = ?, container = ?, source = ?, target = ?, pattern = ?, content = ?,
                    sum = ?
                WHERE kind = ? AND directory = ? AND name = ?
                """, values)
        }
        if entity.isInstance, try mayMove(entity, stored, from: old?.entity) {
            try InstanceIndex(connection).change(
                id, from: old.map { old throws(Problem) in try decoded(old.entity) }, to: entity)
        }
        if written.count < Self.rememberedLimit {
            written.append(WrittenEntity(entity, header, content: stored.content.count))
        }
    }

    /// Whether an instance may stand in the tables of classes and readers otherwise than before.
    private func mayMove(_ entity: Entity, _ stored: StoredEntity, from old: StoredEntity?) throws(Problem) -> Bool {
        // Classes belong to the pattern.
        guard let old, old.pattern == stored.pattern, entity.properties.values.allSatisfy({ $0.reads.isEmpty }) else {
            return true
        }
        return try EntityDecoder.hasReads(old.content)
    }

    private func decoded(_ stored: StoredEntity) throws(Problem) -> Entity {
        try connection.decoder.entity(stored.content, snapshot.pattern(stored.pattern))
    }

    /// Writes the row of a pattern if it isn't there, and counts if another was let go of.
    private mutating func note(_ new: Int64?, insteadOf old: Int64?) throws(Problem) {
        if let old, old != new { released += 1 }
        guard let new, !patterns.contains(new), !snapshot.memory.patterns.isStored(new),
            let content = snapshot.memory.patterns.content(new)
        else { return }
        try connection.execute(
            "INSERT INTO patterns (key, content, sum) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            Checksum.sealed([new.column, .blob(content)]))
        patterns.insert(new)
    }

    private mutating func putBaseline(_ id: ID, _ stored: StoredEntity, isNovel: Bool) throws(Problem) {
        guard let pattern = stored.pattern else { return }
        try note(pattern, insteadOf: isNovel ? nil : snapshot.baselinePattern(id))
        try connection.execute(
            """
            INSERT INTO baseline (kind, directory, name, pattern, content, sum) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET pattern = excluded.pattern, content = excluded.content, sum = excluded.sum
            """, Checksum.sealed(id.columns + [pattern.column, .blob(stored.content)]))
    }

    private mutating func deleteBaseline(_ id: ID) throws(Problem) -> Bool {
        guard let old = try snapshot.baselinePattern(id) else { return false }
        try note(nil, insteadOf: old)
        try connection.execute("DELETE FROM baseline WHERE kind = ? AND directory = ? AND name = ?", id.columns)
        return true
    }

    private mutating func delete(_ id: ID) throws(Problem) -> Bool {
        guard let old = try snapshot.stored(id) else { return false }
        let entity = try decoded(old.entity)
        try note(nil, insteadOf: old.entity.pattern)
        try connection.execute("DELETE FROM entities WHERE kind = ? AND directory = ? AND name = ?", id.columns)
        if id.kind == .class { snapshot.memory.classes.remove(id) }
        try deleteTimers(of: id)
        if entity.isInstance { try InstanceIndex(connection).change(id, from: entity, to: nil) }
        return true
    }

    private func deleteTimers(of id: ID) throws(Problem) {
        let prefix = EventTimer.keyPrefix(.entity(id))
        guard let end = prefix.prefixEnd else { return }
        try connection.execute(
            "DELETE FROM records WHERE collection = ? AND key >= ? AND key < ?",
            [EventTimer.collection.column, prefix.column, end.column])
    }

    private func put(_ name: RecordKey, _ content: [UInt8]) throws(Problem) {
        try connection.execute(
            """
            INSERT INTO records (collection, key, version, content, sum) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (collection, key) DO UPDATE SET version = excluded.version, content = excluded.content, sum = excluded.sum
            """, Checksum.sealed([name.collection.column, name.key.column, position.column, .blob(content)]))
    }

    private func delete(_ name: RecordKey) throws(Problem) -> Bool {
        try connection.execute(
            "DELETE FROM records WHERE collection = ? AND key = ?", [name.collection.column, name.key.column])
        return connection.changesCount > 0
    }

    private func trim(to sequence: UInt64) throws(Problem) -> Bool {
        try connection.execute("DELETE FROM events WHERE sequence <= ?", [Int64(clamping: sequence).column])
        return connection.changesCount > 0
    }

    private mutating func append(_ id: String, _ content: [UInt8]) throws(Problem) -> Bool {
        try connection.execute(
            "INSERT INTO events (sequence, id, content, sum) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            Checksum.sealed([(sequence + 1).column, id.column, .blob(content)]))
        guard connection.changesCount > 0 else { return false }
        sequence += 1
        return true
    }
}

extension Entity {
    /// The columns that say where it hangs.
    var ends: (container: Column, source: Column, target: Column) {
        switch self {
        case .vertex(let vertex): (vertex.container?.path.column ?? .null, .null, .null)
        case .edge(let edge): (.null, edge.source.path.column, edge.target.path.column)
        case .plugin, .class, .vertexTemplate, .edgeTemplate: (.null, .null, .null)
        }
    }
}
