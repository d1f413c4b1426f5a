// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// Updaters that single properties are given by hand.
@Suite struct OwnUpdaterTests {
    private let a = ID.shop("a"), b = ID.shop("b")
    private let update = GraphUpdate(functions: TestFunctions.all, now: { 9 })
    private let ann = Provenance(.person, "ann", time: 5)

    private func reference(_ id: ID, _ name: String) -> PropertyReference { PropertyReference(id, name) }

    /// Runs a test with a store that holds numbers, and `y` of `a`, which a design computes.
    private func with(_ kind: StoreKind = .memory, _ body: (any Store) async throws -> Void) async throws {
        try await kind.with { store in
            try await store.commit(try await designed())
            try await body(store)
        }
    }

    private func designed() async throws -> Transaction {
        let graph = Graph([
            a: ["x": Property(value: 1), "y": Property(updater: .t("add", .own("x"), 10)), "fixed": fixed],
            b: ["x": Property(value: 2), "z": Property(updater: .value(a, "y")), "later": Property()],
        ])
        var settled = Transaction()
        settled.puts = try await update.refresh(graph, service: "shop")
        let known = Set(settled.puts.map(\.id))
        settled.puts += graph.vertexes.values.map(Entity.vertex).filter { !known.contains($0.id) }
        return settled
    }

    private var fixed: Property { Property(value: 1, isReadOnly: true) }

    private func push(
        _ values: [PropertyReference: Value] = [:], updaters: [PropertyReference: Value] = [:], _ store: any Store,
        by provenance: Provenance? = nil
    ) async throws {
        var transaction = Transaction()
        try await update.push(values, updaters: updaters, in: store, provenance: provenance ?? ann).add(to: &transaction)
        try await store.commit(transaction)
    }

    private func graph(_ store: any Store) async throws -> Graph {
        try await store.read { snapshot throws(Problem) in try Graph(service: "shop", in: snapshot) }
    }

    @Test(arguments: StoreKind.allCases)
    func `one is pulled at once, and again whenever what it reads has changed`(kind: StoreKind) async throws {
        try await with(kind) { store in
            try await push(updaters: [reference(a, "y"): .t("add", .value(b, "x"), 100)], store)
            var now = try await graph(store)
            #expect(now.value(a, "y") == 102)
            #expect(now.value(b, "z") == 102, "so has what reads it")
            #expect(now.property(reference(a, "y"))?.provenance == ann)
            #expect(now.property(reference(a, "y"))?.updater == .t("add", .own("x"), 10), "the design's is not forgotten")
            try await push([reference(b, "x"): 3], store, by: Provenance(.operation, "o", event: "e", time: 7))
            now = try await graph(store)
            #expect(now.value(b, "z") == 103)
            #expect(now.property(reference(a, "y"))?.provenance == Provenance(.person, "ann", event: "e", time: 7))
            try await push([reference(a, "x"): 50], store)
            #expect(try await graph(store).value(a, "y") == 103, "what only the design's reads doesn't matter")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a value that is set ends it, and is pulled no more`(kind: StoreKind) async throws {
        try await with(kind) { store in
            try await push(updaters: [reference(a, "y"): .value(b, "x")], store)
            try await push([reference(a, "y"): 7], store)
            try await push([reference(a, "x"): 50, reference(b, "x"): 50], store)
            let property = try await graph(store).property(reference(a, "y"))
            #expect(property?.value == 7)
            #expect(property?.ownUpdater == nil)
        }
    }

    @Test func `a cycle tells its path, and nothing is changed`() async throws {
        try await with { store in
            let before = try await graph(store)
            for (updater, path) in [
                (Value.value(b, "z"), "shop/a.x → shop/b.z → shop/a.y → shop/a.x"), (.own("x"), "shop/a.x → shop/a.x"),
            ] {
                let problems = await #expect(throws: Problems.self) {
                    try await push(updaters: [reference(a, "x"): updater], store)
                }
                #expect(problems?.all.map(\.code) == ["floria.cycle"])
                #expect(problems?.all.first?.message == "the property ‘shop/a.x’ depends on itself: \(path)")
            }
            #expect(try await graph(store) == before)
        }
    }

    @Test func `what it needs may come later; the last good value stays until then`() async throws {
        try await with { store in
            try await push(updaters: [reference(a, "y"): .value(b, "later")], store)
            let waiting = try #require(try await graph(store).property(reference(a, "y")))
            #expect(waiting.value == 11)
            #expect(waiting.status.name == "pending")
            #expect(waiting.provenance?.author == .person)
            try await push([reference(b, "later"): 4], store)
            #expect(try await graph(store).value(a, "y") == 4)
        }
    }

    @Test func `what is read-only and has its value takes none`() async throws {
        try await with { store in
            let problems = await #expect(throws: Problems.self) { try await push(updaters: [reference(a, "fixed"): 1], store) }
            #expect(problems?.all.map(\.code) == ["floria.read-only"])
        }
    }

    @Test func `a candidate that its property rejects leaves the last good value`() async throws {
        var graph = Graph([a: ["x": Property(value: 1, preparer: .positive)]])
        for entity in try await update.push([:], updaters: [reference(a, "x"): -4], onto: graph, provenance: ann) {
            graph.insert(entity)
        }
        #expect(graph.value(a, "x") == 1)
        #expect(graph.property(reference(a, "x"))?.status.name == "failed")
    }
}
