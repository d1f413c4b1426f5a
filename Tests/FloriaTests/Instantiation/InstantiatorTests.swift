// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// Graphs that are made from designs: vertexes and values.
@Suite struct InstantiatorTests {
    private static let root = ID.vertex(.root, "shop")

    private func located(_ updater: Value? = nil, row: Int, preparer: Value? = nil, required: Bool = false) -> Property {
        var property = Property(updater: updater, preparer: preparer)
        property.metadata["location"] = Problem.Place.source(SourceLocation(file: "shop.yaml", row: row, column: 5)).value
        if required { property.metadata["required"] = true }
        return property
    }

    @Test func `vertexes are named by their container, and by their index if there is a count`() async throws {
        var design = TestDesign(["input.n": Property(updater: 2, preparer: .positive)])
        design.node("web", count: .value(Self.root, "input.n"))
        design.part("capability.http")
        design.node("data")
        let graph = try await design.instantiate()
        #expect(
            graph.vertexNames == [
                "shop", "shop/data", "shop/web-0", "shop/web-0.capability.http", "shop/web-1", "shop/web-1.capability.http",
            ])
        #expect(graph.vertex(.shop("web-1"))?.index == 1)
        #expect(graph.vertex(.shop("web-1"))?.container == Self.root)
        #expect(graph.vertex(.shop("web-1.capability.http"))?.container == .shop("web-1"))
        #expect(try await design.instantiate(["n": 1]).vertexes.count == 4)
    }

    @Test func `a count may read a vertex that comes later`() async throws {
        var design = TestDesign()
        design.node("web", count: .value(.shop("data"), "n"))
        design.node("data", ["n": Property(updater: 3)])
        #expect(try await design.instantiate().vertexes.count == 5)
    }

    @Test func `properties are evaluated in dependency order, with the design as their author`() async throws {
        var design = TestDesign(["input.greeting": Property(), "output.all": Property(updater: .value(.shop("web"), "text"))])
        design.node(
            "web",
            ["text": Property(updater: .t("list", .value(Self.root, "input.greeting"), .own("x"))), "x": Property(updater: 1)])
        let graph = try await design.instantiate(["greeting": "hi"])
        #expect(graph.value(Self.root, "output.all") == ["hi", 1])
        #expect(graph.vertex(.shop("web"))?.properties["text"]?.provenance == Provenance(.design, "shop", time: 1))
        #expect(
            graph.vertex(.shop("web"))?.properties["text"]?.reads.map(\.description) == ["shop.input.greeting", "shop/web.x"])
    }

    @Test func `what isn't known before something runs is pending`() async throws {
        var design = TestDesign(["output.url": Property(updater: .value(.shop("web"), "port"))])
        design.node("web", ["port": Property()])
        let graph = try await design.instantiate()
        let output = try #require(graph.vertex(Self.root)?.properties["output.url"])
        #expect(output.status.name == "pending")
        #expect(output.status.problem?.message == "‘shop/web.port’ has no value yet")
    }

    @Test func `values that a running service has got are carried over`() async throws {
        var design = TestDesign(["output.url": Property(updater: .value(.shop("web"), "port"))])
        design.node("web", ["port": Property(metadata: ValueMap([("kind", "attribute")]))])
        var present = try await design.instantiate()
        let port = PropertyReference(.shop("web"), "port")
        let update = GraphUpdate(functions: TestFunctions.all, now: { 2 })
        for entity in try await update.push([port: 8080], onto: present, provenance: Provenance(.operation, "1", time: 2)) {
            present.insert(entity)
        }
        let again = try await design.instantiate(onto: present)
        #expect(again.value(.shop("web"), "port") == 8080)
        #expect(again.property(port)?.provenance?.author == .operation)
        #expect(again.value(Self.root, "output.url") == 8080)
    }

    @Test func `all problems come at once, by their place in the design`() async throws {
        var design = TestDesign([
            "input.n": located(row: 3, required: true), "input.m": located(0, row: 4, preparer: .positive),
            "input.free": located(row: 5),
        ])
        design.node("web", row: 10, count: "many")
        design.node(
            "data", row: 11,
            ["x": located(.t("fail"), row: 12), "a": located(.own("b"), row: 13), "b": located(.own("a"), row: 14)])
        #expect(
            await design.problems(["k": 1]) == [
                """
                the service has no input ‘k’ [floria.unknown-input]
                  hint: its inputs are free, m, n
                """,
                """
                shop.yaml:3:5: the input ‘n’ must have a value and has none [floria.missing-input]
                  hint: give it when the service is made
                """,
                """
                shop.yaml:4:5: not positive [t.rejected]
                  shop.input.m: here in the graph
                """,
                "shop.yaml:10:1: a count must be an integer from 0, and is of kind text: \"many\" [floria.malformed-count]",
                """
                shop.yaml:12:5: it failed [t.failed]
                  shop/data.x: here in the graph
                  hint: mend it
                """,
                """
                shop.yaml:13:5: the property ‘shop/data.a’ depends on itself: shop/data.a → shop/data.b → shop/data.a [floria.cycle]
                  hint: give one of them a value that reads none of the others
                """,
            ])
    }

    @Test func `two vertexes of one name are refused`() async throws {
        var design = TestDesign()
        design.node("web-0", row: 2)
        design.node("web", row: 3, count: 1)
        #expect(
            await design.problems() == ["shop.yaml:3:1: two vertexes would have the name ‘shop/web-0’ [floria.duplicate-name]"])
    }

    @Test func `a thousand instances with their edges are made in linear time`() async throws {
        var design = TestDesign()
        design.node("web", count: 1000, ["a": Property(updater: 1), "b": Property(updater: .t("add", .own("a"), 1))])
        design.node("data", classes: ["Data"])
        design.edge("store", of: "web") { $0.targetClass = .type("Data") }
        let graph = try await design.instantiate()
        #expect(graph.vertexes.count == 1002)
        #expect(graph.edges.count == 1000)
        #expect(graph.value(.shop("web-999"), "b") == 2)
    }
}
