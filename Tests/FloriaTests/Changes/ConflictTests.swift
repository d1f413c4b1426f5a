// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// What becomes of things that a person and a design have both changed.
@Suite struct ConflictTests {
    private let a = ID.shop("a"), b = ID.shop("b"), part = ID.shop("a.part"), link = ID.link("a.to-0")
    private let person = Provenance(.person, "ann", time: 2)
    private let design = Provenance(.design, "shop", time: 1)

    private func value(_ value: Value?, by provenance: Provenance? = nil) -> Property {
        Property(value: value, provenance: provenance ?? design)
    }

    private func categories(_ changes: ChangeSet) -> [String] {
        changes.changes.map { "\($0.category.rawValue) \($0.id.name)\($0.isEffective ? "" : " stays")" }
    }

    private func taking(_ change: (inout Resolution) -> Void) -> Resolution {
        var resolution = Resolution()
        change(&resolution)
        return resolution
    }

    @Test func `a value is in conflict once the design has changed it too; then either can be had`() {
        let made = Graph([a: ["x": value(1), "y": value(1)]])
        let present = Graph([a: ["x": value(50, by: person), "y": value(1)]])
        #expect(categories(ChangeSet(comparing: made, wanted: made, present: present)) == ["kept a stays"])
        let wanted = Graph([a: ["x": value(2), "y": value(1)]])
        let conflict = ChangeSet(comparing: made, wanted: wanted, present: present)
        #expect(categories(conflict) == ["conflicting a stays"])
        #expect(conflict.changes.first?.properties.first?.wanted == 2)
        let resolution = taking { $0.properties = [PropertyReference(a, "x")] }
        let taken = ChangeSet(comparing: made, wanted: wanted, present: present, resolution: resolution)
        #expect(categories(taken) == ["modified a"])
        #expect(present.applying(taken).value(a, "x") == 2)
        #expect(present.applying(taken).property(PropertyReference(a, "x"))?.provenance?.author == .design)
        // Having kept it once, it is kept from then on.
        #expect(categories(ChangeSet(comparing: wanted, wanted: wanted, present: present)) == ["kept a stays"])
    }

    @Test func `what was removed by hand and designed anew is in conflict, and made again if that is taken`() {
        let made = Graph([a: ["x": value(1)], b: [:]])
        let present = Graph([b: [:]])
        let wanted = Graph([a: ["x": value(2)], b: [:]])
        #expect(categories(ChangeSet(comparing: made, wanted: made, present: present)) == ["kept a stays"])
        #expect(categories(ChangeSet(comparing: made, wanted: wanted, present: present)) == ["conflicting a stays"])
        let taken = ChangeSet(
            comparing: made, wanted: wanted, present: present, resolution: taking { $0.entities = [a] })
        #expect(categories(taken) == ["novel a"])
    }

    @Test func `what is obsolete but was changed by hand stays whole, until the design's is taken`() {
        func graph(_ x: Property) -> Graph {
            var graph = Graph([a: ["x": value(1)], b: [:]])
            var inner = Vertex(EntityHeader(part), container: a)
            inner.properties["x"] = x
            graph.insert(inner)
            graph.insert(Vertex(EntityHeader(.shop("a.other")), container: a))
            graph.insert(Edge(EntityHeader(link), name: "to", source: a, target: b))
            return graph
        }
        let made = graph(value(1))
        let wanted = Graph([b: [:]])
        let untouched = ChangeSet(comparing: made, wanted: wanted, present: made)
        #expect(untouched.changes.allSatisfy { $0.category == .obsolete })
        let changes = ChangeSet(comparing: made, wanted: wanted, present: graph(value(50, by: person)))
        #expect(
            categories(changes) == ["kept a.to-0 stays", "kept a stays", "kept a.other stays", "conflicting a.part stays"])
        let taken = ChangeSet(
            comparing: made, wanted: wanted, present: graph(value(50, by: person)),
            resolution: taking { $0.entities = [a] })
        #expect(categories(taken) == ["obsolete a.to-0", "obsolete a", "obsolete a.other", "obsolete a.part"])
        // The edge goes with its target.
        let both = ChangeSet(comparing: made, wanted: Graph(), present: graph(value(50, by: person)))
        #expect(categories(both).prefix(2) == ["obsolete a.to-0", "kept a stays"])
    }

    @Test func `an edge that was led elsewhere by hand stays there`() {
        func graph(_ target: ID) -> Graph {
            var graph = Graph([a: [:], b: [:], .shop("c"): [:]])
            graph.insert(Edge(EntityHeader(link), name: "to", source: a, target: target))
            return graph
        }
        let kept = ChangeSet(comparing: graph(b), wanted: graph(b), present: graph(.shop("c")))
        #expect(categories(kept) == ["kept a.to-0 stays"])
        #expect(kept.changes.first?.relations.first?.wanted == "shop/b")
        let conflict = ChangeSet(comparing: graph(b), wanted: graph(a), present: graph(.shop("c")))
        #expect(categories(conflict) == ["conflicting a.to-0 stays"])
        // Where it was led is gone, so it goes where the design wants it.
        var without = graph(b)
        without.remove(.shop("c"))
        let changes = ChangeSet(comparing: graph(b), wanted: without, present: graph(.shop("c")))
        #expect(categories(changes) == ["modified a.to-0", "obsolete c"])
    }

    @Test func `what reads a value that is kept is computed from that`() async throws {
        func graph(_ x: Property, _ y: Value) -> Graph {
            var reader = Property(value: y, updater: .t("add", .own("x"), 1), provenance: design)
            reader.reads = [.property(PropertyReference(a, "x"))]
            return Graph([a: ["x": x, "y": reader, "z": value(1)]])
        }
        let made = graph(value(1), 2)
        let present = graph(value(50, by: person), 51)
        let wanted = graph(value(1), 2)
        let update = GraphUpdate(functions: TestFunctions.all, now: { 9 })
        let raw = ChangeSet(comparing: made, wanted: wanted, present: present)
        #expect(raw.changes.first?.after?.properties["y"]?.value == 2, "what the design wants doesn't fit what is kept")
        let settled = try await update.settle(raw, wanted: wanted, present: present, service: "shop")
        #expect(categories(settled) == ["kept a stays"])
        #expect(settled.changes.first?.properties.map(\.name) == ["x"])
    }

    @Test(arguments: [
        #"{"changes":[{"id":"vertex:a","category":"odd"}]}"#, #"{"changes":[{"id":"a","category":"kept"}]}"#,
        #"{"changes":[{"id":"vertex:a","category":"kept","before":{"id":"vertex:b"}}]}"#, #"[]"#,
        #"{"changes":[{"id":"class:a","category":"novel","after":{"id":"class:a"}}]}"#, #"{"changes":7}"#,
        #"{"changes":[],"unchanged":"many"}"#, #"{"changes":[],"more":1}"#,
    ])
    func `a document that is none says so`(text: String) throws {
        let document = try JSON.decode(text)
        let problem = #expect(throws: Problem.self) { try ChangeSet(document: document) }
        #expect(problem?.code.hasPrefix("floria.malformed-") == true)
    }

    @Test func `a resolution comes back from its document`() throws {
        let some = taking {
            $0.entities = [a, link]
            $0.properties = [PropertyReference(b, "x")]
        }
        for resolution in [Resolution(), some, taking { $0.takesAll = true }] {
            #expect(try Resolution(document: resolution.document) == resolution)
        }
        #expect(throws: Problem.self) { try Resolution(document: [["contained": "vertex:a"]]) }
        #expect(throws: Problem.self) { try Resolution(document: 1) }
    }
}
