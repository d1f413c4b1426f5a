// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// Values that are pushed, and what they pull with them.
@Suite struct GraphUpdateTests {
    private let a = ID.shop("a"), b = ID.shop("b")
    private let person = Provenance(.person, "ann", time: 5)

    private func push(
        _ values: [PropertyReference: Value], onto graph: Graph, functions: Functions = TestFunctions.all,
        by provenance: Provenance? = nil
    ) async throws -> Graph {
        var result = graph
        for entity in try await GraphUpdate(functions: functions, now: { 9 }).push(
            values, onto: graph, provenance: provenance ?? person)
        {
            result.insert(entity)
        }
        return result
    }

    /// A graph whose derived properties are evaluated.
    private func settled(_ graph: Graph, functions: Functions = TestFunctions.all) async throws -> Graph {
        var result = graph
        for entity in try await GraphUpdate(functions: functions, now: { 1 }).refresh(graph, service: "shop") {
            result.insert(entity)
        }
        return result
    }

    @Test func `a pushed value reaches everything that reads it, in order`() async throws {
        let graph = try await settled(
            Graph([
                a: ["x": Property(value: 1), "y": Property(updater: .t("add", .own("x"), 10))],
                b: ["z": Property(updater: .t("add", .value(a, "y"), .value(a, "x")))],
            ]))
        #expect(graph.value(b, "z") == 12)
        let changed = try await push([PropertyReference(a, "x"): 2], onto: graph)
        #expect(changed.value(a, "y") == 12)
        #expect(changed.value(b, "z") == 14)
        #expect(changed.vertex(a)?.properties["x"]?.provenance == person)
        #expect(changed.vertex(b)?.properties["z"]?.provenance?.author == .design)
    }

    @Test func `only what is affected is evaluated again`() async throws {
        let functions = TestFunctions()
        let all = Functions(["t": functions])
        let graph = try await settled(
            Graph([
                a: [
                    "x": Property(value: 1), "other": Property(value: 1), "same": Property(updater: .t("less", .own("x"), 100)),
                ],
                b: [
                    "reads other": Property(updater: .t("count", .value(a, "other"))),
                    "reads same": Property(updater: .t("count", .value(a, "same"))),
                ],
            ]), functions: all)
        #expect(functions.counter.next() == 3, "both were evaluated once")
        _ = try await push([PropertyReference(a, "x"): 2], onto: graph, functions: all)
        #expect(functions.counter.next() == 4, "‘same’ kept its value, so nothing that reads it is evaluated")
    }

    @Test func `a rejected candidate keeps the last good value`() async throws {
        let graph = Graph([a: ["x": Property(value: 1, preparer: .positive), "y": Property(value: 2, updater: .own("x"))]])
        let changed = try await push([PropertyReference(a, "x"): -1], onto: graph)
        let property = try #require(changed.vertex(a)?.properties["x"])
        #expect(property.value == 1)
        #expect(property.status.name == "failed")
        #expect(property.status.problem?.description == "shop/a.x: not positive [t.rejected]")
        #expect(property.provenance == nil)
        let mended = try await push([PropertyReference(a, "x"): 3], onto: changed)
        #expect(mended.value(a, "x") == 3)
        #expect(mended.vertex(a)?.properties["x"]?.status == .valid)
    }

    @Test func `a property that waits gets its value when what it reads does`() async throws {
        let graph = try await settled(Graph([a: ["x": Property(), "y": Property(updater: .t("add", .own("x"), 1))]]))
        #expect(graph.vertex(a)?.properties["y"]?.status.name == "pending")
        let changed = try await push([PropertyReference(a, "x"): 1], onto: graph)
        #expect(changed.value(a, "y") == 2)
    }

    @Test func `a cycle is a problem that names its path`() async throws {
        let graph = Graph([
            a: ["x": Property(updater: .value(b, "y")), "in": Property(value: 1)],
            b: ["y": Property(updater: .t("add", .value(b, "z"), .value(a, "in"))), "z": Property(updater: .value(a, "x"))],
        ])
        let problems = await #expect(throws: Problems.self) { try await settled(graph) }
        #expect(
            problems?.all.map(\.message) == [
                "the property ‘shop/a.x’ depends on itself: shop/a.x → shop/b.y → shop/b.z → shop/a.x"
            ])
        #expect(problems?.all.map(\.code) == ["floria.cycle"])
    }

    @Test func `a value set by hand is not pulled over`() async throws {
        let graph = try await settled(Graph([a: ["x": Property(value: 1), "y": Property(updater: .own("x"))]]))
        let byHand = try await push([PropertyReference(a, "y"): 50], onto: graph)
        let later = try await push([PropertyReference(a, "x"): 2], onto: byHand)
        #expect(later.value(a, "y") == 50)
    }

    @Test func `a read-only value is set once`() async throws {
        let graph = try await push([PropertyReference(a, "x"): 1], onto: Graph([a: ["x": Property(isReadOnly: true)]]))
        #expect(graph.value(a, "x") == 1)
        let problems = await #expect(throws: Problems.self) { try await push([PropertyReference(a, "x"): 2], onto: graph) }
        #expect(problems?.all.map(\.message) == ["‘shop/a.x’ has its value already and is read-only"])
        #expect(try await push([PropertyReference(a, "x"): 1], onto: graph).value(a, "x") == 1)
    }

    @Test func `pushing makes properties, but no entities`() async throws {
        let graph = try await push([PropertyReference(a, "new"): "v"], onto: Graph([a: [:]]))
        #expect(graph.value(a, "new") == "v")
        let problems = await #expect(throws: Problems.self) { try await push([PropertyReference(b, "x"): 1], onto: graph) }
        #expect(problems?.all.map(\.code) == ["floria.unknown-entity"])
    }

    @Test func `a long chain is pulled without recursion`() async throws {
        var properties = ["p0": Property(value: 1)]
        for index in 1...3000 { properties["p\(index)"] = Property(updater: .own("p\(index - 1)")) }
        let graph = try await settled(Graph([a: properties]))
        let changed = try await push([PropertyReference(a, "p0"): 7], onto: graph)
        #expect(changed.value(a, "p3000") == 7)
    }
}
