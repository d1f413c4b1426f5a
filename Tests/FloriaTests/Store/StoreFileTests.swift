// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
@testable import FloriaSQLite
import FoundationEssentials
import Glibc
import Support
import Testing

/// Backup, restoring and checking of the store in a file.
@Suite struct StoreFileTests {
    private static func fill(_ store: any Store) async throws {
        let web = ID.shop("web")
        var transaction = Transaction(puts: [
            .type(.type("c")), .vertex(web, classes: [.type("c")], value: 1),
            .vertex(.shop("web.part"), in: web, value: 2, reads: [PropertyReference(web, "value")]),
            .edge(.link("to"), from: web, to: .shop("web.part")),
        ])
        transaction.baseline = [.vertex(web, value: 1)]
        transaction.records = [Record("c", "k", ["a": 1])]
        transaction.events = [Event(id: "e", type: "t", entity: web, time: 1)]
        try await store.commit(transaction)
    }

    private func names(_ path: String) async throws -> [String] {
        let store = try SQLiteStore(path: path, readOnly: true)
        return try await store.read { snapshot throws(Problem) in
            try snapshot.entities(.directory(.vertex, .root, isDeep: true)).map(\.id.name)
        }
    }

    @Test func `a backup that is made while others write has whole transactions only, and all that came before`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            try await Self.fill(store)
            let counter = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while !Task.isCancelled {
                        let number = counter.next()
                        try await store.commit(
                            Transaction(puts: [.vertex(.shop("\(number)-a")), .vertex(.shop("\(number)-b"))]))
                    }
                }
                for copy in 1...5 {
                    try await Task.sleep(for: .milliseconds(20))
                    let before = try await store.read { snapshot throws(Problem) in snapshot.position }
                    try await store.backUp(to: folder + "/backup-\(copy)")
                    let backup = try SQLiteStore(path: folder + "/backup-\(copy)", readOnly: true)
                    #expect(try await backup.check().isEmpty)
                    let position = try await backup.read { snapshot throws(Problem) in snapshot.position }
                    #expect(position >= before)
                    let names = try await names(folder + "/backup-\(copy)")
                    #expect(names.count == 2 + 2 * (Int(position) - 1), "pairs, and what was there first")
                }
                group.cancelAll()
                try await group.waitForAll()
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(files.filter { $0.hasPrefix("backup") } == (1...5).map { "backup-\($0)" }, "nothing else is left")
            var status = stat()
            #expect(stat(folder + "/backup-1", &status) == 0 && status.st_mode & 0o777 == 0o600, "not for others to read")
            let taken = try await problem { try await store.backUp(to: folder + "/backup-1") }
            #expect(taken.message == "‘\(folder)/backup-1’ is there already")
            let nowhere = try await problem { try await store.backUp(to: folder + "/none/backup") }
            #expect(nowhere.message == "‘\(folder)/none/backup’ cannot be written: No such file or directory")
        }
    }

    @Test func `a restored store is what the backup was, and what it replaced is kept`() async throws {
        try await withFolder { folder in
            let path = folder + "/store.db", backup = folder + "/backup"
            let store = try SQLiteStore(path: path)
            try await Self.fill(store)
            try await store.backUp(to: backup)
            try await store.commit(Transaction(puts: [.vertex(.shop("later"))]))
            store.close()
            try SQLiteStore.restore(from: backup, to: path)
            #expect(try await names(path) == ["web", "web.part"])
            #expect(try await names(path + ".replaced") == ["later", "web", "web.part"])
            let again = try SQLiteStore(path: path)
            #expect(try await again.check().isEmpty)
            try await again.commit(Transaction(puts: [.vertex(.shop("new"))]))
            #expect(try await names(path) == ["new", "web", "web.part"])
            again.close()
            try SQLiteStore.restore(from: path + ".replaced", to: folder + "/elsewhere.db")
            #expect(try await names(folder + "/elsewhere.db") == ["later", "web", "web.part"])
        }
    }

    @Test func `a store whose program was killed is replaced together with its log`() async throws {
        try await withFolder { folder in
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
                let store = try SQLiteStore(path: folder + "/store.db")
                try await Self.fill(store)
                try await store.backUp(to: folder + "/backup")
                for number in 0..<50 { try await store.commit(Transaction(puts: [.vertex(.shop("later-\(number)"))])) }
                kill(getpid(), SIGKILL)
            }
            // A log that cannot be brought into its file, because that is damaged, must not be taken for one of the restored file.
            let damaged = open(folder + "/store.db", O_WRONLY)
            pwrite(damaged, [UInt8](repeating: 0x55, count: 100), 100, 0)
            close(damaged)
            try SQLiteStore.restore(from: folder + "/backup", to: folder + "/store.db")
            #expect(try await names(folder + "/store.db") == ["web", "web.part"])
            #expect(try await SQLiteStore(path: folder + "/store.db").check().isEmpty)
        }
    }

    @Test func `what is damaged, no store or in use is not restored or replaced`() async throws {
        try await withFolder { folder in
            let path = folder + "/store.db", backup = folder + "/backup"
            let store = try SQLiteStore(path: path)
            try await Self.fill(store)
            try await store.backUp(to: backup)
            await #expect(processExitsWith: .success) { [folder = folder as String] in
                // Another process: locks of one process don't keep itself out.
                do throws(Problem) {
                    try SQLiteStore.restore(from: folder + "/backup", to: folder + "/store.db")
                    throw Problem("test", "a store that is in use was replaced")
                } catch {
                    #expect(error.code == "store.unavailable")
                    #expect(error.hint == "another program holds the store: end it")
                }
            }
            store.close()
            let connection = try Connection(path: backup, isReadOnly: false)
            try connection.execute("DELETE FROM memberships")
            let damaged = try await problem { try SQLiteStore.restore(from: backup, to: path) }
            #expect(damaged.code == "store.damaged")
            #expect(damaged.message == "the backup ‘\(backup)’ is damaged")
            #expect(damaged.causes.map(\.message) == ["‘shop/web’ is missing among the members of ‘types/c’"])
            #expect(try await names(path) == ["web", "web.part"])
            try Data("no database at all, but long enough to be one, is it not? it is".utf8).write(to: URL(filePath: backup))
            #expect(
                try await problem { try SQLiteStore.restore(from: backup, to: path) }.description.contains("not a database"))
            #expect(
                try await problem { try SQLiteStore.restore(from: folder + "/none", to: path) }.message
                    == "the store ‘\(folder)/none’ cannot be opened: No such file or directory")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["backup", "store.db"])
        }
    }

    @Test func `a check finds what doesn't fit together`() async throws {
        let damages: [(String, [String])] = [
            ("DELETE FROM readings", ["‘shop/web.part.value’ is missing among the readers of ‘shop/web.value’"]),
            ("INSERT INTO memberships VALUES ('x', 4, 'y', 'z')", ["the index ‘memberships’ has 1 rows of what isn't there"]),
            ("UPDATE entities SET version = 9 WHERE name = 'web'", ["‘shop/web’ has a version that the store hasn't come to"]),
            ("UPDATE entities SET container = NULL", ["‘shop/web.part’ is listed as something else"]),
            ("DELETE FROM entities WHERE kind = 0", ["the class ‘types/c’ of ‘shop/web’ isn't there"]),
            (
                "DELETE FROM entities WHERE name = 'web.part'",
                [
                    "the index ‘readings’ has 1 rows of what isn't there",
                    "‘shop/web.part’, at which the edge ‘shop/to’ ends, isn't there",
                ]
            ),
            (
                "UPDATE entities SET content = x'00' WHERE name = 'web'",
                ["‘shop/web’ cannot be read"]
            ),
            (
                "DELETE FROM patterns WHERE key = (SELECT pattern FROM entities WHERE name = 'web')",
                ["‘shop/web’ cannot be read"]
            ),
            ("UPDATE baseline SET name = 'x'", ["the baseline of ‘shop/web’ is listed as something else"]),
            ("UPDATE baseline SET content = x'00'", ["the baseline of ‘web’ cannot be read"]),
            ("UPDATE records SET content = x'ff'", ["the record ‘k’ of ‘c’ cannot be read"]),
            ("UPDATE events SET id = 'f'", ["the event 1 is listed as something else"]),
            ("UPDATE state SET sequence = 0", ["the event 1 has a number that the store hasn't come to"]),
            (
                "UPDATE entities SET container = 'shop' || char(1) || 'web.part' WHERE name = 'web'",
                ["‘shop/web’ is listed as something else", "‘shop/web’ contains itself", "‘shop/web.part’ contains itself"]
            ),
        ]
        for (sql, messages) in damages {
            try await withFolder { folder in
                let store = try SQLiteStore(path: folder + "/store.db")
                try await Self.fill(store)
                #expect(try await store.check().isEmpty)
                let connection = try Connection(path: folder + "/store.db", isReadOnly: false)
                try connection.execute(sql)
                // What checksums would tell is told elsewhere.
                for table in SealedTable.all { try table.seal(connection) }
                #expect(Set(try await store.check().map(\.message)) == Set(messages), "\(sql)")
            }
        }
    }
}
