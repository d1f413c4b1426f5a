// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// How much may come of a design: each limit is kept at its number, and told one above.
@Suite struct InstantiationLimitTests {
    /// Vertexes within each other, the outermost one below the root.
    private func nested(_ depth: Int) -> TestDesign {
        var design = TestDesign()
        for level in 1...depth { design.spare("v\(level)") }
        for level in 1..<depth { design.put("v\(level + 1)", in: "v\(level)") }
        design.choice("box", [("v1", nil)])
        return design
    }

    @Test func `vertexes lie within each other as deep as the limit says`() async throws {
        #expect(InstantiationLimits().depth == 32)
        #expect(try await nested(32).instantiate().vertexes.count == 33)
        let problems = await nested(33).problems()
        #expect(problems.count == 1)
        #expect(problems.first?.contains("would lie deeper than 32 levels [floria.too-large]") == true)
        #expect(problems.first?.contains("‘shop/box.v2.v3.") == true)
    }

    @Test(arguments: [(3, true), (4, false)])
    func `as many vertexes are made as the limit says, by templates and counts together`(count: Int, fits: Bool) async {
        var design = TestDesign()
        design.node("one")
        design.node("many", row: 7, count: .integer(count))
        let problems = await design.problems(limits: InstantiationLimits(vertexes: 5))
        let text = "with 4 vertexes from ‘shop/many-0’ on the design makes more than 5 vertexes [floria.too-large]"
        #expect(problems.isEmpty == fits)
        if !fits { #expect(problems.first?.contains(text) == true && problems.first?.contains("shop.yaml:7:1") == true) }
    }

    @Test(arguments: [(5, true), (6, false)])
    func `as many edges are made as the limit says`(limit: Int, fails: Bool) async {
        var design = TestDesign()
        design.node("target", classes: ["T"], count: 3)
        design.node("source", count: 2)
        design.edge("needs", of: "source", count: 3) { $0.targetClass = .type("T") }
        let problems = await design.problems(limits: InstantiationLimits(edges: limit))
        #expect(problems.isEmpty != fails)
        if fails { #expect(problems.first?.contains("the design makes more than 5 edges") == true) }
    }

    @Test(arguments: [Int.max, Int.max - 1, 1_000_001])
    func `a count beyond all limits is told, whatever its size`(count: Int) async {
        var vertexes = TestDesign()
        vertexes.node("many", count: .integer(count))
        #expect(await vertexes.problems().first?.contains("floria.too-large") == true)
        var edges = TestDesign()
        edges.node("target", classes: ["T"])
        edges.node("source")
        edges.edge("needs", of: "source", count: .integer(count)) { $0.targetClass = .type("T") }
        #expect(await edges.problems().first?.contains("floria.too-large") == true)
    }

    @Test func `what contains several of itself without end is refused before it is large`() async {
        var design = TestDesign()
        design.spare("doll", ["x": Property(updater: 1)])
        for index in 0..<10 { design.choice("d\(index)", in: "doll", [("doll", true)]) }
        design.choice("box", [("doll", true)])
        let clock = ContinuousClock()
        var problems: [String] = []
        let time = await clock.measure { problems = await design.problems() }
        #expect(problems.count == 1)
        #expect(problems.first?.contains("would lie deeper than 32 levels [floria.too-large]") == true)
        #expect(problems.first?.contains("only if their conditions are false at some time") == true)
        #expect(time < .seconds(1))
    }
}
