// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Brings the tables of older programs to the form of this one, one version after the other.
///
/// Each step is one transaction together with its number, so that one that is interrupted has done nothing, and the next
/// program to open the store goes on from there. A step stays as it is for ever: what it needs of today's program may change
/// only together with a further step.
enum Migration: Int, CaseIterable {
    // Each has the number of the version from which it leads to the next.
    case keepsCommonPartsOnce = 1
    case sealsRows = 2

    /// Takes the steps that a store of a version still needs.
    static func run(_ connection: Connection, from version: Int) throws(Problem) {
        for step in allCases.dropFirst(version - 1) {
            try connection.transaction("BEGIN IMMEDIATE") { () throws(Problem) in
                try step.run(connection)
                try connection.executeAll("PRAGMA user_version = \(step.rawValue + 1)")
            }
        }
    }

    /// Brings the tables from its version to the next, within a transaction.
    func run(_ connection: Connection) throws(Problem) {
        switch self {
        case .keepsCommonPartsOnce: try Self.keepCommonPartsOnce(connection)
        case .sealsRows: try Self.sealRows(connection)
        }
    }

    /// The tables that are made anew for version 2.
    private static let secondTables = """
        CREATE TABLE patterns (key INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT;
        CREATE TABLE entities (
            kind INTEGER NOT NULL, directory TEXT NOT NULL, name TEXT NOT NULL,
            version INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
            container TEXT, source TEXT, target TEXT, pattern INTEGER, content BLOB NOT NULL,
            PRIMARY KEY (kind, directory, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX entities_container ON entities (container) WHERE container IS NOT NULL;
        CREATE INDEX entities_source ON entities (source) WHERE source IS NOT NULL;
        CREATE INDEX entities_target ON entities (target) WHERE target IS NOT NULL;
        CREATE TABLE baseline (
            kind INTEGER NOT NULL, directory TEXT NOT NULL, name TEXT NOT NULL,
            pattern INTEGER NOT NULL, content BLOB NOT NULL,
            PRIMARY KEY (kind, directory, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE records (
            collection TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, content BLOB NOT NULL,
            PRIMARY KEY (collection, key)
        ) STRICT, WITHOUT ROWID;
        """

    /// Version 1 kept every entity as a whole document, and what a design had made of a service as one record of the collection ‘made’.
    private static func keepCommonPartsOnce(_ connection: Connection) throws(Problem) {
        try connection.executeAll(
            """
            ALTER TABLE state ADD COLUMN released INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE entities RENAME TO old_entities;
            ALTER TABLE records RENAME TO old_records;
            DROP INDEX entities_container;
            DROP INDEX entities_source;
            DROP INDEX entities_target;
            """)
        try connection.executeAll(secondTables)
        let patterns = PatternWriter(connection)
        let columns = "kind, directory, name, version, created, updated, container, source, target"
        try connection.each("SELECT key, content FROM old_entities", []) { row throws(Problem) in
            let stored = try patterns.stored(try Entity(document: row.decoded(1)))
            try connection.execute(
                "INSERT INTO entities (\(columns), pattern, content) SELECT \(columns), ?, ? FROM old_entities WHERE key = ?",
                [stored.pattern?.column ?? .null, .blob(stored.content), try row.integer(0).column])
        }
        try connection.each("SELECT content FROM old_records WHERE collection = 'made'", []) { row throws(Problem) in
            let graph = try Graph(document: row.decoded(0))
            for entity in graph.entities {
                let stored = try patterns.stored(entity)
                try connection.execute(
                    "INSERT INTO baseline VALUES (?, ?, ?, ?, ?)",
                    entity.id.columns + [stored.pattern?.column ?? .null, .blob(stored.content)])
            }
        }
        try connection.executeAll(
            """
            INSERT INTO records SELECT collection, key, version, content FROM old_records WHERE collection <> 'made';
            DROP TABLE old_entities;
            DROP TABLE old_records;
            """)
    }

    /// Version 2 had no checksums.
    private static func sealRows(_ connection: Connection) throws(Problem) {
        for table in SealedTable.all {
            try connection.executeAll("ALTER TABLE \(table.name) ADD COLUMN \(Schema.sum)")
            try table.seal(connection)
        }
    }
}

/// Writes the patterns that entities have, each once.
private final class PatternWriter {
    private let connection: Connection
    private let table = PatternTable(last: 0)
    private var encoder: EntityEncoder
    private var written: Set<Int64> = []

    init(_ connection: Connection) {
        self.connection = connection
        encoder = EntityEncoder(table)
    }

    func stored(_ entity: Entity) throws(Problem) -> StoredEntity {
        let stored = encoder.stored(entity, entity.header)
        if let key = stored.pattern, written.insert(key).inserted, let content = table.content(key) {
            try connection.execute("INSERT INTO patterns VALUES (?, ?)", [key.column, .blob(content)])
        }
        return stored
    }
}
