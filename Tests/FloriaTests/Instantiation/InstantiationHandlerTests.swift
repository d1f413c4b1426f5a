// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// Handlers that see what a template makes.
@Suite struct InstantiationHandlerTests {
    private func handler(_ moment: InstantiationHandler.Moment, _ answer: Value) -> InstantiationHandler {
        InstantiationHandler(
            moment, Call(FunctionName(plugin: "t", name: "answer"), [answer]),
            location: SourceLocation(file: "shop.yaml", row: 9, column: 1))
    }

    private func design(node: InstantiationHandler? = nil, edge: InstantiationHandler? = nil) -> TestDesign {
        var design = TestDesign()
        design.node("web", count: 1, ["x": Property(updater: 1), "y": Property(updater: .t("add", .own("x"), 10))])
        design.node("data", classes: ["Data"])
        design.edge("store", of: "web", ["weight": Property(updater: 1)]) { $0.targetClass = .type("Data") }
        design.handle("web", node, edge)
        return design
    }

    @Test(arguments: [Value.null, true]) func `null and true let pass`(_ answer: Value) async throws {
        let plain = try await design().instantiate()
        for moment in InstantiationHandler.Moment.allCases {
            #expect(try await design(node: handler(moment, answer), edge: handler(moment, answer)).instantiate() == plain)
        }
    }

    @Test func `false and failures veto, and nothing is made`() async throws {
        #expect(
            await design(node: handler(.before, false)).problems() == [
                "shop.yaml:9:1: ‘t:answer’ refuses the vertex template ‘templates/shop/web’ [floria.vetoed]"
            ])
        #expect(
            await design(node: handler(.after, false)).problems() == [
                "shop.yaml:9:1: ‘t:answer’ refuses the vertex ‘shop/web-0’ [floria.vetoed]"
            ])
        #expect(
            await design(edge: handler(.after, false)).problems() == [
                "shop.yaml:9:1: ‘t:answer’ refuses the edge ‘shop/web-0.store-0’ [floria.vetoed]"
            ])
        var failing = handler(.before, .null)
        failing.call = Call(FunctionName(plugin: "t", name: "fail"))
        let problems = await design(edge: failing).problems()
        #expect(problems.count == 1 && problems[0].contains("because ") && problems[0].contains("it failed [t.failed]"))
    }

    @Test func `what is altered before decides what is made`() async throws {
        let change: Value = ["count": 3, "properties": ["y": .null, "z": ["updater": 5]], "metadata": ["site": "north"]]
        let graph = try await design(node: handler(.before, change)).instantiate()
        #expect(graph.vertexNames == ["shop", "shop/data", "shop/web-0", "shop/web-1", "shop/web-2"])
        #expect(graph.edges.count == 3)
        let web = try #require(graph.vertex(.shop("web-2")))
        #expect(web.properties.mapValues(\.value) == ["x": 1, "z": 5])
        #expect(web.header.metadata["site"] == "north")
    }

    @Test func `what is altered after is seen by what reads it`() async throws {
        let graph = try await design(
            node: handler(.after, ["properties": ["x": ["updater": 2]]]),
            edge: handler(.after, ["properties": ["weight": ["updater": 7]]])
        ).instantiate()
        #expect(graph.value(.shop("web-0"), "y") == 12)
        #expect(graph.edge(.link("web-0.store-0"))?.properties["weight"]?.value == 7)
    }

    @Test func `a template's edges can be led elsewhere, each source's for itself`() async throws {
        var design = design(edge: handler(.before, ["target": ["template": "vertex-template:templates/shop/more"]]))
        design.node("more")
        #expect(try await design.instantiate().arrows == ["shop/web-0.store-0: web-0 → more"])
    }

    @Test(arguments: [
        Value.integer(5), ["id": "vertex:shop/other"], ["count": "many"], ["properties": 5], ["no-such-key": 1],
        ["container": "vertex:shop/data"], ["index": 7],
    ])
    func `what no handler may give is a problem`(_ answer: Value) async throws {
        let problems = await design(node: handler(answer["count"] == nil ? .after : .before, answer)).problems()
        #expect(problems.count == 1 && problems[0].contains("[floria.malformed-"), "\(problems)")
    }

    @Test func `a handler gets the document as it stands`() async throws {
        var spy = handler(.before, .null)
        spy.call = Call(FunctionName(plugin: "t", name: "spy"))
        let graph = try await design(node: spy).instantiate()
        #expect(graph.vertex(.shop("web-0"))?.header.metadata["seen"] == .text("properties.y.updater is a call"))
    }
}
