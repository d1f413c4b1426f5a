// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// Values that depend on how a stored graph hangs together.
@Suite struct StructureUpdateTests {
    private let top = ID.shop("top"), other = ID.shop("other"), a = ID.shop("a")
    private let person = Provenance(.person, "ann", time: 5)
    private let counting = TestFunctions()
    private var functions: Functions { Functions(["t": counting]) }
    private var update: GraphUpdate { GraphUpdate(functions: functions, now: { 9 }) }

    private func graph(_ store: any Store) async throws -> Graph {
        try await store.read { snapshot throws(Problem) in try Graph(service: "shop", in: snapshot) }
    }

    /// A store with a graph whose values are all evaluated.
    private func fill(_ store: any Store, _ graph: Graph) async throws {
        func transaction(_ graph: Graph) -> Transaction {
            Transaction(puts: graph.entities)
        }
        try await store.commit(transaction(graph))
        try await store.commit(Transaction(puts: try await update.refresh(self.graph(store), service: "shop")))
    }

    private func counted() -> Graph {
        Graph([
            top: [:], other: [:],
            a: ["many": Property(updater: .t("size", .text(top.documentText))), "x": Property(value: 1)],
        ])
    }

    private func push(
        _ store: any Store, _ values: [PropertyReference: Value] = [:], puts: [Entity] = [], deletions: [ID] = []
    ) async throws -> Transaction {
        var transaction = Transaction()
        try await update.push(values, in: store, puts: puts, deletions: deletions, provenance: person).add(to: &transaction)
        var all = Dictionary(puts.map { ($0.id, $0) }) { $1 }
        for entity in transaction.puts { all[entity.id] = entity }
        transaction.puts = all.values.sorted { $0.id < $1.id }
        transaction.deletions = deletions
        return transaction
    }

    @Test(arguments: StoreKind.allCases)
    func `what a vertex contains is read: who looks there is evaluated again when it changes`(kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store, counted())
            #expect(try await graph(store).value(a, "many") == 0)
            try await store.commit(push(store, puts: [.vertex(.shop("new"), in: top)]))
            #expect(try await graph(store).value(a, "many") == 1)
            try await store.commit(push(store, puts: [.vertex(.shop("new"), in: other)]))
            #expect(try await graph(store).value(a, "many") == 0)
            try await store.commit(push(store, puts: [.vertex(.shop("new"), in: top)]))
            try await store.commit(push(store, deletions: [.shop("new")]))
            #expect(try await graph(store).value(a, "many") == 0)
            let before = counting.counter.next()
            try await store.commit(push(store, puts: [.vertex(.shop("elsewhere"), in: other)]))
            #expect(counting.counter.next() == before + 1, "nobody looks there, so nothing is evaluated")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `what was found by containment is expected to be so still`(kind: StoreKind) async throws {
        try await kind.with { store in
            var present = counted()
            present.set(Property(value: .text(other.documentText)), PropertyReference(a, "where"))
            present.set(Property(updater: .t("size", .own("where"))), PropertyReference(a, "many"))
            try await fill(store, present)
            let stale = try await push(store, [PropertyReference(a, "where"): .text(top.documentText)])
            // Whoever puts this knows of no reader: there is none yet.
            try await store.commit(push(store, puts: [.vertex(.shop("new"), in: top)]))
            let problem = try await problem { try await store.commit(stale) }
            #expect(problem.code == "store.conflict")
            #expect(problem.message == "what ‘shop/top’ contains has changed since it was looked at")
            try await store.commit(push(store, [PropertyReference(a, "where"): .text(top.documentText)]))
            #expect(try await graph(store).value(a, "many") == 1)
        }
    }

    @Test func `a value that changes within what was found is no conflict, unless it was read`() async throws {
        let store = MemoryStore()
        var present = counted()
        present.insert(Entity.vertex(.shop("part"), in: top, value: 1))
        try await fill(store, present)
        present = try await graph(store)
        let changes = try await push(store, puts: [.vertex(.shop("new"), in: top)])
        try await store.commit(push(store, [PropertyReference(.shop("part"), "value"): 2]))
        try await store.commit(changes)
        #expect(try await graph(store).value(a, "many") == 2)
    }

    @Test func `who begins to look at what is about to change is a conflict`() async throws {
        let store = MemoryStore()
        try await fill(store, counted())
        let late = try await push(store, puts: [.vertex(.shop("new"), in: other)])
        try await store.commit(
            push(store, [PropertyReference(a, "many"): 0]))
        var reader = try #require(try await graph(store).vertex(a))
        reader.properties["others"] = Property(updater: .t("size", .text(other.documentText)))
        try await store.commit(Transaction(puts: [.vertex(reader)]))
        try await store.commit(
            Transaction(puts: try await update.refresh(graph(store), service: "shop")))
        let problem = try await problem { try await store.commit(late) }
        #expect(problem.message == "‘shop/a.others’ reads what is changed, and was not evaluated with it")
    }

    @Test(arguments: StoreKind.allCases)
    func `one changed property of many evaluates those that read it, and nothing else`(kind: StoreKind) async throws {
        try await kind.with { store in
            var graph = Graph()
            for index in 0..<1000 {
                var vertex = Vertex(EntityHeader(.shop("v\(index)")))
                vertex.properties["x"] = Property(value: .integer(index))
                vertex.properties["of x"] = Property(updater: .t("count", .own("x")))
                if index > 0 {
                    vertex.properties["of v0"] = Property(updater: .t("add", .value(.shop("v\(index % 7)"), "of x")))
                }
                graph.insert(vertex)
            }
            try await fill(store, graph)
            let before = counting.counter.next()
            let transaction = try await push(store, [PropertyReference(.shop("v3"), "x"): 50])
            #expect(counting.counter.next() == before + 2, "‘of x’ of one vertex was evaluated")
            #expect(transaction.puts.count == 143, "the vertex, and those that read it")
            #expect(transaction.expectations.count == 143)
        }
    }

    /// Random graphs that hang together anew again and again: what is stored is always what a whole evaluation gives.
    @Test(arguments: 1...60)
    func `whatever changes, what is stored is what evaluating everything would give`(seed: UInt64) async throws {
        var random = RandomEntities(seed: seed)
        func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        let ids = (0..<7).map { ID.shop("v\($0)") }
        func vertex(_ index: Int) -> Vertex {
            var vertex = Vertex(EntityHeader(ids[index]), container: index > 0 && pick(2) == 0 ? ids[pick(index)] : nil)
            vertex.properties["x"] = Property(value: .integer(pick(9)), provenance: Provenance(.design, "shop", time: 1))
            let (one, other) = (ids[pick(7)].documentText, ids[pick(7)].documentText)
            vertex.properties["sum"] = Property(updater: .t("contents", .text(one)))
            vertex.properties["ends"] = Property(updater: .t("list", .t("ends", .text(other)), .t("size", .text(one))))
            vertex.properties["target"] = Property(updater: .t("target", "to", "sum"))
            return vertex
        }
        let store = MemoryStore()
        try await fill(store, Graph())
        var commits = 0
        for _ in 0..<25 {
            let present = try await graph(store)
            var puts: [Entity] = []
            var deletions: [ID] = []
            var values: [PropertyReference: Value] = [:]
            let index = pick(7)
            switch pick(4) {
            case 0, 1: puts = [.vertex(vertex(index))]
            case 2:
                guard let source = present.vertex(ids[index]), let target = present.vertex(ids[pick(7)]) else { continue }
                let id = ID.link("e\(pick(3))")
                puts = [.edge(Edge(EntityHeader(id), name: "to", source: source.header.id, target: target.header.id))]
                if present.edge(id) != nil && pick(3) == 0 { (puts, deletions) = ([], [id]) }
            default:
                guard present.vertex(ids[index]) != nil else { continue }
                values = [PropertyReference(ids[index], "x"): .integer(pick(9))]
            }
            do {
                try await store.commit(push(store, values, puts: puts, deletions: deletions))
                commits += 1
            } catch {
                let codes = (error as? Problems)?.all.map(\.code) ?? (error as? Problem).map { [$0.code] } ?? []
                // A vertex that would contain itself, or a cycle of values.
                #expect(["store.invalid", "floria.cycle"].contains(codes.first))
                continue
            }
            let after = try await graph(store)
            let open = after.vertexes.values.flatMap { vertex in
                vertex.properties.filter { $0.value.updater != nil }.map { PropertyReference(vertex.header.id, $0.key) }
            }
            let stale = try await update.pull(Set(open), in: after, service: "shop").map(\.id.name)
            #expect(stale == [], "\(puts.map(\.id)) \(deletions) \(values)")
        }
        #expect(commits > 2)
    }
}
