// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSQLite
import FoundationEssentials
import Support
import Testing

/// What instantiating costs. `FLORIA_SCALE=100000 swift test -c release --filter ScaleTests` measures the figures that count.
@Suite(.serialized) struct ScaleTests {
    /// So many vertexes with three properties each, and twice as many edges: pairs by capacity, pairs by index, and two to
    /// what a filter accepts.
    private func design(_ vertexes: Int) -> TestDesign {
        var design = TestDesign()
        let properties = [
            "a": Property(updater: 1), "b": Property(updater: .t("add", .own("a"), 1)), "c": Property(updater: .own("b")),
        ]
        let half = vertexes / 2
        design.node("web", classes: ["Web"], count: .integer(half), properties)
        design.node("data", classes: ["Data"], count: .integer(half - 4), properties)
        design.node("hub", classes: ["Hub"], count: 4, properties)
        let unit = Property(updater: 1, metadata: ValueMap([("allocates", "b")]))
        design.edge("store", of: "web", optional: true, ["takes": unit]) { $0.targetClass = .type("Data") }
        design.edge("peer", of: "web") {
            $0.template = TestDesign.template("web")
            $0.index = .t("index")
        }
        design.edge("uses", of: "web", count: 2) {
            $0.targetClass = .type("Hub")
            $0.filter = .t("less", 0, .t("of-target", "c"))
        }
        return design
    }

    private struct Cost {
        var graph: Graph
        var seconds: Double
    }

    private func make(_ vertexes: Int) async throws -> Cost {
        let design = design(vertexes)
        let begin = ContinuousClock.now
        let graph = try await design.instantiate()
        return Cost(graph: graph, seconds: (ContinuousClock.now - begin) / .seconds(1))
    }

    @Test func `cost grows in proportion to what is made`() async throws {
        _ = try await make(200)
        let small = try await make(400)
        let large = try await make(3200)
        #expect(large.graph.vertexes.count == 3201 && large.graph.edges.count == 6400)
        // Eight times as much; a square would take sixty-four times as long.
        #expect(large.seconds < small.seconds * 20, "\(small.seconds) s, then \(large.seconds) s")
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["FLORIA_SCALE"] != nil))
    func `a hundred thousand vertexes are made and durable within ten seconds and 700 MB`() async throws {
        let count = ProcessInfo.processInfo.environment["FLORIA_SCALE"].flatMap { Int($0) } ?? 1000
        try await withFolder { folder in
            let store = try SQLiteStore(path: folder + "/store.db", now: { 1 })
            let made = try await make(count)
            let begin = ContinuousClock.now
            var transaction = Transaction()
            transaction.puts = design(count).design.entities
            for name in ["Web", "Data", "Hub"] { transaction.puts.append(.class(Class(EntityHeader(.type(name))))) }
            transaction.puts += made.graph.vertexes.values.map(Entity.vertex) + made.graph.edges.values.map(Entity.edge)
            try await store.commit(transaction)
            let commit = (ContinuousClock.now - begin) / .seconds(1)
            let peak = try peakMegabytes()
            print("\(count) vertexes: made in \(made.seconds) s, durable \(commit) s later, at most \(peak) MB")
            #expect(made.seconds + commit < 10 && peak < 700)
        }
    }

    private func peakMegabytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1024
    }
}
