// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
@testable import FloriaSQLite
import FoundationEssentials
import GRDB
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
                try store.close()
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
                try store.close()
            }
            // The version of the tables stands at offset 60 of the file, most significant byte first.
            var bytes = try Data(contentsOf: URL(filePath: path))
            bytes[63] = 99
            try bytes.write(to: URL(filePath: path))
            for readOnly in [true, false] {
                let problem = try await problem { _ = try SQLiteStore(path: path, readOnly: readOnly) }
                #expect(
                    problem.message
                        == "the store ‘\(path)’ was written by a newer program: its tables have version 99, this program knows 2"
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

    @Test func `what instances of one template have in common is kept once, and not longer than they are`() async throws {
        try await withFolder { folder in
            let path = folder + "/store.db"
            func patterns() throws -> Int {
                try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM patterns") ?? -1 }
            }
            let ids = (0..<20).map { ID.shop("web-\($0)") }
            do {
                let store = try SQLiteStore(path: path)
                try await store.commit(Transaction(puts: ids.map { .vertex($0, value: 1) }))
                try store.close()
            }
            #expect(try patterns() == 1)
            do {
                let store = try SQLiteStore(path: path)
                try await store.commit(Transaction(puts: [.vertex(ids[0], value: 2), .vertex(.shop("db"), value: 1)]))
                let all = try await store.read { snapshot throws(Problem) in
                    try snapshot.entities(.directory(.vertex, Directory(["shop"]), isDeep: true))
                }
                #expect(all.count == 21)
                var removal = Transaction()
                removal.deletions = ids
                removal.baseline = [.vertex(.shop("db"), value: 7)]
                try await store.commit(removal)
                try store.close()
            }
            #expect(try patterns() == 1)
            do {
                let store = try SQLiteStore(path: path)
                var removal = Transaction()
                removal.deletions = [.shop("db")]
                removal.baselineDeletions = [.shop("db")]
                try await store.commit(removal)
                try await store.commit(Transaction(puts: [.vertex(.shop("again"), value: 1)]))
                let again = try await store.read { snapshot throws(Problem) in try snapshot.entity(.shop("again")) }
                #expect(again?.properties["value"]?.value == 1)
                try store.close()
            }
            #expect(try patterns() == 1)
        }
    }
}
