// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// What instantiating costs. The figures that count are those of `make bench`.
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
}
