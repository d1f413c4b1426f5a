// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// What holds for the changes of any graph.
@Suite struct ChangeSetPropertyTests {
    private let design = Provenance(.design, "shop", time: 1)

    private func graph(_ store: any Store) async throws -> Graph {
        try await store.read { snapshot throws(Problem) in try Graph(service: "shop", in: snapshot) }
    }

    /// A store that holds a random graph, and what a random design changes of it.
    private func situation(
        _ seed: UInt64, on store: any Store, _ resolution: Resolution = Resolution()
    ) async throws -> (made: Graph, wanted: Graph, present: Graph, changes: ChangeSet) {
        var random = RandomEntities(seed: seed)
        let made = random.designedGraph()
        try await store.commit(Transaction(puts: ["T0", "T1"].map { .type(.type($0)) }))
        try await store.commit(random.changed(made).transaction)
        let present = try await graph(store)
        let wanted = random.designedGraph()
        return (
            made, wanted, present, ChangeSet(comparing: made, wanted: wanted, present: present, resolution: resolution)
        )
    }

    @Test(arguments: 1...300)
    func `a change that is applied and taken back leaves everything as it was`(seed: UInt64) async throws {
        let store = MemoryStore()
        let (_, _, present, changes) = try await situation(seed, on: store)
        let position = try await store.commit(changes.transaction(provenance: design)).position
        #expect(try await graph(store).unstamped == present.applying(changes).unstamped)
        let inverse = changes.inverted(at: position)
        #expect(
            inverse.inverted(at: position).changes.map(\.category)
                == changes.changes.filter(\.isEffective).map { change in
                    change.category == .conflicting || change.category == .kept ? .modified : change.category
                })
        try await store.commit(inverse.transaction(provenance: design))
        #expect(try await graph(store).unstamped == present.unstamped)
    }

    @Test(arguments: 1...300)
    func `a change that is stored and read again does the same`(seed: UInt64) async throws {
        let store = MemoryStore()
        let (_, _, _, changes) = try await situation(seed, on: store)
        let stored = try ChangeSet(document: CBOR.decode(CBOR.encode(changes.document)))
        #expect(stored == changes)
        #expect(try ChangeSet(document: JSON.decode(JSON.encode(changes.document))) == changes)
        #expect(ChangeDiff(document: ChangeDiff(changes).document) == ChangeDiff(changes))
        try await store.commit(stored.transaction(provenance: design))
        #expect(try await problem { try await store.commit(changes.transaction(provenance: design)) }.code == "store.conflict")
    }

    @Test(arguments: 1...300)
    func `once it is applied, the same design changes nothing more and nothing conflicts`(seed: UInt64) async throws {
        let (_, wanted, present, changes) = try await situation(seed, on: MemoryStore())
        let result = present.applying(changes)
        let again = ChangeSet(comparing: wanted, wanted: wanted, present: result)
        #expect(again.changes.allSatisfy { $0.category == .kept && !$0.isEffective })
        let same = ChangeSet(comparing: wanted, wanted: wanted, present: wanted)
        #expect(same.changes.isEmpty)
        #expect(same.unchangedCount == wanted.vertexes.count + wanted.edges.count)
    }

    @Test(arguments: 1...300)
    func `what a person has set stays, and what a design has changed too is a conflict`(seed: UInt64) async throws {
        let (made, wanted, present, changes) = try await situation(seed, on: MemoryStore())
        let result = present.applying(changes)
        for (id, vertex) in present.vertexes {
            for (name, property) in vertex.properties where property.provenance?.author == .person {
                #expect(result.value(id, name) == property.value)
                let (old, new) = (made.value(id, name), wanted.value(id, name))
                let row = changes.changes.first { $0.id == id }?.properties.first { $0.name == name }
                #expect((row?.isConflict == true) == (old != new && new != property.value), "\(id) \(name)")
            }
        }
    }

    @Test(arguments: 1...200)
    func `if the design's is taken everywhere, only what the running system has set remains`(seed: UInt64) async throws {
        var all = Resolution()
        all.takesAll = true
        let (_, wanted, present, changes) = try await situation(seed, on: MemoryStore(), all)
        let result = present.applying(changes)
        #expect(Set(result.vertexes.keys) == Set(wanted.vertexes.keys))
        #expect(Set(result.edges.keys) == Set(wanted.edges.keys))
        #expect(result.edges.allSatisfy { $0.value.target == wanted.edge($0.key)?.target })
        for (id, vertex) in result.vertexes {
            for (name, property) in vertex.properties where property.provenance?.author != .operation {
                #expect(property.value == wanted.value(id, name))
            }
        }
        #expect(!changes.changes.contains { $0.category == .conflicting || $0.category == .kept })
    }

    @Test(arguments: 1...200)
    func `a change that is taken back after the graph has gone on leaves what was done meanwhile`(seed: UInt64) async throws {
        let store = MemoryStore()
        let (_, _, present, changes) = try await situation(seed, on: store)
        let position = try await store.commit(changes.transaction(provenance: design)).position
        var later = try await graph(store)
        let reference = PropertyReference(.shop("v0"), "later")
        later.set(Property(value: 7, provenance: Provenance(.person, "a", time: 3)), reference)
        try await store.commit(Transaction(puts: later.vertex(.shop("v0")).map { [.vertex($0)] } ?? []))
        let back = changes.inverted(at: position).rebased(onto: try await graph(store))
        try await store.commit(back.transaction(provenance: design))
        let result = try await graph(store)
        #expect(result.property(reference)?.value == 7)
        #expect(Set(result.edges.keys) == Set(present.edges.keys))
        for (id, vertex) in present.vertexes {
            for (name, property) in vertex.properties where property.provenance?.author != .operation {
                #expect(result.value(id, name) == property.value)
            }
        }
    }
}
