// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// Edges whose targets are named, found, or belong to other services.
@Suite struct OutsideTests {
    private static let instantiator = Instantiator(functions: TestFunctions.all, now: { 1 })

    /// A store with the service `farm`, which has the hosts `host-0` and `host-1` with room for 2 each; the first is `Large` too.
    private func farm() async throws -> MemoryStore {
        let store = MemoryStore(now: { 1 })
        var transaction = Transaction(
            puts: ["Host", "Large"].map { .class(Class(EntityHeader(.type($0)))) } + [.vertex(.vertex(.root, "farm"))])
        for index in 0..<2 {
            var host = Vertex(
                EntityHeader(.vertex(Directory(["farm"]), "host-\(index)")),
                classes: index == 0 ? [.type("Host"), .type("Large")] : [.type("Host")], container: .vertex(.root, "farm"))
            host.index = index
            host.properties["room"] = Property(value: 2)
            transaction.puts.append(.vertex(host))
        }
        try await store.commit(transaction)
        return store
    }

    private func design(
        _ count: Int = 1, optional: Bool = false, _ select: (inout TargetSelector) -> Void
    ) -> TestDesign {
        var design = TestDesign()
        design.node("app", count: .integer(count), ["likes": Property(updater: ["vertex:shop/own", "vertex:farm/host-1"])])
        design.node("own", classes: ["Host"], ["room": Property(updater: 1)])
        design.edge(
            "host", of: "app", optional: optional,
            ["takes": Property(updater: 1, metadata: ValueMap([("allocates", "room")]))], select)
        return design
    }

    private func make(_ design: TestDesign, _ store: MemoryStore, name: String = "shop") async throws -> Instantiation {
        try await Self.instantiator.instantiate(design.design, name: name, inputs: [:], in: store)
    }

    private func targets(_ made: Instantiation) -> [String] {
        made.graph.edges.values.sorted { $0.header.id < $1.header.id }.map(\.target.description)
    }

    @Test func `scopes say where targets are looked for, and in which order`() async throws {
        let store = try await farm()
        func targets(_ scopes: [TargetScope]) async throws -> [String] {
            self.targets(
                try await make(
                    design(4, optional: true) {
                        $0.targetClass = .type("Host")
                        $0.scopes = scopes
                    }, store))
        }
        #expect(try await targets([.internal]) == ["shop/own"])
        #expect(try await targets([.external]) == ["farm/host-0", "farm/host-0", "farm/host-1", "farm/host-1"])
        #expect(try await targets([.internal, .external]) == ["shop/own", "farm/host-0", "farm/host-0", "farm/host-1"])
        #expect(try await targets([.external, .internal]).last == "farm/host-1")
    }

    @Test func `a target may be named, also one of another service`() async throws {
        let store = try await farm()
        let made = try await make(design { $0.vertex = .vertex(Directory(["farm"]), "host-1") }, store)
        #expect(targets(made) == ["farm/host-1"])
        var outside = try #require(made.outside)
        let changes = ChangeSet(comparing: nil, wanted: made.graph, present: nil)
        let claims = try await outside.claims(of: changes, onto: Graph())
        #expect(claims.targets.map(\.description) == ["farm/host-1"])
        // What belongs to others is no part of the service.
        #expect(made.graph.vertexNames == ["shop", "shop/app-0", "shop/own"])
        await #expect(throws: Problems.self) {
            try await make(design { $0.vertex = .vertex(Directory(["farm"]), "none") }, store)
        }
    }

    @Test func `what other services have taken is not there any more`() async throws {
        let store = try await farm()
        let select = { (selector: inout TargetSelector) in
            selector.targetClass = .type("Host")
            selector.scopes = [.external]
        }
        let first = try await make(design(3, select), store)
        var transaction = Transaction(puts: design(3, select).design.entities)
        transaction.puts += first.graph.vertexes.values.map(Entity.vertex)
        transaction.puts += first.graph.edges.values.map(Entity.edge)
        try await store.commit(transaction)
        var other = design(1, select)
        #expect(targets(try await make(other, store, name: "other")) == ["farm/host-1"])
        other = design(3, select)
        await #expect(throws: Problems.self) { try await make(other, store, name: "other") }
        // The service's own edges don't stand in its way when it is made again.
        let again = try await Self.instantiator.instantiate(
            design(3, select).design, name: "shop", inputs: [:], onto: first.graph, in: store)
        #expect(targets(again) == targets(first))
    }

    @Test func `what other services have taken is not there either when others must move`() async throws {
        let store = try await farm()
        let select = { (selector: inout TargetSelector) in
            selector.targetClass = .type("Host")
            selector.scopes = [.external]
        }
        // Two that take 1 each find room on the first host. One that takes all of it and can't be elsewhere comes after them.
        func three() -> TestDesign {
            var design = design(2, select)
            design.node("big")
            design.edge(
                "host", of: "big", ["takes": Property(updater: 2, metadata: ValueMap([("allocates", "room")]))]
            ) {
                $0.targetClass = .type("Large")
                $0.scopes = [.external]
            }
            return design
        }
        #expect(targets(try await make(design(2, select), store)) == ["farm/host-0", "farm/host-0"])
        // Only if both go does it fit: what they take where they are doesn't count against it.
        #expect(targets(try await make(three(), store)) == ["farm/host-1", "farm/host-1", "farm/host-0"])
        let other = try await make(design(1) { $0.vertex = .vertex(Directory(["farm"]), "host-1") }, store, name: "other")
        var transaction = Transaction(puts: design(1, select).design.entities)
        // Without the host that it would have for itself.
        transaction.puts += other.graph.entities.filter { $0.id.name != "own" }
        try await store.commit(transaction)
        // Nothing was tried there before, and yet it counts what a stranger takes where they would go.
        await #expect(throws: Problems.self) { try await make(three(), store) }
    }

    @Test func `a finder gives one or several vertexes, the preferred first`() async throws {
        let store = try await farm()
        #expect(
            targets(try await make(design(3) { $0.finder = .own("likes") }, store)) == [
                "shop/own", "farm/host-1", "farm/host-1",
            ])
        #expect(targets(try await make(design { $0.finder = "vertex:farm/host-0" }, store)) == ["farm/host-0"])
        await #expect(throws: Problems.self) { try await make(design { $0.finder = ["vertex:farm/none"] }, store) }
        await #expect(throws: Problems.self) { try await make(design { $0.finder = .null }, store) }
    }

    @Test func `what a finder gives that is no vertex is a problem`() async throws {
        var design = TestDesign()
        design.node("app")
        design.edge("host", of: "app") { $0.finder = 5 }
        #expect(
            await design.problems() == [
                """
                shop.yaml:1:1: nothing satisfies the requirement ‘host’ of ‘shop/app’ [floria.unsatisfied-requirement]
                  because a finder must give IDs of vertexes, and gives 5 [floria.malformed-target]
                    hint: write vertex:DIRECTORY/NAME, or a list of such
                  hint: it needs a vertex that the finder gives
                """
            ])
    }

    @Test func `a choice tells why an edge leads where it does`() async throws {
        let made = try await Self.instantiator.instantiate(
            design(2, optional: true) { $0.targetClass = .type("Host") }.design, name: "shop", inputs: [:], explains: true)
        #expect(made.choices.map(\.reason) == [.only, .missing])
        #expect(made.choices[0].candidates.map(\.outcome) == [.chosen])
        #expect(made.choices[1].candidates.map(\.outcome) == [.full("room")])
        #expect(
            made.choices[1].document == [
                "edge": "shop/app-1.host-0", "template": "templates/shop/app.host-1", "source": "shop/app-1",
                "reason": "missing", "count": 1,
                "candidates": [["target": "shop/own", "outcome": "full", "capacity": "room"]],
            ])
        let again = try await Self.instantiator.instantiate(
            design(2, optional: true) { $0.targetClass = .type("Host") }.design, name: "shop", inputs: [:], onto: made.graph,
            explains: true)
        #expect(again.choices.map(\.reason) == [.kept, .missing])
        #expect(again.graph == made.graph)
    }
}
