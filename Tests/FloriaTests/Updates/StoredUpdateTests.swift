// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// Updates of a graph that lies in a store, of which only a part is read.
@Suite struct StoredUpdateTests {
    private let a = ID.shop("a"), b = ID.shop("b"), sum = ID.shop("sum")
    private let update = GraphUpdate(functions: TestFunctions.all, now: { 9 })
    private let person = Provenance(.person, "ann", time: 5)

    private func store(_ graph: Graph) async throws -> MemoryStore {
        let store = MemoryStore()
        var transaction = Transaction()
        transaction.puts = graph.vertexes.values.map(Entity.vertex)
        try await store.commit(transaction)
        return store
    }

    private func graph(_ store: MemoryStore) async throws -> Graph {
        try await store.read { snapshot throws(Problem) in try Graph(service: "shop", in: snapshot) }
    }

    private func transaction(_ changes: GraphUpdate.Changes) -> Transaction {
        var transaction = Transaction()
        changes.add(to: &transaction)
        return transaction
    }

    /// A store with a sum of two numbers, one of which or both are missing.
    private func sums() async throws -> MemoryStore {
        let store = try await store(Graph([a: ["x": Property()], b: ["x": Property()], sum: [:]]))
        let updater = Value.t("add", .value(a, "x"), .value(b, "x"))
        var present = try await graph(store)
        present.set(Property(updater: updater), PropertyReference(sum, "of both"))
        var settled = Transaction()
        settled.puts = [.vertex(try #require(present.vertex(sum)))]
        try await store.commit(settled)
        settled.puts = try await update.refresh(try await self.graph(store), service: "shop")
        try await store.commit(settled)
        return store
    }

    @Test func `two values that are set at once both reach what waits for them`() async throws {
        let store = try await sums()
        // Each is computed without the other, and so changes nothing but itself.
        let first = try await update.push([PropertyReference(a, "x"): 1], in: store, provenance: person)
        let second = try await update.push([PropertyReference(b, "x"): 2], in: store, provenance: person)
        try await store.commit(transaction(first))
        let problem = await #expect(throws: Problem.self) { try await store.commit(transaction(second)) }
        #expect(problem?.code == "store.conflict")
        let again = try await update.push([PropertyReference(b, "x"): 2], in: store, provenance: person)
        try await store.commit(transaction(again))
        #expect(try await graph(store).value(sum, "of both") == 3)
    }

    @Test func `a change elsewhere is no conflict`() async throws {
        let store = try await sums()
        let changes = try await update.push([PropertyReference(a, "x"): 1], in: store, provenance: person)
        try await store.commit(Transaction(puts: [.vertex(ID.shop("stranger"))]))
        try await store.commit(transaction(changes))
        #expect(try await graph(store).value(a, "x") == 1)
    }

    @Test func `what is put together with an update is there for it`() async throws {
        let store = try await sums()
        var vertex = Vertex(EntityHeader(ID.shop("new")))
        vertex.properties["x"] = Property()
        let changes = try await update.push(
            [PropertyReference(vertex.header.id, "x"): 4], in: store, puts: [.vertex(vertex)], provenance: person)
        #expect(changes.entities.map(\.id) == [vertex.header.id])
        #expect(changes.expectations == [vertex.header.id: 0], "nothing that is stored was looked at")
        #expect(changes.entities[0].value("x") == 4)
    }

    @Test func `what is not there is a problem`() async throws {
        let store = try await sums()
        let problems = await #expect(throws: Problems.self) {
            try await update.push([PropertyReference(ID.shop("nobody"), "x"): 1], in: store, provenance: person)
        }
        #expect(problems?.all.map(\.code) == ["floria.unknown-entity"])
    }

    @Test func `a store that cannot be read fails the update, and no property`() async throws {
        let store = try await store(Graph([a: ["x": Property(value: 1)], b: [:]]))
        var present = try await graph(store)
        present.set(Property(updater: .t("contents", .value(a, "x"))), PropertyReference(b, "many"))
        present.set(Property(value: .text(a.documentText)), PropertyReference(a, "x"))
        var settled = Transaction(puts: present.vertexes.values.map(Entity.vertex))
        try await store.commit(settled)
        settled.puts = try await update.refresh(try await graph(store), service: "shop")
        try await store.commit(settled)
        let broken = BreakingStore(store: store, readings: 1)
        let problems = await #expect(throws: Problems.self) {
            try await update.push([PropertyReference(a, "x"): .text(b.documentText)], in: broken, provenance: person)
        }
        #expect(problems?.all.map(\.code) == ["store.unavailable"])
    }

    /// Random graphs, in which sums read properties before them and look at what contains what.
    @Test(arguments: 1...60)
    func `a stored graph changes as one in memory does`(seed: UInt64) async throws {
        var random = RandomEntities(seed: seed)
        let ids = (0..<8).map { ID.shop("v\($0)") }
        var graph = Graph()
        for (index, id) in ids.enumerated() {
            var vertex = Vertex(EntityHeader(id), container: index > 0 && random.next() % 2 == 0 ? ids[0] : nil)
            vertex.properties["x"] = random.next() % 3 == 0 ? Property() : Property(value: .integer(index))
            if index > 0 {
                let (one, other) = (ids[Int(random.next() % UInt64(index))], ids[Int(random.next() % UInt64(index))])
                vertex.properties["sum"] = Property(updater: .t("add", .value(one, "x"), .value(other, "sum")))
                vertex.properties["many"] = Property(updater: .t("contents", .text(ids[0].documentText)))
            }
            graph.insert(vertex)
        }
        let store = try await store(graph)
        var settled = Transaction()
        settled.puts = try await update.refresh(try await self.graph(store), service: "shop")
        try await store.commit(settled)
        let values = [PropertyReference(ids[Int(random.next() % 8)], "x"): Value.integer(100)]
        let expected = try await update.push(values, onto: try await self.graph(store), provenance: person)
        let changes = try await update.push(values, in: store, provenance: person)
        #expect(changes.entities == expected)
        #expect(Set(expected.map(\.id)).isSubset(of: changes.expectations.keys))
    }
}

/// A stand-in that injects a fault: a store that can be read so many times only.
private final class BreakingStore: Store {
    private let store: any Store
    private let counter = Counter()
    private let readings: Int

    init(store: any Store, readings: Int) {
        self.store = store
        self.readings = readings
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Snapshot) throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        guard counter.next() <= readings else { throw Problem("store.unavailable", "the store cannot be used") }
        return try await store.read(body)
    }

    func commit(_ transaction: Transaction) async throws(Problem) -> Commit { try await store.commit(transaction) }

    func change<Result: Sendable>(
        _ body: @escaping @Sendable (LargeChange) throws(Problem) -> Result
    ) async throws(Problem) -> Result { try await store.change(body) }

    func positions() -> AsyncStream<UInt64> { store.positions() }
    func sequences() -> AsyncStream<UInt64> { store.sequences() }
}

extension Entity {
    fileprivate func value(_ name: String) -> Value? {
        if case .vertex(let vertex) = self { vertex.properties[name]?.value } else { nil }
    }
}
