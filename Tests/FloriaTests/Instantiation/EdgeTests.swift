// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// Edges that are made from designs.
@Suite struct EdgeTests {
    /// `web` requires things of `app` (two of them, each with the part `capability.http`) and of `data`.
    private func design(_ count: Int = 2) -> TestDesign {
        var design = TestDesign()
        design.node("web", classes: ["Web"])
        design.node("app", classes: ["App"], count: .integer(count), ["rank": Property(updater: 5)])
        design.part("capability.http", classes: ["Endpoint"])
        design.node("data", classes: ["Data"], ["rank": Property(updater: 9)])
        design.part("capability.http", classes: ["Endpoint"])
        return design
    }

    private func arrows(_ select: (inout TargetSelector) -> Void, count: Value? = nil) async throws -> [String] {
        var design = design()
        design.edge("to", of: "web", count: count, [:], select)
        return try await design.instantiate().arrows
    }

    @Test func `targets are selected by template, class, container, name and index`() async throws {
        #expect(try await arrows { $0.template = TestDesign.template("data") } == ["shop/web.to-0: web → data"])
        #expect(try await arrows { $0.targetClass = .type("Data") } == ["shop/web.to-0: web → data"])
        #expect(
            try await arrows {
                $0.targetClass = .type("Endpoint")
                $0.containerClass = .type("Data")
            } == ["shop/web.to-0: web → data.capability.http"])
        #expect(
            try await arrows {
                $0.template = TestDesign.template("app")
                $0.name = "capability.http"
                $0.index = .t("add", 0, 1)
            } == ["shop/web.to-0: web → app-1.capability.http"])
    }

    @Test func `several requirements of one name lead to different targets as long as there are any`() async throws {
        var design = design()
        for row in 1...3 { design.edge("to", of: "web", row: row) { $0.targetClass = .type("App") } }
        #expect(
            try await design.instantiate().arrows == [
                "shop/web.to-0: web → app-0", "shop/web.to-1: web → app-1", "shop/web.to-2: web → app-0",
            ])
    }

    @Test func `targets are taken in the order of their indexes`() async throws {
        var design = design(12)
        design.edge("to", of: "web", count: 12) { $0.targetClass = .type("App") }
        let targets = try await design.instantiate().outgoing(from: .shop("web")).map(\.target.name)
        #expect(targets == (0..<12).map { "app-\($0)" })
    }

    @Test func `two assignments of one requirement share its indexes`() async throws {
        var design = design()
        design.edge("to", of: "web", row: 1) { $0.template = TestDesign.template("data") }
        design.edge("to", of: "web", row: 2) { $0.targetClass = .type("App") }
        #expect(try await design.instantiate().arrows == ["shop/web.to-0: web → data", "shop/web.to-1: web → app-0"])
    }

    @Test func `a filter chooses among the candidates by their values`() async throws {
        let found = try await arrows {
            $0.filter = .t("less", 6, .t("of-target", "rank"))
            $0.template = TestDesign.template("data")
        }
        #expect(found == ["shop/web.to-0: web → data"])
        var design = design()
        design.edge("to", of: "web", row: 7) {
            $0.targetClass = .type("App")
            $0.filter = .t("less", 6, .t("of-target", "rank"))
        }
        #expect(
            await design.problems() == [
                """
                shop.yaml:7:1: nothing satisfies the requirement ‘to’ of ‘shop/web’ [floria.unsatisfied-requirement]
                  because the filter refuses ‘shop/app-0’ [floria.refused]
                  because the filter refuses ‘shop/app-1’ [floria.refused]
                  hint: it needs a vertex of the class ‘App’ that the filter accepts
                """
            ])
    }

    @Test func `a filter that reads what another edge makes known waits for it`() async throws {
        var design = TestDesign()
        design.node("web")
        design.node("app", classes: ["App"], ["rank": Property(updater: .t("target", "store", "rank"))])
        design.node("data", classes: ["Data"], ["rank": Property(updater: 9)])
        design.edge("to", of: "web") {
            $0.targetClass = .type("App")
            $0.filter = .t("less", 6, .t("of-target", "rank"))
        }
        design.edge("store", of: "app") { $0.targetClass = .type("Data") }
        let graph = try await design.instantiate()
        #expect(graph.arrows == ["shop/app.store-0: app → data", "shop/web.to-0: web → app"])
        #expect(graph.value(.shop("app"), "rank") == 9)
    }

    @Test func `every unsatisfied requirement is reported where the design asks for it, but no optional one`() async throws {
        var design = design()
        design.edge("a", of: "web", row: 8) { $0.targetClass = .type("None") }
        design.edge("b", of: "web", row: 9, optional: true) { $0.targetClass = .type("None") }
        design.edge("c", of: "data", row: 7) { $0.name = "nowhere" }
        #expect(
            await design.problems().map { $0.split(separator: "\n")[0] } == [
                "shop.yaml:7:1: nothing satisfies the requirement ‘c’ of ‘shop/data’ [floria.unsatisfied-requirement]",
                "shop.yaml:8:1: nothing satisfies the requirement ‘a’ of ‘shop/web’ [floria.unsatisfied-requirement]",
            ])
    }

    @Test func `properties of edges and of what reads them are evaluated`() async throws {
        var design = design()
        design.edge("to", of: "web", ["weight": Property(updater: .t("add", .t("of-target", "rank"), 1))]) {
            $0.template = TestDesign.template("data")
        }
        let graph = try await design.instantiate()
        #expect(graph.edge(.link("web.to-0"))?.properties["weight"]?.value == 10)
    }

    @Test func `an update keeps the target that an edge has`() async throws {
        var design = design()
        design.edge("to", of: "web") { $0.targetClass = .type("App") }
        var present = try await design.instantiate()
        var edge = try #require(present.edge(.link("web.to-0")))
        edge.target = .shop("app-1")
        present.insert(edge)
        #expect(try await design.instantiate(onto: present).arrows == ["shop/web.to-0: web → app-1"])
    }

    @Test func `the same design always gives the same graph`() async throws {
        var design = design(5)
        design.edge("to", of: "web", count: 3) { $0.targetClass = .type("Endpoint") }
        let first = try await design.instantiate()
        for _ in 0..<5 { #expect(try await design.instantiate() == first) }
    }
}
