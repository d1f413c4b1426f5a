// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
@testable import FloriaSQLite
import FoundationEssentials
import Glibc
import Support
import Testing

/// What the store in a file promises beyond the conformance suite.
@Suite struct SQLiteStoreTests {
    private func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    private func names(_ store: SQLiteStore) async throws -> [String] {
        try await store.read { snapshot throws(Problem) in
            try snapshot.entities(.directory(.vertex, .root, isDeep: true)).map(\.id.name)
        }
    }

    @Test func `a reopened store has everything that was acknowledged`() async throws {
        try await withFolder { folder in
            let path = folder + "/store.db"
            for number in 1...3 {
                let store = try SQLiteStore(path: path)
                try await store.commit(Transaction(puts: [.vertex(.shop("v\(number)"), value: .integer(number))]))
                #expect(try await names(store).count == number)
            }
            let store = try SQLiteStore(path: path)
            #expect(try await store.read { snapshot throws(Problem) in snapshot.position } == 3)
        }
    }

    @Test func `an acknowledged commit is on disk`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            #expect(try store.pragma("synchronous") == 2, "FULL: the log is synced at every commit")
            #expect(try store.pragma("journal_mode") == "wal")
        }
    }

    @Test func `reading offline makes and changes no file`() async throws {
        try await withFolder { folder in
            let path = folder + "/a % store?.db"
            do {
                let store = try SQLiteStore(path: path)
                try await store.commit(Transaction(puts: [.vertex(.shop("web"))]))
                store.close()
            }
            #expect(try files(folder) == ["a % store?.db"])
            let before = try Data(contentsOf: URL(filePath: path))
            let reader = try SQLiteStore(path: path, readOnly: true)
            #expect(try await names(reader) == ["web"])
            #expect(try files(folder) == ["a % store?.db"])
            #expect(try Data(contentsOf: URL(filePath: path)) == before)
            let problem = try await problem { try await reader.commit(Transaction(puts: [.vertex(.shop("x"))])) }
            #expect(problem.code == "store.unavailable")
        }
    }

    @Test func `a store that is in use can be read beside its writer`() async throws {
        try await withFolder { folder in
            let path = folder + "/store.db"
            let store = try SQLiteStore(path: path)
            try await store.commit(Transaction(puts: [.vertex(.shop("a"))]))
            let reader = try SQLiteStore(path: path, readOnly: true)
            #expect(try await names(reader) == ["a"])
            try await store.commit(Transaction(puts: [.vertex(.shop("b"))]))
            #expect(try await names(reader) == ["a", "b"])
        }
    }

    @Test func `a store that is not there is not made by reading`() async throws {
        try await withFolder { folder in
            let problem = try await problem { _ = try SQLiteStore(path: folder + "/none.db", readOnly: true) }
            #expect(problem.code == "store.unavailable")
            #expect(problem.message == "the store ‘\(folder)/none.db’ cannot be opened: No such file or directory")
            #expect(try files(folder).isEmpty)
        }
    }

    @Test func `a store of a newer program is refused and left alone`() async throws {
        try await withFolder { folder in
            let path = folder + "/store.db"
            do {
                let store = try SQLiteStore(path: path)
                store.close()
            }
            // The version of the tables stands at offset 60 of the file, most significant byte first.
            var bytes = try Data(contentsOf: URL(filePath: path))
            bytes[63] = 99
            try bytes.write(to: URL(filePath: path))
            for readOnly in [true, false] {
                let problem = try await problem { _ = try SQLiteStore(path: path, readOnly: readOnly) }
                #expect(
                    problem.message
                        == "the store ‘\(path)’ was written by a newer program: its tables have version 99, this program knows \(Schema.version)"
                )
            }
        }
    }

    @Test func `what is no store is refused`() async throws {
        try await withFolder { folder in
            let path = folder + "/store.db"
            try Data("this is not a database, but it is long enough to be mistaken for one".utf8).write(to: URL(filePath: path))
            let garbage = try await problem { _ = try SQLiteStore(path: path) }
            #expect(garbage.code == "store.unavailable")
            #expect(garbage.description.contains("file is not a database"))
            let missing = try await problem { _ = try SQLiteStore(path: folder + "/no/store.db") }
            #expect(missing.code == "store.unavailable")
            #expect(missing.message == "the store ‘\(folder)/no/store.db’ cannot be opened")
        }
    }

    @Test func `an idle store writes nothing`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            try await store.commit(Transaction(puts: [.vertex(.shop("a"))]))
            func stamps() throws -> [String] {
                try files(folder).map { name in
                    var status = stat()
                    #expect(stat(folder + "/" + name, &status) == 0)
                    return "\(name) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
                }
            }
            let before = try stamps()
            try await Task.sleep(for: .milliseconds(300))
            _ = try await names(store)
            try await store.commit(Transaction(expectations: [.shop("a"): 1]))
            #expect(try stamps() == before)
        }
    }

    @Test func `what instances of one template have in common is kept once, and not for ever`() async throws {
        try await withFolder { folder in
            let path = folder + "/store.db"
            func patterns() throws -> Int64? {
                try Connection(path: path, isReadOnly: true).row("SELECT count(*) FROM patterns", []) { row throws(Problem) in
                    try row.integer(0)
                }
            }
            func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
                let store = try SQLiteStore(path: path)
                try await body(store)
                store.close()
            }
            let ids = (0..<Int(Schema.sweepThreshold)).map { ID.shop("web-\($0)") }
            try await withStore { store in
                try await store.commit(Transaction(puts: ids.map { .vertex($0, value: 1) } + [.vertex(.shop("db"))]))
            }
            #expect(try patterns() == 2)
            try await withStore { store in
                var removal = Transaction(deletions: ids)
                removal.baseline = [.vertex(.shop("db"))]
                try await store.commit(removal)
            }
            try await withStore { store in
                let (db, made) = try await store.read { snapshot throws(Problem) in
                    (try snapshot.entity(.shop("db")), try snapshot.baseline(.shop("db")))
                }
                #expect(db != nil && made != nil)
                try await store.commit(Transaction(puts: [.vertex(.shop("again"), value: 1)]))
                let again = try await store.read { snapshot throws(Problem) in try snapshot.entity(.shop("again")) }
                #expect(again?.properties["value"]?.value == 1)
            }
            // Of `db`, of its baseline, which was put by a program that hadn't read `db` yet, and of `again`.
            #expect(try patterns() == 3)
        }
    }
}
