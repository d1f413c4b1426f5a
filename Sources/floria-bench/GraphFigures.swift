// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSQLite
import FoundationEssentials
import Support

/// What whole graphs cost: to make, to store, to read, and to find that nothing is to be changed.
struct GraphFigures {
    let folder: String
    let count: Int

    /// What one size costs, in seconds.
    private struct Cost {
        var making = 0.0
        var commit = 0.0
        var commitFloor = 0.0
        var peak = 0.0
        var reading = 0.0
        var readingFloor = 0.0
        var comparing = 0.0
        var remaking = 0.0
        var durable: Double { making + commit }
        var same: Double { reading + remaking + comparing }
    }

    func measure() async throws -> [Figure] {
        // From small to large: then the most memory is that of the largest.
        let sizes = [1000, 10_000, 100_000].filter { $0 < count } + [count]
        var figures: [Figure] = []
        var first: (size: Int, cost: Cost)?
        for size in sizes {
            let cost = try await cost(size)
            if first == nil { first = (size, cost) }
            figures += rows(size, cost, isLast: size == count)
        }
        return figures
    }

    private func rows(_ size: Int, _ cost: Cost, isLast: Bool) -> [Figure] {
        let share = Double(size) / 100_000
        let durable = Figure(
            name: "\(size) vertexes made and durable", measured: cost.durable, unit: "s",
            floor: (cost.commitFloor, "raw INSERT of the rows"), bound: .most(10 * share),
            note: "made in \(cost.making) s, durable \(cost.commit) s later")
        let same = Figure(
            name: "\(size) vertexes: no-op change set", measured: cost.same, unit: "s",
            floor: (cost.readingFloor, "raw SELECT of the rows"), bound: .most(6 * share),
            note: "read in \(cost.reading) s, made again in \(cost.remaking) s, compared in \(cost.comparing) s")
        let peak = Figure(name: "\(size) vertexes: peak memory", measured: cost.peak, unit: "MB", bound: .most(700))
        return isLast && size >= 100_000 ? [durable, peak, same] : [durable, same]
    }

    private func cost(_ size: Int) async throws -> Cost {
        var cost = Cost()
        let path = folder + "/\(size).db"
        let store = try SQLiteStore(path: path, now: { 1 })
        let design = BenchDesign(vertexes: size)
        try await make(design, in: store, &cost)
        cost.peak = try peakMegabytes()
        try await compare(design, in: store, &cost)
        store.close()
        cost.commitFloor = try await writeRaw(path)
        cost.readingFloor = try await readRaw(path)
        try FileManager.default.removeItem(atPath: path)
        return cost
    }

    private func make(_ design: BenchDesign, in store: SQLiteStore, _ cost: inout Cost) async throws {
        var graph = Graph()
        cost.making = try await seconds { graph = try await design.instantiate() }
        cost.commit = try await seconds {
            var transaction = Transaction()
            transaction.puts = design.design.entities
            transaction.puts += graph.entities
            try await store.commit(transaction)
        }
    }

    private func compare(_ design: BenchDesign, in store: SQLiteStore, _ cost: inout Cost) async throws {
        var baseline = Transaction()
        let made = try await store.read { snapshot throws(Problem) in try Graph(service: "shop", in: snapshot) }
        baseline.baseline = made.entities
        try await store.commit(baseline)
        var (present, last, wanted) = (Graph(), Graph(), Graph())
        cost.reading = try await seconds {
            (present, last) = try await store.read { snapshot throws(Problem) in
                (try Graph(service: "shop", in: snapshot), try Graph(baselineOf: "shop", in: snapshot))
            }
        }
        cost.remaking = try await seconds { wanted = try await design.instantiate(onto: present) }
        cost.comparing = try await seconds {
            let changes = ChangeSet(comparing: last, wanted: wanted, present: present)
            guard changes.changes.isEmpty else { throw Problem("bench.changed", "\(changes.changes.count) entities changed") }
        }
    }

    /// The seconds in which raw SQLite writes the graph's rows and their indexes to another file.
    private func writeRaw(_ path: String) async throws -> Double {
        let copy = path + ".copy"
        let empty = try SQLiteStore(path: copy)
        empty.close()
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let database = try RawDatabase(copy)
        try database.execute("ATTACH '\(path)' AS whole")
        return try await seconds {
            try database.execute("BEGIN IMMEDIATE")
            for table in ["patterns", "entities", "memberships", "readings"] {
                try database.execute("INSERT INTO main.\(table) SELECT * FROM whole.\(table)")
            }
            try database.execute("COMMIT")
        }
    }

    /// The seconds in which raw SQLite reads the rows of a graph and of what a design last made.
    private func readRaw(_ path: String) async throws -> Double {
        let database = try RawDatabase(path)
        return try await seconds {
            for table in ["entities", "baseline"] {
                try database.run(database.statement("SELECT * FROM \(table) ORDER BY kind, directory, name"), [])
            }
        }
    }
}
