// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// The rules of the graph, kept at the edge of every store.
@Suite struct GraphRulesTests {
    private let web = ID.shop("web"), part = ID.shop("web.part"), data = ID.shop("data"), link = ID.link("web.to-0")

    private func rejects(_ kind: StoreKind, _ transaction: Transaction, _ messages: [String]) async throws {
        try await kind.with { store in
            try await store.commit(
                Transaction(puts: [.vertex(web), .vertex(part, in: web), .vertex(data), .edge(link, from: web, to: data)]))
            let problem = try await problem { try await store.commit(transaction) }
            #expect(problem.code == "store.invalid")
            #expect((problem.causes.isEmpty ? [problem] : problem.causes).map(\.message) == messages)
            let position = try await store.read { snapshot throws(Problem) in snapshot.position }
            #expect(position == 1, "nothing was changed")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `both ends of an edge exist`(kind: StoreKind) async throws {
        try await rejects(
            kind,
            Transaction(puts: [.edge(.link("x"), from: .shop("no"), to: data), .edge(.link("y"), from: web, to: .shop("none"))]
            ),
            [
                "the source ‘shop/no’ of the edge ‘shop/x’ does not exist",
                "the target ‘shop/none’ of the edge ‘shop/y’ does not exist",
            ])
    }

    @Test(arguments: StoreKind.allCases)
    func `a vertex with contents or edges is not deleted alone`(kind: StoreKind) async throws {
        try await rejects(
            kind, Transaction(deletions: [web]),
            [
                "the vertex ‘shop/web’ cannot be deleted: it contains ‘shop/web.part’",
                "the vertex ‘shop/web’ cannot be deleted: the edge ‘shop/web.to-0’ needs it",
            ])
    }

    @Test(arguments: StoreKind.allCases)
    func `a vertex is deleted together with what needs it, or after that was moved`(kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.commit(
                Transaction(puts: [.vertex(web), .vertex(part, in: web), .vertex(data), .edge(link, from: web, to: data)]))
            try await store.commit(Transaction(puts: [.vertex(part, in: data)], deletions: [link, web]))
            let left = try await store.read { snapshot throws(Problem) in
                try snapshot.entities(.directory(.vertex, .root, isDeep: true)).map(\.id)
            }
            #expect(left == [data, part])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `containment is a tree`(kind: StoreKind) async throws {
        try await rejects(kind, Transaction(puts: [.vertex(web, in: part)]), ["the vertex ‘shop/web’ would contain itself"])
        try await rejects(
            kind, Transaction(puts: [.vertex(.shop("a"), in: .shop("no"))]),
            ["the container ‘shop/no’ of the vertex ‘shop/a’ does not exist"])
    }

    @Test(arguments: StoreKind.allCases)
    func `an entity that is put and deleted at once, or twice, is refused`(kind: StoreKind) async throws {
        try await rejects(
            kind, Transaction(puts: [.vertex(part, in: web)], deletions: [part]), ["‘shop/web.part’ is put and deleted at once"]
        )
        try await rejects(kind, Transaction(puts: [.vertex(data), .vertex(data)]), ["‘shop/data’ is put twice"])
    }

    @Test(arguments: StoreKind.allCases)
    func `identifiers have the right kind and valid names`(kind: StoreKind) async throws {
        try await rejects(
            kind, Transaction(puts: [.vertex(link)]), ["‘shop/web.to-0’ is a vertex with an identifier of the kind edge"])
        try await rejects(
            kind, Transaction(puts: [.vertex(.shop("x"), classes: [web])]),
            ["a class of ‘shop/x’ is ‘shop/web’, a vertex, and must be a class"])
        try await rejects(kind, Transaction(puts: [.vertex(.shop("a/b"))]), ["‘a/b’ is no valid name"])
        try await rejects(kind, Transaction(puts: [.vertex(.shop(""))]), ["‘’ is no valid name"])
    }

    @Test(arguments: StoreKind.allCases)
    func `metadata is literal`(kind: StoreKind) async throws {
        var header = EntityHeader(data)
        header.metadata["x"] = .call(Call(FunctionName(plugin: "floria", name: "candidate")))
        try await rejects(kind, Transaction(puts: [.vertex(Vertex(header))]), ["the metadata of ‘shop/data’ holds a call"])
    }
}
