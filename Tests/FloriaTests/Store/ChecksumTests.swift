// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
@testable import FloriaSQLite
import FoundationEssentials
import Support
import Testing

/// Rows that a disk gives back otherwise than they were written.
@Suite struct ChecksumTests {
    @Test func `rows that differ in one bit, in length or in where a column ends have other checksums`() {
        let text = "a text of more than one word"
        var rows: [[Column]] = [
            [text.column, 7.column], [(text + "\u{0}").column, 7.column], [text.column, 7.column, .null], [.null, text.column],
            ["a".column, "bc".column], ["ab".column, "c".column], [], [.null], [0.column],
        ]
        for bit in 0..<64 { rows.append([text.column, Column.integer(7 ^ 1 << bit)]) }
        for place in text.utf8.indices {
            for bit in 0..<8 {
                var bytes = Array(text.utf8)
                bytes[text.utf8.distance(from: text.startIndex, to: place)] ^= 1 << bit
                rows.append([.blob(bytes), 7.column])
            }
        }
        #expect(Set(rows.map { Checksum($0).value }).count == rows.count)
    }

    @Test(arguments: SealedTable.all.map(\.name))
    func `a row that isn't what its checksum says is a problem to who reads it`(table: String) async throws {
        try await withFolder { folder in
            let path = folder + "/store.db"
            do {
                let store = try SQLiteStore(path: path)
                try await store.commit(RandomContent(seed: 3).transaction)
                store.close()
            }
            try Connection(path: path, isReadOnly: false).execute("UPDATE \(table) SET sum = sum + 1")
            let problem = try await problem {
                _ = try await StoreContent(SQLiteStore(path: path, readOnly: true))
            }
            #expect(problem.description.contains("a row of the store is damaged"))
        }
    }

    @Test func `a flipped bit is found by a check, or changes nothing`() async throws {
        try await withFolder { folder in
            let path = folder + "/store.db"
            let store = try SQLiteStore(path: path)
            try await store.commit(RandomContent(seed: 11).transaction)
            let whole = try await StoreContent(store)
            store.close()
            let bytes = try Data(contentsOf: URL(filePath: path))
            var random = RandomEntities(seed: 5)
            var found = 0
            for _ in 0..<75 {
                let place = Int(random.next() % UInt64(bytes.count))
                for bit in 0..<8 {
                    var damaged = bytes
                    damaged[place] ^= 1 << bit
                    try damaged.write(to: URL(filePath: path))
                    if let content = try await Self.unsuspected(path) {
                        #expect(content == whole, "bit \(bit) of byte \(place)")
                    } else {
                        found += 1
                    }
                }
            }
            #expect(found > 100, "most of the file is in use")
        }
    }

    /// What a store holds, unless a check finds it damaged.
    private static func unsuspected(_ path: String) async throws -> StoreContent? {
        do throws(Problem) {
            let store = try SQLiteStore(path: path, readOnly: true)
            guard try await store.check().isEmpty else { return nil }
            return try await StoreContent(store)
        } catch {
            return nil
        }
    }
}
