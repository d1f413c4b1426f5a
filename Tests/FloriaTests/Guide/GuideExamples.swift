// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSQLite
import Support
import Testing

/// The examples of docs/floria.md, run as they stand there; `GuideTests` compares the two.
@Suite struct GuideExamples {
    @Test func `a graph is committed, read and changed`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore(path: folder + "/graph.db")
            let shop = Directory(["shop"])
            var web = Vertex(EntityHeader(.vertex(shop, "web")))
            web.properties["port"] = Property(value: 8080)
            let database = Vertex(EntityHeader(.vertex(shop, "database")))
            let link = Edge(
                EntityHeader(ID(.edge, shop, "web-database")), name: "database", source: web.header.id,
                target: database.header.id)

            var transaction = Transaction()
            transaction.puts = [.vertex(web), .vertex(database), .edge(link)]
            let first = try await store.commit(transaction)

            let names = try await store.read { snapshot throws(Problem) in
                try snapshot.entities(.directory(.vertex, shop, isDeep: true)).map(\.id.name)
            }
            #expect(names == ["database", "web"])

            web.properties["port"]?.value = 9090
            var change = Transaction()
            change.puts = [.vertex(web)]
            change.expectations = [web.header.id: first.position]
            try await store.commit(change)

            // The vertex has another version by now: whoever saw the first one has to look again.
            let conflict = try await problem { try await store.commit(change) }
            #expect(conflict.code == "store.conflict")
        }
    }

    @Test func `an expression is evaluated`() async throws {
        struct Words: FunctionLibrary {
            func dispatch(
                _ function: String, _ arguments: [Value], _ evaluation: Evaluation
            ) async throws(EvaluationFailure) -> Value {
                guard function == "join" else { throw evaluation.fail("words.unknown-function", "there is only words:join") }
                return .text(arguments.map { $0.text ?? Notation.encode($0) }.joined())
            }
        }

        var web = Vertex(EntityHeader(.vertex(.root, "web")))
        web.properties["port"] = Property(value: 8080)
        var graph = Graph()
        graph.insert(web)

        let expression = try Notation.decode(#"words:join("http://localhost:", floria:value("port"))"#)
        let evaluation = Evaluation(
            site: CallSite(entity: web.header.id), graph: graph, functions: Functions(["words": Words()]))
        let url = try await evaluation.evaluate(expression)
        #expect(url == "http://localhost:8080")
    }

    @Test func `a change brings up to date what depends on it`() async throws {
        let store = MemoryStore()
        var web = Vertex(EntityHeader(.vertex(.root, "web")))
        web.properties["port"] = Property(value: 8080)
        web.properties["address"] = Property(updater: try Notation.decode(#"["localhost", floria:value("port")]"#))
        var graph = Graph()
        graph.insert(web)

        let update = GraphUpdate(functions: Functions(), now: { Timestamp.now() })
        var first = Transaction()
        first.puts = try await update.refresh(graph, service: "shop")
        try await store.commit(first)

        let port = PropertyReference(web.header.id, "port")
        let changes = try await update.push(
            [port: 9090], in: store, provenance: Provenance(.person, "ada", time: Timestamp.now()))
        var second = Transaction()
        changes.add(to: &second)
        try await store.commit(second)

        let id = web.header.id
        let entity = try await store.read { snapshot throws(Problem) in try snapshot.entity(id) }
        #expect(entity?.properties["address"]?.value == ["localhost", 9090])
    }

    @Test func `a design becomes a graph, and what has changed is told`() async throws {
        let templates = Directory(["templates"])
        var node = VertexTemplate(EntityHeader(ID(.vertexTemplate, templates, "web")), instanceName: "web")
        node.count = .call(Call(FunctionName(plugin: "floria", name: "value"), ["vertex:shop", "input.count"]))
        node.properties["port"] = Property(value: 8080)
        var root = VertexTemplate(
            EntityHeader(ID(.vertexTemplate, templates, "shop")), instanceName: "shop", opensDirectory: true)
        root.properties["input.count"] = Property()
        root.contained = [node.header.id]
        let design = Design(root: root.header.id, vertexTemplates: [root, node])

        let instantiator = Instantiator(functions: Functions(), now: { Timestamp.now() })
        let small = try await instantiator.instantiate(design, name: "shop", inputs: ["count": 1]).graph
        let large = try await instantiator.instantiate(design, name: "shop", inputs: ["count": 3], onto: small).graph

        let changes = ChangeSet(comparing: small, wanted: large, present: small)
        let novel = changes.changes.filter { $0.category == .novel }.map(\.id.description)
        #expect(novel == ["shop/web-1", "shop/web-2"])
    }

    @Test func `an event is stored with the change that caused it`() async throws {
        let store = MemoryStore()
        let web = Vertex(EntityHeader(.vertex(.root, "web")))
        var transaction = Transaction()
        transaction.puts = [.vertex(web)]
        transaction.events = [
            Event(id: "e1", type: "made", entity: web.header.id, payload: ["by": "ada"], time: Timestamp.now())
        ]
        try await store.commit(transaction)

        var position: UInt64 = 0
        for await _ in store.sequences() {
            let after = position
            let events = try await store.read { snapshot throws(Problem) in try snapshot.events(after: after, limit: 100) }
            for stored in events {
                #expect(stored.event.payload["by"] == "ada")
                position = stored.sequence
            }
            if position > 0 { break }
        }
    }
}
