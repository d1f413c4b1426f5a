// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSQLite
import FoundationEssentials
import Support

/// What durable changes cost: one after the other, and from many writers at once.
struct ChangeFigures {
    let folder: String

    private static let vertexes = 6400
    private static let single = 400
    private static let writers = 64
    private static let batch = 100
    private static let rounds = 7

    func measure() async throws -> [Figure] {
        let path = folder + "/store.db"
        try await StoreContent.make(path, vertexes: Self.vertexes)
        let raw = try RawDatabase(copyOf: path, at: folder + "/raw.db")
        let recorded = try await record(path)
        let single = try raw.prepare(recorded)
        // What belongs to the commit as a whole is done once for each batch.
        let isOfCommit = { (statement: RecordedStatement) in
            ["BEGIN", "COMMIT", "UPDATE state", "SELECT state.position"].contains { statement.text.hasPrefix($0) }
        }
        let ofCommit = Array(recorded.prefix { !$0.text.hasPrefix("COMMIT") }.filter(isOfCommit))
        let start = try raw.prepare(ofCommit.filter { !$0.text.hasPrefix("UPDATE") })
        let end = try raw.prepare(
            ofCommit.filter { $0.text.hasPrefix("UPDATE") } + recorded.filter { $0.text == "COMMIT" }.prefix(1))
        let each = try raw.prepare(recorded.filter { !isOfCommit($0) })
        let store = try SQLiteStore(path: path)
        defer { store.close() }
        var versions = try await versions(store)
        var rates: [[Double]] = [[], [], [], []]
        for round in 0...Self.rounds {
            let times = [
                try await seconds { try await change(0..<Self.single, store, &versions) },
                try await seconds { for (statement, arguments) in single { try raw.run(statement, arguments) } },
                try await seconds { try await changeAtOnce(store, &versions) },
                try await seconds { try replay(each, start, end, raw) },
            ]
            let counts = [Self.single, Self.single, Self.vertexes, Self.single]
            // The first round makes the log as long as it becomes.
            if round > 0 { for index in 0..<4 { rates[index].append(Double(counts[index]) / times[index]) } }
        }
        let (one, oneRaw, many, manyRaw) = (rates[0].median, rates[1].median, rates[2].median, rates[3].median)
        return [
            Figure(
                name: "durable changes, one by one", measured: one, unit: "1/s", floor: (oneRaw, "raw loop, same statements"),
                bound: .least(0.5 * oneRaw)),
            Figure(
                name: "durable changes, \(Self.writers) writers", measured: many, unit: "1/s",
                floor: (manyRaw, "raw batches of \(Self.batch)"), bound: .least(0.5 * manyRaw)),
            Figure(
                name: "\(Self.writers) writers ÷ one", measured: many / one, unit: "×",
                floor: (manyRaw / oneRaw, "raw batches ÷ raw loop"), bound: .least(5)),
        ]
    }

    /// The statements of some changes that follow each other.
    private func record(_ path: String) async throws -> [RecordedStatement] {
        try await Recording.of {
            let store = try SQLiteStore(path: path)
            defer { store.close() }
            var versions = try await versions(store)
            Recording.restart()
            try await change(0..<Self.single, store, &versions)
        }
    }

    private func versions(_ store: SQLiteStore) async throws -> [UInt64] {
        try await store.read { snapshot throws(Problem) in
            var versions: [UInt64] = []
            for number in 0..<Self.vertexes {
                versions.append(try snapshot.entity(StoreContent.vertex(number, 0).header.id)?.header.version ?? 0)
            }
            return versions
        }
    }

    /// Changes vertexes one after the other, each if it is as it was seen last.
    private func change(_ numbers: Range<Int>, _ store: SQLiteStore, _ versions: inout [UInt64]) async throws {
        for number in numbers {
            versions[number] = try await change(number, store, from: versions[number])
        }
    }

    private func change(_ number: Int, _ store: SQLiteStore, from version: UInt64) async throws -> UInt64 {
        let vertex = StoreContent.vertex(number, Int(version) % 60_000)
        var transaction = Transaction()
        transaction.puts = [.vertex(vertex)]
        transaction.expectations = [vertex.header.id: version]
        return try await store.commit(transaction).position
    }

    /// Changes all vertexes, each writer its share.
    private func changeAtOnce(_ store: SQLiteStore, _ versions: inout [UInt64]) async throws {
        let seen = versions
        try await withThrowingTaskGroup(of: [(Int, UInt64)].self) { group in
            for writer in 0..<Self.writers {
                group.addTask {
                    var changed: [(Int, UInt64)] = []
                    for number in stride(from: writer, to: Self.vertexes, by: Self.writers) {
                        changed.append((number, try await change(number, store, from: seen[number])))
                    }
                    return changed
                }
            }
            for try await changed in group { for (number, version) in changed { versions[number] = version } }
        }
    }

    private typealias Prepared = [(OpaquePointer, [RecordedStatement.Argument])]

    /// Executes the statements of changes in batches, each with one commit.
    private func replay(_ each: Prepared, _ start: Prepared, _ end: Prepared, _ raw: RawDatabase) throws {
        let size = each.count / Self.single * Self.batch
        for first in Swift.stride(from: 0, to: each.count, by: size) {
            for part in [start[...], each[first..<min(first + size, each.count)], end[...]] {
                for (statement, arguments) in part { try raw.run(statement, arguments) }
            }
        }
    }
}
