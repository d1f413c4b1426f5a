// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
@testable import FloriaSQLite
import Glibc
import Support
import Testing

/// Stores of older programs.
@Suite struct MigrationTests {
    /// The tables as the program of version 1 made them.
    private static let first = """
        CREATE TABLE state (
            one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL, sequence INTEGER NOT NULL
        ) STRICT;
        INSERT INTO state VALUES (1, 7, 3);
        CREATE TABLE entities (
            key INTEGER PRIMARY KEY, kind INTEGER NOT NULL, directory TEXT NOT NULL, name TEXT NOT NULL,
            version INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
            container TEXT, source TEXT, target TEXT, content BLOB NOT NULL,
            UNIQUE (kind, directory, name)
        ) STRICT;
        CREATE INDEX entities_container ON entities (container, directory, name) WHERE container IS NOT NULL;
        CREATE INDEX entities_source ON entities (source, directory, name) WHERE source IS NOT NULL;
        CREATE INDEX entities_target ON entities (target, directory, name) WHERE target IS NOT NULL;
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
            collection TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, content BLOB NOT NULL,
            PRIMARY KEY (collection, key)
        ) STRICT;
        CREATE TABLE events (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, content BLOB NOT NULL) STRICT;
        PRAGMA application_id = 1179406162;
        PRAGMA user_version = 1;
        """

    private static let type = Entity.type(.type("c"))
    private static let web = Entity.vertex(.shop("web"), classes: [.type("c")], value: 1)
    private static let part = Entity.vertex(
        .shop("part"), in: .shop("web"), value: 2, reads: [PropertyReference(.shop("web"), "value")])
    private static let link = Entity.edge(.link("to"), from: .shop("web"), to: .shop("part"))

    /// Writes a store as the program of version 1 did.
    private static func write(_ path: String) throws {
        let connection = try Connection(path: path, isReadOnly: false)
        try connection.executeAll(first)
        for (version, entity) in [type, web, part, link].enumerated() {
            try connection.execute(
                """
                INSERT INTO entities (version, created, updated, container, source, target, content, kind, directory, name)
                VALUES (?, 11, 12, ?, ?, ?, ?, ?, ?, ?)
                """,
                [.integer(Int64(version + 1))] + [entity.ends.container, entity.ends.source, entity.ends.target] + [
                    .blob(CBOR.encode(entity.document))
                ] + entity.id.columns)
        }
        try connection.execute(
            "INSERT INTO memberships VALUES (?, 4, ?, 'web')", [ID.type("c").path.column, "shop\u{1}".column])
        try connection.execute(
            "INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?)",
            PropertyReference(.shop("web"), "value").columns + PropertyReference(.shop("part"), "value").columns)
        var graph = Graph()
        for entity in [web, part] { graph.insert(entity) }
        for (collection, key, value) in [("services", "shop", Value.text("x")), ("made", "shop", graph.document)] {
            try connection.execute(
                "INSERT INTO records VALUES (?, ?, 7, ?)", [collection.column, key.column, .blob(CBOR.encode(value))])
        }
        let event = Event(id: "e", type: "t", entity: .shop("web"), time: 1)
        try connection.execute("INSERT INTO events VALUES (3, 'e', ?)", [.blob(CBOR.encode(event.document))])
    }

    private static func expectEverything(_ path: String) async throws {
        let store = try SQLiteStore(path: path)
        #expect(try await store.check().isEmpty)
        try await store.read { snapshot throws(Problem) in
            var found: [Entity] = []
            for kind in [EntityKind.class, .vertex, .edge] {
                found += try snapshot.entities(.directory(kind, .root, isDeep: true))
            }
            #expect(found.map(\.header.version) == [1, 3, 2, 4])
            #expect(found.allSatisfy { $0.header.created == 11 && $0.header.updated == 12 })
            #expect(found.map(\.properties) == [type, part, web, link].map(\.properties))
            #expect(try snapshot.entities(.class(.type("c"), within: .root)).map(\.id) == [.shop("web")])
            #expect(try snapshot.baseline(.vertex, within: .root).map(\.properties) == [part, web].map(\.properties))
            #expect(try snapshot.record("services", "shop")?.value == "x")
            #expect(try snapshot.collections() == ["services"])
            #expect(try snapshot.events(after: 0, limit: 9).map(\.sequence) == [3])
            #expect(snapshot.position == 7)
        }
        try await store.commit(
            Transaction(puts: [.vertex(.shop("new"), classes: [.type("c")], value: 3)], expectations: [.shop("web"): 2]))
        #expect(try await store.check().isEmpty)
        #expect(try store.pragma("user_version") == .integer(Schema.version))
    }

    @Test func `a store of the first version is brought up to date`() async throws {
        try await withFolder { folder in
            let path = folder + "/store.db"
            try Self.write(path)
            let reading = try await problem { _ = try SQLiteStore(path: path, readOnly: true) }
            #expect(
                reading.message
                    == "the store ‘\(path)’ was written by an older program: its tables have version 1, this program's have 3")
            try await Self.expectEverything(path)
            try await Self.expectNothingToDo(path)
        }
    }

    private static func expectNothingToDo(_ path: String) async throws {
        let store = try SQLiteStore(path: path, readOnly: true)
        #expect(try await store.check().isEmpty)
    }

    @Test(arguments: Migration.allCases.map(\.rawValue))
    func `a step that was interrupted is taken again`(version: Int) async throws {
        try await withFolder { folder in
            try Self.write(folder + "/store.db")
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String, version] in
                let connection = try Connection(path: folder + "/store.db", isReadOnly: false)
                try connection.execute("PRAGMA journal_mode = WAL")
                // So little memory for pages that what isn't committed is written to the file.
                try connection.execute("PRAGMA cache_size = 1")
                for step in Migration.allCases where step.rawValue <= version {
                    try connection.execute("BEGIN IMMEDIATE")
                    try step.run(connection)
                    try connection.executeAll("PRAGMA user_version = \(step.rawValue + 1)")
                    if step.rawValue < version { try connection.execute("COMMIT") }
                }
                kill(getpid(), SIGKILL)
            }
            let found = try Connection(path: folder + "/store.db", isReadOnly: false).number("PRAGMA user_version")
            #expect(found == version, "nothing of the step counts")
            try await Self.expectEverything(folder + "/store.db")
        }
    }

    @Test func `a backup of the first version is restored as one of today's`() async throws {
        try await withFolder { folder in
            try Self.write(folder + "/backup")
            try SQLiteStore.restore(from: folder + "/backup", to: folder + "/store.db")
            try await Self.expectEverything(folder + "/store.db")
        }
    }
}
