// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// Templates of which one is made in the place of another.
@Suite struct AlternativeTests {
    private static let root = ID.vertex(.root, "shop")

    /// A vertex that may be made from `small` below a number, from `large` in any case.
    private func sized(_ number: Int) -> TestDesign {
        var design = TestDesign(["n": Property(updater: .integer(number))])
        design.spare("small", ["x": Property(updater: 1)])
        design.spare("large", ["x": Property(updater: 2)])
        design.choice("box", [("small", .t("less", .value(Self.root, "n"), 5)), ("large", nil)])
        return design
    }

    /// A vertex that needs a target of a class.
    private func demanding(_ design: inout TestDesign, _ name: String, _ wanted: String) {
        design.spare(name)
        design.edge("needs", of: name) { $0.targetClass = .type(wanted) }
    }

    @Test func `the first alternative whose condition is true is made, under the name and origin of the template`() async throws
    {
        let small = try await sized(1).instantiate()
        let large = try await sized(9).instantiate()
        #expect(small.vertexNames == ["shop", "shop/box"])
        #expect(small.value(.shop("box"), "x") == 1)
        #expect(large.value(.shop("box"), "x") == 2)
        #expect(large.vertex(.shop("box"))?.origin == TestDesign.template("box"))
        #expect(large.vertex(.shop("box"))?.header.metadata["alternative"] == "vertex-template:templates/shop/large")
    }

    @Test func `an alternative that cannot be made gives way to the next, also where it contains what cannot be made`()
        async throws
    {
        var design = TestDesign()
        demanding(&design, "first", "Rare")
        design.spare("second", opensDirectory: true)
        demanding(&design, "inner", "Rare")
        design.put("inner", in: "second")
        design.spare("third", ["x": Property(updater: 3)])
        design.choice("box", [("first", nil), ("second", nil), ("third", nil)])
        let made = try await design.explained()
        #expect(made.graph.vertexNames == ["shop", "shop/box"])
        #expect(made.graph.value(.shop("box"), "x") == 3)
        #expect(made.alternatives.flatMap { $0.candidates.map(\.outcome.name) } == ["failed", "failed", "chosen"])
    }

    @Test func `where no alternative is left around, what contains it gives way`() async throws {
        var design = TestDesign()
        design.spare("whole")
        demanding(&design, "part", "Rare")
        design.choice("piece", in: "whole", [("part", nil)])
        design.spare("plain", ["x": Property(updater: 7)])
        design.choice("box", [("whole", nil), ("plain", nil)])
        #expect(try await design.instantiate().value(.shop("box"), "x") == 7)
    }

    @Test func `what is rejected by the gate of a value is no alternative`() async throws {
        var design = TestDesign()
        design.spare("wrong", ["x": Property(updater: -1, preparer: .positive)])
        design.spare("right", ["x": Property(updater: 1, preparer: .positive)])
        design.choice("box", [("wrong", nil), ("right", nil)])
        #expect(try await design.instantiate().value(.shop("box"), "x") == 1)
    }

    @Test func `a choice that nothing is left for says why of each alternative`() async throws {
        var design = TestDesign()
        design.spare("small")
        demanding(&design, "needy", "Rare")
        design.choice("box", [("small", .t("less", 2, 1)), ("needy", nil)])
        let problems = await design.problems()
        #expect(problems.count == 1)
        #expect(problems.first?.contains("nothing that ‘shop/box’ could be will do [floria.no-alternative]") == true)
        #expect(problems.first?.contains("the condition of ‘templates/shop/small’ isn't true") == true)
        #expect(problems.first?.contains("nothing satisfies the requirement ‘needs’ of ‘shop/box’") == true)
    }

    @Test func `what is there keeps its alternative as long as that will do`() async throws {
        let before = try await sized(9).instantiate()
        var other = TestDesign(["n": Property(updater: 9)])
        other.spare("small", ["x": Property(updater: 1)])
        other.spare("large", ["x": Property(updater: 2)])
        other.choice("box", [("small", nil), ("large", nil)])
        #expect(try await other.instantiate(onto: before).value(.shop("box"), "x") == 2)
        #expect(try await other.instantiate().value(.shop("box"), "x") == 1)
    }

    @Test func `a condition may read what is made later, and waits for it`() async throws {
        var design = TestDesign()
        design.spare("small", ["x": Property(updater: 1)])
        design.choice("box", [("small", .t("less", .value(.shop("gauge"), "n"), 5))])
        design.node("gauge", count: .value(.shop("late"), "n"), ["n": Property(updater: 9)])
        design.node("late", ["n": Property(updater: 0)])
        #expect(await design.problems().first?.contains("there is no vertex ‘shop/gauge’") == true)
        var known = TestDesign()
        known.spare("small", ["x": Property(updater: 1)])
        known.choice("box", [("small", .t("less", .value(.shop("gauge"), "n"), 5))])
        known.node("gauge", ["n": Property(updater: .value(.shop("late"), "n"))])
        known.node("late", ["n": Property(updater: 0)])
        #expect(try await known.instantiate().value(.shop("box"), "x") == 1)
    }

    @Test func `edges of a service within another look among its own, and outside only if they are to`() async throws {
        func target(_ scopes: [TargetScope]) async throws -> [String] {
            var design = TestDesign()
            design.spare("inner", opensDirectory: true)
            design.spare("user")
            design.edge("needs", of: "user") {
                $0.targetClass = .type("Disk")
                $0.scopes = scopes
            }
            design.spare("disk", classes: ["Disk"])
            design.put("user", in: "inner")
            design.put("disk", in: "inner")
            design.node("disk-a", classes: ["Disk"])
            design.node("box")
            design.choice("service", in: "box", [("inner", nil)])
            design.node("other")
            design.edge("needs", of: "other") { $0.targetClass = .type("Disk") }
            return try await design.instantiate().edges.values.map { "\($0.source) → \($0.target)" }.sorted()
        }
        let other = "shop/other → shop/disk-a"
        #expect(
            try await target([.internal]) == [
                "shop/box.service/user → shop/box.service/disk", other,
            ])
        #expect(try await target([.external]) == ["shop/box.service/user → shop/disk-a", other])
    }

    @Test func `what would contain itself without end is no alternative, and otherwise there are limits`() async throws {
        func problem(_ condition: Value?) async -> String? {
            var design = TestDesign()
            design.spare("doll")
            design.choice("d", in: "doll", [("doll", condition)])
            design.choice("box", [("doll", nil)])
            return await design.problems().first
        }
        #expect(await problem(nil)?.contains("would contain itself without end [floria.endless]") == true)
        #expect(await problem(true)?.contains("floria.too-large") == true)
    }
}
