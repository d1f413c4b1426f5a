// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// The tables, and the forms that names have in them.
enum Schema {
    /// The version of the tables that this program writes.
    static let version = Migration.allCases.count + 1
    /// Marks the file as a store: "FLOR".
    static let applicationID = 0x464C_4F52

    /// How many times an entity must have let go of its pattern before patterns are swept.
    static let sweepThreshold: Int64 = 1000

    /// The column of the row's checksum, see ``SealedTable``.
    static let sum = "sum INTEGER NOT NULL DEFAULT 0"

    private static let tables = """
        CREATE TABLE state (
            one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL, sequence INTEGER NOT NULL,
            released INTEGER NOT NULL, \(sum)
        ) STRICT;
        INSERT INTO state VALUES (1, 0, 0, 0, \(Checksum([0.column, 0.column]).value));
        CREATE TABLE patterns (key INTEGER PRIMARY KEY, content BLOB NOT NULL, \(sum)) STRICT;
        CREATE TABLE entities (
            kind INTEGER NOT NULL, directory TEXT NOT NULL, name TEXT NOT NULL,
            version INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
            container TEXT, source TEXT, target TEXT, pattern INTEGER, content BLOB NOT NULL, \(sum),
            PRIMARY KEY (kind, directory, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX entities_container ON entities (container) WHERE container IS NOT NULL;
        CREATE INDEX entities_source ON entities (source) WHERE source IS NOT NULL;
        CREATE INDEX entities_target ON entities (target) WHERE target IS NOT NULL;
        CREATE TABLE baseline (
            kind INTEGER NOT NULL, directory TEXT NOT NULL, name TEXT NOT NULL,
            pattern INTEGER NOT NULL, content BLOB NOT NULL, \(sum),
            PRIMARY KEY (kind, directory, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE memberships (
            class TEXT NOT NULL, kind INTEGER NOT NULL, directory TEXT NOT NULL, name TEXT NOT NULL,
            PRIMARY KEY (class, kind, directory, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE readings (
            kind INTEGER NOT NULL, entity TEXT NOT NULL, property TEXT NOT NULL,
            reader_kind INTEGER NOT NULL, reader TEXT NOT NULL, reader_property TEXT NOT NULL,
            PRIMARY KEY (kind, entity, property, reader_kind, reader, reader_property)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE records (
            collection TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, content BLOB NOT NULL, \(sum),
            PRIMARY KEY (collection, key)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE events (
            sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, content BLOB NOT NULL, \(sum)
        ) STRICT;
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        """

    /// Makes the tables in a new file; brings those of an older program up to date.
    static func prepare(_ connection: Connection, path: String) throws(Problem) {
        guard try connection.number("SELECT count(*) FROM sqlite_schema") == 0 else {
            let found = try checkedVersion(connection, path: path)
            return try Migration.run(connection, from: found)
        }
        try connection.transaction("BEGIN IMMEDIATE") { () throws(Problem) in try connection.executeAll(tables) }
    }

    /// Fails if the file isn't a store as this program writes it.
    static func check(_ connection: Connection, path: String) throws(Problem) {
        let found = try checkedVersion(connection, path: path)
        guard found != version else { return }
        throw Problem(
            "store.unavailable",
            "the store ‘\(path)’ was written by an older program: its tables have version \(found), this program's have \(version)",
            hint: "to bring it up to date open it once for writing, as the agent does; nothing was changed")
    }

    /// The version of a store's tables, which is known to this program.
    private static func checkedVersion(_ connection: Connection, path: String) throws(Problem) -> Int {
        guard try connection.number("PRAGMA application_id") == applicationID else {
            throw Problem(
                "store.unavailable", "‘\(path)’ is a database, but no store of Floria", hint: "choose another data folder")
        }
        let found = Int(try connection.number("PRAGMA user_version"))
        guard (1...version).contains(found) else {
            throw Problem(
                "store.unavailable",
                "the store ‘\(path)’ was written by a newer program: its tables have version \(found), this program knows \(version)",
                hint: "use that program; nothing was changed")
        }
        return found
    }

    /// Removes the patterns that nothing has any more, if enough may have been released for that to be worth a look at all rows.
    static func sweep(_ connection: Connection) throws(Problem) {
        guard try connection.number("SELECT released FROM state") >= sweepThreshold else { return }
        try connection.transaction("BEGIN IMMEDIATE") { () throws(Problem) in
            try connection.execute(
                """
                DELETE FROM patterns WHERE key NOT IN (SELECT pattern FROM entities WHERE pattern IS NOT NULL)
                AND key NOT IN (SELECT pattern FROM baseline)
                """)
            try connection.execute("UPDATE state SET released = 0")
        }
    }
}

extension EntityKind {
    /// The kind in the tables. The numbers are in the order of the kinds' names, which is the order of identifiers.
    var code: Int {
        switch self {
        case .class: 0
        case .edge: 1
        case .edgeTemplate: 2
        case .plugin: 3
        case .vertex: 4
        case .vertexTemplate: 5
        }
    }

    init?(code: Int) {
        guard let kind = EntityKind.allCases.first(where: { $0.code == code }) else { return nil }
        self = kind
    }
}

extension Directory {
    /// The directory in the tables: every name is ended by U+0001, which no name holds. So the order of the texts is
    /// that of directories, and what is below a directory is one range.
    var path: String { names.reduce(into: "") { $0 += $1.pathName + "\u{1}" } }

    /// The end of the range of what is in the directory and below. A blob comes after all texts.
    var end: Column {
        names.isEmpty ? .blob([]) : (path.dropLast() + "\u{2}").description.column
    }

    init(path: String) {
        self.init(path.split(separator: "\u{1}").map(String.init))
    }
}

extension ID {
    /// The identifier in the tables; the kind stands in a column of its own.
    var path: String { directory.path + name.pathName }

    init(_ kind: EntityKind, path: String) {
        let names = path.split(separator: "\u{1}").map(String.init)
        self.init(kind, Directory(names.dropLast()), names.last ?? "")
    }
}

extension String {
    /// The name within a path. One that holds what ends names is none, and must not lead to something else.
    fileprivate var pathName: String { utf8.contains(1) ? "\u{1}" : self }
}

extension Int64 {
    /// The number as a column keeps it.
    var column: Column { .integer(self) }
}

extension Int {
    /// The number as a column keeps it.
    var column: Column { .integer(Int64(self)) }
}

extension UInt64 {
    /// The number as a column keeps it.
    var column: Column { .integer(Int64(bitPattern: self)) }
}

extension String {
    /// The text as a column keeps it.
    var column: Column { .text(self) }
}
