// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// What a design changes of a graph that others change too.
@Suite struct ChangeSetTests {
    private let a = ID.shop("a"), b = ID.shop("b"), link = ID.link("a.to-0")
    private let person = Provenance(.person, "ann", time: 1)
    private let design = Provenance(.design, "shop", time: 1)

    private func value(_ value: Value?, by provenance: Provenance? = nil, kind: String = "property") -> Property {
        Property(value: value, metadata: ValueMap([("kind", .text(kind))]), provenance: provenance ?? design)
    }

    private func summary(_ changes: ChangeSet) -> [String] {
        changes.changes.map { change in
            let properties = change.properties.map {
                " \($0.name): \($0.before.map { JSON.encode($0) } ?? "-") → \($0.after.map { JSON.encode($0) } ?? "-")"
            }
            return "\(change.category.rawValue) \(change.id)\(properties.joined())"
        }
    }

    @Test func `what is new is novel, what differs is modified, what is gone is obsolete, the rest is left out`() {
        let present = Graph([a: ["x": value(1)], b: [:], .shop("same"): ["x": value(1)]])
        let wanted = Graph([a: ["x": value(2)], .shop("c"): ["y": value(3)], .shop("same"): ["x": value(1)]])
        let changes = ChangeSet(comparing: present, wanted: wanted, present: present)
        #expect(summary(changes) == ["modified shop/a x: 1 → 2", "obsolete shop/b", "novel shop/c y: - → 3"])
        #expect(ChangeSet(comparing: present, wanted: present, present: present).changes.isEmpty)
        #expect(summary(ChangeSet(comparing: nil, wanted: present, present: nil)).count == 3)
    }

    @Test func `a value that was changed by hand is kept, and the plan says what the design wants`() {
        let made = Graph([a: ["x": value(1), "y": value(1)]])
        let present = Graph([a: ["x": value(50, by: person), "y": value(1)]])
        let kept = ChangeSet(comparing: made, wanted: made, present: present)
        #expect(summary(kept) == ["kept shop/a x: 50 → 50"])
        #expect(kept.changes.first?.properties.first?.wanted == 1)
        #expect(kept.transaction(provenance: design).puts.isEmpty)
        let both = ChangeSet(comparing: made, wanted: Graph([a: ["x": value(2), "y": value(2)]]), present: present)
        #expect(summary(both) == ["conflicting shop/a x: 50 → 50 y: 1 → 2"])
        #expect(both.changes.first?.after?.properties["x"]?.value == 50)
    }

    @Test(arguments: [Provenance.Author.operation, .plugin])
    func `a value that the running system has set is never reset`(author: Provenance.Author) {
        let running = Provenance(author, "1", time: 2)
        let made = Graph([a: ["port": value(nil, kind: "attribute"), "state": value("initial"), "x": value(1)]])
        let present = Graph([
            a: ["port": value(80, by: running, kind: "attribute"), "state": value("started", by: running), "x": value(1)]
        ])
        #expect(ChangeSet(comparing: made, wanted: made, present: present).changes.isEmpty)
        let wanted = Graph([a: ["port": value(nil, kind: "attribute"), "state": value("initial"), "x": value(2)]])
        let after = ChangeSet(comparing: made, wanted: wanted, present: present).changes.first?.after
        #expect(after?.properties["port"]?.value == 80)
        #expect(after?.properties["port"]?.provenance == running)
        #expect(after?.properties["state"]?.value == "started")
    }

    @Test func `a value that cannot be computed before something runs keeps its last good one`() {
        var waiting = Property(updater: .own("port"), provenance: design)
        waiting.status = .pending(Problem("floria.pending", "not yet"))
        var known = waiting
        known.value = 80
        known.status = .valid
        #expect(
            ChangeSet(
                comparing: Graph([a: ["url": waiting]]), wanted: Graph([a: ["url": waiting]]),
                present: Graph([a: ["url": known]])
            ).changes.isEmpty)
        waiting.updater = .own("other")
        let changes = ChangeSet(comparing: nil, wanted: Graph([a: ["url": waiting]]), present: Graph([a: ["url": known]]))
        let after = changes.changes.first?.after?.properties["url"]
        #expect(after?.value == 80)
        #expect(after?.status.name == "pending")
    }

    @Test func `what was made by hand is kept, unless it needs what is obsolete`() {
        let made = Graph([a: [:], b: [:]])
        var present = Graph([a: [:], b: [:], .shop("by hand"): [:]])
        present.insert(Edge(EntityHeader(link), name: "to", source: a, target: b))
        present.insert(Vertex(EntityHeader(.shop("b.part")), container: b))
        #expect(
            summary(ChangeSet(comparing: made, wanted: made, present: present)) == [
                "kept shop/a.to-0", "kept shop/b.part", "kept shop/by hand",
            ])
        let changes = ChangeSet(comparing: made, wanted: Graph([a: [:]]), present: present)
        #expect(summary(changes) == ["obsolete shop/a.to-0", "obsolete shop/b", "obsolete shop/b.part", "kept shop/by hand"])
        #expect(Set(changes.transaction(provenance: design).deletions) == [link, b, .shop("b.part")])
    }

    @Test func `what was removed by hand is not made again, nor what would need it`() {
        let made = Graph([a: [:], b: [:]])
        var wanted = made
        wanted.insert(Edge(EntityHeader(link), name: "to", source: a, target: b))
        let changes = ChangeSet(comparing: made, wanted: wanted, present: Graph([a: [:]]))
        #expect(summary(changes) == ["kept shop/a.to-0", "kept shop/b"])
        #expect(changes.transaction(provenance: design).puts.isEmpty)
    }

    @Test func `handlers that were added by hand stay, those of the design are replaced`() {
        func graph(_ handlers: [String]) -> Graph {
            var vertex = Vertex(EntityHeader(a))
            vertex.handlers = handlers.map {
                Handler(event: "exited", call: Call(FunctionName(plugin: "p", name: $0)), name: $0)
            }
            var graph = Graph()
            graph.insert(vertex)
            return graph
        }
        let changes = ChangeSet(comparing: graph(["old"]), wanted: graph(["new"]), present: graph(["old", "by hand"]))
        #expect(changes.changes.first?.after?.handlers.map(\.name) == ["new", "by hand"])
    }

    @Test(arguments: StoreKind.allCases)
    func `a change set is applied as long as all that it touches is as it was`(kind: StoreKind) async throws {
        try await kind.with { store in
            var wanted = Graph([.vertex(.root, "shop"): [:], a: ["x": value(1)], b: [:]])
            wanted.insert(Edge(EntityHeader(link), name: "to", source: a, target: b))
            let first = ChangeSet(comparing: nil, wanted: wanted, present: nil)
            try await store.commit(first.transaction(provenance: design))
            #expect(
                try await problem { try await store.commit(first.transaction(provenance: design)) }.code == "store.conflict")
            let present = try await store.read { snapshot throws(Problem) in try Graph(service: "shop", in: snapshot) }
            #expect(ChangeSet(comparing: wanted, wanted: wanted, present: present).changes.isEmpty)
            let second = ChangeSet(
                comparing: wanted, wanted: Graph([.vertex(.root, "shop"): [:], a: ["x": value(2)]]), present: present)
            try await store.commit(second.transaction(provenance: design))
            let left = try await store.read { snapshot throws(Problem) in try Graph(service: "shop", in: snapshot) }
            #expect(left.vertexNames == ["shop", "shop/a"])
            #expect(left.edges.isEmpty)
            #expect(left.value(a, "x") == 2)
        }
    }

    @Test func `the document shows every change`() {
        let changes = ChangeSet(comparing: nil, wanted: Graph([a: ["x": value(1)]]), present: nil)
        #expect(
            JSON.encode(ChangeDiff(changes).document)
                == #"[{"category":"novel","entity":"shop/a","kind":"vertex","properties":[{"after":1,"name":"x"}]}]"#)
    }
}
