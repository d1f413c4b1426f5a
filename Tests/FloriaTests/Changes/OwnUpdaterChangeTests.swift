// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// What becomes of updaters that were set by hand when a design changes.
@Suite struct OwnUpdaterChangeTests {
    private let a = ID.shop("a"), b = ID.shop("b")
    private let design = Provenance(.design, "shop", time: 1)
    private let update = GraphUpdate(functions: TestFunctions.all, now: { 9 })

    /// What a design makes: `y` is computed of `x`, `note` is an attribute, and `z` of `b` reads `y`.
    private func graph(x: Value, other: Value = 100, y: Value? = nil) async throws -> Graph {
        var graph = Graph([
            a: [
                "x": Property(value: x, provenance: design), "other": Property(value: other, provenance: design),
                "y": Property(updater: y ?? .t("add", .own("x"), 10), provenance: design),
                "note": Property(metadata: ValueMap([("kind", "attribute")]), provenance: design),
            ],
            b: ["z": Property(updater: .value(a, "y"), provenance: design)],
        ])
        for entity in try await update.refresh(graph, service: "shop") { graph.insert(entity) }
        return graph
    }

    /// The graph after a person has set an updater.
    private func byHand(_ graph: Graph, _ updater: Value, of name: String = "y") async throws -> Graph {
        var graph = graph
        let person = Provenance(.person, "ann", time: 2)
        for entity in try await update.push(
            [:], updaters: [PropertyReference(a, name): updater], onto: graph, provenance: person)
        { graph.insert(entity) }
        return graph
    }

    private func settled(
        _ made: Graph, _ wanted: Graph, _ present: Graph, take: Bool = false
    ) async throws -> ChangeSet {
        var resolution = Resolution()
        if take { resolution.properties = [PropertyReference(a, "y"), PropertyReference(a, "note")] }
        let changes = ChangeSet(comparing: made, wanted: wanted, present: present, resolution: resolution)
        return try await update.settle(changes, wanted: wanted, present: present, service: "shop")
    }

    private func categories(_ changes: ChangeSet) -> [String] {
        changes.changes.map { "\($0.category.rawValue) \($0.id.name)\($0.isEffective ? "" : " stays")" }
    }

    @Test func `it is kept, and so is what reads it`() async throws {
        let made = try await graph(x: 1)
        let present = try await byHand(made, .own("other"))
        let changes = try await settled(made, made, present)
        #expect(categories(changes) == ["kept a stays"])
        #expect(
            ChangeDiff(changes).text == """
                = shop/a
                  = y  100  computed by hand as floria:value("other"), stays; the design wants 11

                """)
        #expect(ChangeDiff(document: ChangeDiff(changes).document) == ChangeDiff(changes))
    }

    @Test func `it is computed from what the design changes`() async throws {
        let made = try await graph(x: 1)
        let wanted = try await graph(x: 1, other: 200)
        let changes = try await settled(made, wanted, try await byHand(made, .own("other")))
        #expect(categories(changes) == ["modified a", "modified b"])
        #expect(
            ChangeDiff(changes).text == """
                ~ shop/a
                    other  100 → 200
                  = y      100 → 200  computed by hand as floria:value("other"), stays; the design wants 11
                ~ shop/b
                    z  100 → 200

                """)
        let result = try await byHand(made, .own("other")).applying(changes)
        #expect(result.property(PropertyReference(a, "y"))?.provenance?.author == .person)
    }

    @Test func `it is in conflict once the design computes otherwise too, and either can be had`() async throws {
        let made = try await graph(x: 1)
        let wanted = try await graph(x: 1, y: .t("add", .own("x"), 20))
        let present = try await byHand(made, .own("other"))
        let kept = try await settled(made, wanted, present)
        #expect(kept.changes.map(\.category) == [.conflicting])
        #expect(present.applying(kept).value(a, "y") == 100)
        #expect(categories(try await settled(wanted, wanted, present.applying(kept))) == ["kept a stays"])
        let taken = try await settled(made, wanted, present, take: true)
        #expect(categories(taken) == ["modified a", "modified b"])
        let result = present.applying(taken)
        #expect(result.value(b, "z") == 21)
        #expect(result.property(PropertyReference(a, "y")) == wanted.property(PropertyReference(a, "y")))
        #expect(categories(try await settled(wanted, wanted, result)).isEmpty)
    }

    @Test func `one that gives what the design wants is kept nevertheless, and given up if the design's is taken`() async throws
    {
        let made = try await graph(x: 1)
        let present = try await byHand(made, 11)
        #expect(categories(try await settled(made, made, present)) == ["kept a stays"])
        let taken = try await settled(made, made, present, take: true)
        #expect(categories(taken) == ["modified a"])
        #expect(present.applying(taken).property(PropertyReference(a, "y"))?.ownUpdater == nil)
    }

    @Test func `one of an attribute that the design says nothing of is no business of the design`() async throws {
        let made = try await graph(x: 1)
        let present = try await byHand(made, .own("x"), of: "note")
        let wanted = try await graph(x: 2)
        #expect(categories(try await settled(made, made, present)).isEmpty)
        let result = present.applying(try await settled(made, wanted, present))
        #expect(result.value(a, "note") == 2)
        let taken = present.applying(try await settled(made, made, present, take: true))
        #expect(taken.property(PropertyReference(a, "note"))?.value == nil)
    }

    @Test func `what a deployment took is there again when it is taken back, and what was set since stays`() async throws {
        let made = try await graph(x: 1)
        let present = try await byHand(made, .own("other"))
        let taken = try await settled(made, made, present, take: true)
        let after = present.applying(taken)
        let back = taken.inverted(at: 0).rebased(onto: after)
        let undone = after.applying(try await update.settle(back, wanted: after, present: after, service: "shop"))
        #expect(undone.value(b, "z") == 100)
        #expect(undone.property(PropertyReference(a, "y"))?.ownUpdater == .own("other"))
        let since = try await byHand(after, .t("add", .own("other"), 1))
        let kept = taken.inverted(at: 0).rebased(onto: since)
        #expect(since.applying(kept).value(a, "y") == 101)
    }

    @Test func `what is obsolete but is computed by hand stays whole`() async throws {
        let made = try await graph(x: 1)
        var wanted = made
        wanted.remove(b)
        wanted.remove(a)
        let changes = ChangeSet(comparing: made, wanted: wanted, present: try await byHand(made, 11))
        #expect(categories(changes) == ["conflicting a stays", "obsolete b"])
    }

    @Test func `a design that makes a cycle with it is told so`() async throws {
        let made = try await graph(x: 1)
        let present = try await byHand(made, .own("other"))
        var wanted = try await graph(x: 1)
        wanted.set(Property(updater: .own("y"), provenance: design), PropertyReference(a, "other"))
        for entity in try await update.refresh(wanted, service: "shop") { wanted.insert(entity) }
        let cyclic = wanted
        let problems = await #expect(throws: Problems.self) { try await settled(made, cyclic, present) }
        #expect(problems?.all.map(\.code) == ["floria.cycle"])
    }
}
