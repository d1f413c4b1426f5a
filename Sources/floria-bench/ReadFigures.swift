// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSQLite
import Support

/// What it costs to read one entity.
struct ReadFigures {
    let folder: String

    private static let vertexes = 5000
    private static let rounds = 7

    func measure() async throws -> [Figure] {
        let path = folder + "/store.db"
        try await StoreContent.make(path, vertexes: Self.vertexes)
        let raw = try RawDatabase(copyOf: path, at: folder + "/raw.db")
        let ids = (0..<Self.vertexes).shuffled().map { StoreContent.vertex($0, 0).header.id }
        let recorded = try await Recording.of {
            let store = try SQLiteStore(path: path)
            defer { store.close() }
            Recording.restart()
            try await read(ids, store)
        }
        let selects = try raw.prepare(recorded.filter { $0.text.contains("FROM entities") })
        guard selects.count == ids.count else { throw Problem("bench.floor", "a reading is more than one statement") }
        var (first, again, floor): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<Self.rounds {
            // What a store has read it holds for a while; a new one holds nothing.
            let store = try SQLiteStore(path: path)
            try await read(ids.prefix(1), store)
            first.append(try await seconds { try await read(ids, store) })
            again.append(try await seconds { try await read(ids, store) })
            floor.append(try await seconds { for (statement, arguments) in selects { try raw.run(statement, arguments) } })
            store.close()
        }
        return [("point read", first), ("point read, again", again)].map { name, times in
            let (measured, least) = (times.median / Double(ids.count) * 1e6, floor.median / Double(ids.count) * 1e6)
            return Figure(
                name: name, measured: measured, unit: "µs", floor: (least, "raw prepared statement"), bound: .most(3 * least))
        }
    }

    private func read(_ ids: some Sequence<ID>, _ store: SQLiteStore) async throws {
        for id in ids {
            let found = try await store.read { snapshot throws(Problem) in try snapshot.entity(id) }
            if found == nil { throw Problem("bench.missing", "‘\(id)’ isn't there") }
        }
    }
}
