// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
@testable import FloriaSQLite
import FoundationEssentials
import Glibc
import Support
import Testing

/// Disks that are full, can't be written or give back something else.
@Suite struct StoreFaultTests {
    static let canMount = geteuid() == 0

    /// Runs a test with a file system of a size of its own.
    private func withDisk(_ size: String, _ body: (String) async throws -> Void) async throws {
        try await withFolder { folder in
            guard mount("tmpfs", folder, "tmpfs", 0, "size=\(size)") == 0 else {
                Issue.record("a tmpfs cannot be mounted: \(String(cString: strerror(errno)))")
                return
            }
            defer { umount2(folder, Int32(MNT_DETACH)) }
            try await body(folder)
        }
    }

    private static func content(_ store: any Store) async throws -> [Value?] {
        try await store.read { snapshot throws(Problem) in
            try snapshot.entities(.directory(.vertex, .root, isDeep: true)).map { $0.properties["value"]?.value }
        }
    }

    @Test(.enabled(if: canMount, "mounting a small file system needs root"))
    func `a full disk is a problem, loses nothing, and is over when there is room`() async throws {
        try await withDisk("8m") { disk in
            let ballast = open(disk + "/ballast", O_WRONLY | O_CREAT, 0o600)
            #expect(posix_fallocate(ballast, 0, 2 << 20) == 0)
            close(ballast)
            let store = try SQLiteStore(path: disk + "/store.db")
            var count = 0
            let full = try await problem {
                while count < 1000 {
                    let value = Value.text(String(repeating: "\(count % 10)", count: 100_000))
                    try await store.commit(Transaction(puts: [.vertex(.shop("v-\(count)"), value: value)]))
                    count += 1
                }
            }
            #expect(full.code == "store.unavailable")
            #expect(full.hint == "make room on the disk")
            #expect(count > 5)
            #expect(try await Self.content(store).count == count)
            let backup = try await problem { try await store.backUp(to: disk + "/backup") }
            #expect(backup.hint == "make room on the disk")
            #expect(access(disk + "/backup", F_OK) != 0 && access(disk + "/backup.part", F_OK) != 0)
            unlink(disk + "/ballast")
            try await store.commit(Transaction(puts: [.vertex(.shop("small"), value: 1)]))
            #expect(try await Self.content(store).count == count + 1)
            #expect(try await store.check().isEmpty)
            store.close()
            #expect(try await Self.content(SQLiteStore(path: disk + "/store.db", readOnly: true)).count == count + 1)
        }
    }

    @Test(.enabled(if: canMount, "mounting a small file system needs root"))
    func `a folder that can't be written is a problem, and can be read`() async throws {
        try await withDisk("16m") { disk in
            let path = disk + "/store.db"
            do {
                let store = try SQLiteStore(path: path)
                try await store.commit(Transaction(puts: [.vertex(.shop("a"), value: 1)]))
                store.close()
            }
            #expect(mount("tmpfs", disk, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0)
            let problem = try await problem { _ = try SQLiteStore(path: path) }
            #expect(problem.code == "store.unavailable")
            #expect(problem.hint == "see that the file and its folder exist and can be written by this user")
            #expect(try await Self.content(SQLiteStore(path: path, readOnly: true)) == [1])
            let backup = try await FloriaTests.problem {
                try await SQLiteStore(path: path, readOnly: true).backUp(to: disk + "/b")
            }
            #expect(backup.message == "‘\(disk)/b’ cannot be written: Read-only file system")
        }
    }

    @Test func `damaged pages end no program, and a page that is overwritten is found`() async throws {
        try await withFolder { folder in
            let path = folder + "/store.db"
            do {
                let store = try SQLiteStore(path: path)
                for number in 0..<200 {
                    try await store.commit(Transaction(puts: [.vertex(.shop("v-\(number)"), value: .integer(number))]))
                }
                store.close()
            }
            let whole = try Data(contentsOf: URL(filePath: path))
            var random = RandomEntities(seed: 4)
            for round in 0..<60 {
                var damaged = whole
                let pages = whole.count / 4096
                if round % 2 == 0 {
                    for _ in 0..<8 { damaged[Int(random.next() % UInt64(whole.count))] ^= UInt8(1 << (random.next() % 8)) }
                } else {
                    let start = Int(random.next() % UInt64(pages)) * 4096
                    for index in start..<start + 4096 { damaged[index] = 0xa5 }
                }
                try damaged.write(to: URL(filePath: path))
                var found: [Problem] = []
                do throws(Problem) {
                    let store = try SQLiteStore(path: path, readOnly: true)
                    found = try await store.check()
                    for number in 0..<200 {
                        _ = try await store.read { snapshot throws(Problem) in try snapshot.entity(.shop("v-\(number)")) }
                    }
                } catch {
                    found.append(error)
                }
                #expect(round % 2 == 0 || !found.isEmpty, "round \(round)")
                #expect(
                    found.allSatisfy {
                        ["store.unavailable", "store.damaged"].contains($0.code) || $0.code.hasPrefix("cbor.")
                            || $0.code.hasPrefix("floria.malformed")
                    })
            }
        }
    }
}
