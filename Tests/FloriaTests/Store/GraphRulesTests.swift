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

    @Test(arguments: StoreKind.allCases)
    func `a class that is named exists, also by a property, a template or a class`(kind: StoreKind) async throws {
        let none = ID.type("none")
        var property = Property(value: 1)
        property.classes = [none]
        var vertex = Vertex(EntityHeader(.shop("x")))
        vertex.properties["p"] = property
        var selector = TargetSelector()
        selector.containerClass = none
        let template = EdgeTemplate(EntityHeader(ID(.edgeTemplate, .root, "t")), instanceName: "t", target: selector)
        for (entity, name) in [
            (Entity.vertex(.shop("x"), classes: [none]), "shop/x"), (.vertex(vertex), "shop/x"), (.edgeTemplate(template), "t"),
            (.type(.type("c"), parent: none), "types/c"),
        ] {
            try await rejects(
                kind, Transaction(puts: [entity]), ["the class ‘types/none’, which ‘\(name)’ names, does not exist"])
        }
        try await rejects(
            kind, Transaction(puts: [.type(.type("a"), parent: .type("b")), .type(.type("b"), parent: .type("a"))]),
            ["the class ‘types/a’ would be its own ancestor", "the class ‘types/b’ would be its own ancestor"])
    }

    @Test(arguments: StoreKind.allCases)
    func `a class or a template is not deleted while something needs it`(kind: StoreKind) async throws {
        try await kind.with { store in
            let type = ID.type("c"), inner = ID(.vertexTemplate, .root, "inner"), outer = ID(.vertexTemplate, .root, "outer")
            var template = VertexTemplate(EntityHeader(outer), instanceName: "o")
            template.contained = [inner]
            var made = Vertex(EntityHeader(.shop("made")))
            made.origin = outer
            var typed = Vertex(EntityHeader(.shop("typed")))
            typed.properties["p"] = Property(classes: [type])
            try await store.commit(
                Transaction(puts: [
                    .type(type), .type(.type("d"), parent: type), .vertex(.shop("x"), classes: [type]), .vertex(typed),
                    .vertexTemplate(template), .vertexTemplate(VertexTemplate(EntityHeader(inner), instanceName: "i")),
                    .vertex(made),
                ]))
            let problem = try await problem { try await store.commit(Transaction(deletions: [type, inner])) }
            #expect(problem.code == "store.invalid")
            #expect(
                Set(problem.causes.map(\.message)) == [
                    "the class ‘types/c’ cannot be deleted: the class ‘types/d’ needs it",
                    "the class ‘types/c’ cannot be deleted: the vertex ‘shop/x’ needs it",
                    "the class ‘types/c’ cannot be deleted: the vertex ‘shop/typed’ needs it",
                    "the vertex template ‘inner’ cannot be deleted: the vertex template ‘outer’ needs it",
                ])
            // An instance needs its template no more.
            try await store.commit(
                Transaction(
                    puts: [.type(.type("d")), .vertex(.shop("x"))], deletions: [type, inner, outer, .shop("typed")]))
            let again = try await FloriaTests.problem {
                try await store.commit(Transaction(puts: [.vertex(.shop("y"), classes: [type])]))
            }
            #expect(again.message == "the class ‘types/c’, which ‘shop/y’ names, does not exist")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `templates refer to what is there, and contain no template for ever`(kind: StoreKind) async throws {
        let a = ID(.vertexTemplate, .root, "a"), b = ID(.vertexTemplate, .root, "b"), e = ID(.edgeTemplate, .root, "e")
        var first = VertexTemplate(EntityHeader(a), instanceName: "a")
        first.contained = [b]
        first.edges = [e]
        try await rejects(
            kind, Transaction(puts: [.vertexTemplate(first)]),
            [
                "the vertex template ‘b’ in the vertex template ‘a’ does not exist",
                "the edge template ‘e’ in the vertex template ‘a’ does not exist",
            ])
        first.edges = []
        var second = VertexTemplate(EntityHeader(b), instanceName: "b")
        second.contained = [a]
        try await rejects(
            kind, Transaction(puts: [.vertexTemplate(first), .vertexTemplate(second)]),
            ["the vertex template ‘a’ would contain itself", "the vertex template ‘b’ would contain itself"])
        var selector = TargetSelector()
        selector.template = a
        try await rejects(
            kind, Transaction(puts: [.edgeTemplate(EdgeTemplate(EntityHeader(e), instanceName: "e", target: selector))]),
            ["the vertex template ‘a’, which the edge template ‘e’ leads to, does not exist"])
    }

    @Test(arguments: StoreKind.allCases)
    func `what is too deep or too large to be read again is refused, whatever holds it`(kind: StoreKind) async throws {
        func nested(_ depth: Int) -> Value { (1..<depth).reduce(Value.list([])) { value, _ in .list([value]) } }
        func call(_ depth: Int) -> Value { (0..<depth).reduce(Value.null) { value, _ in .t("list", value) } }
        func update(_ value: Value) -> Entity {
            var vertex = Vertex(EntityHeader(.shop("x")))
            vertex.properties["p"] = Property(updater: value)
            return .vertex(vertex)
        }
        let tooDeep = "is nested deeper than 100 levels"
        try await rejects(kind, Transaction(puts: [.vertex(.shop("x"), value: nested(101))]), ["‘shop/x’ \(tooDeep)"])
        try await rejects(kind, Transaction(puts: [.vertex(.shop("x"), value: nested(20_000))]), ["‘shop/x’ \(tooDeep)"])
        var header = EntityHeader(.shop("x"))
        header.metadata["deep"] = nested(20_000)
        try await rejects(kind, Transaction(puts: [.vertex(Vertex(header))]), ["‘shop/x’ \(tooDeep)"])
        try await rejects(kind, Transaction(puts: [update(call(101))]), ["‘shop/x’ \(tooDeep)"])
        let e = ID(.edgeTemplate, .root, "e")
        var finding = EdgeTemplate(EntityHeader(e), instanceName: "e", target: TargetSelector())
        finding.target.finder = call(101)
        try await rejects(kind, Transaction(puts: [.edgeTemplate(finding)]), ["‘e’ \(tooDeep)"])
        var handling = VertexTemplate(EntityHeader(ID(.vertexTemplate, .root, "v")), instanceName: "v")
        handling.instantiationHandlers = [
            InstantiationHandler(.before, Call(FunctionName(plugin: "t", name: "f"), [call(101)]))
        ]
        try await rejects(kind, Transaction(puts: [.vertexTemplate(handling)]), ["‘v’ \(tooDeep)"])
        let large = Value.text(String(repeating: "x", count: StoreLimits.size))
        try await rejects(kind, Transaction(puts: [.vertex(.shop("x"), value: large)]), ["‘shop/x’ is larger than 16 MiB"])
        var record = Transaction()
        record.records = [Record("c", "k", nested(101)), Record("c", "l", large)]
        try await rejects(
            kind, record, ["the record ‘k’ of ‘c’ \(tooDeep)", "the record ‘l’ of ‘c’ is larger than 16 MiB"])
        var event = Transaction()
        event.events = [Event(id: "e", type: "t", entity: web, payload: nested(101), time: 1)]
        try await rejects(kind, event, ["the event ‘e’ of ‘shop/web’ \(tooDeep)"])
        try await kind.with { store in
            let deepest = [Entity.vertex(.shop("a"), value: nested(100)), update(call(100))]
            try await store.commit(Transaction(puts: deepest))
            let found = try await store.read { snapshot throws(Problem) in
                [try snapshot.entity(.shop("a")), try snapshot.entity(.shop("x"))]
            }
            #expect(found.map { $0?.properties } == deepest.map(\.properties))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `names of records, events and handlers, and what properties read, are checked`(kind: StoreKind) async throws {
        var transaction = Transaction()
        transaction.records = [Record("", "k", 1), Record("c", String(repeating: "k", count: 1025), 1), Record("c", "\0", 1)]
        transaction.events = [Event(id: "", type: "", entity: web, time: 1)]
        try await rejects(
            kind, transaction,
            [
                "the collection of a record ‘k’ is empty", "the key of a record in ‘c’ is longer than 1024 bytes",
                "the key of a record in ‘c’ holds the character U+0000", "the name of an event of ‘shop/web’ is empty",
                "an event of ‘shop/web’ has no type",
            ])
        var vertex = Vertex(EntityHeader(.shop("x")))
        vertex.handlers = [Handler(event: "", call: Call(FunctionName(plugin: "t", name: "list")), name: "h")]
        try await rejects(kind, Transaction(puts: [.vertex(vertex)]), ["a handler of ‘shop/x’ has no type of event"])
        try await rejects(
            kind, Transaction(puts: [.vertex(.shop("x"), value: 1, reads: [PropertyReference(.type("c"), "p")])]),
            ["the property ‘value’ of ‘shop/x’ reads ‘types/c.p’, which is no property of a vertex or an edge"])
        var baseline = Transaction()
        baseline.baseline = [.type(.type("c"))]
        try await rejects(kind, baseline, ["‘types/c’ cannot have a baseline: it is a class"])
    }

    @Test(arguments: StoreKind.allCases)
    func `a name has one spelling, and a directory an end`(kind: StoreKind) async throws {
        try await rejects(
            kind, Transaction(puts: [.vertex(.shop("e\u{301}"))]),
            ["‘e\u{301}’ is no valid name: it can be written with fewer characters"])
        let deep = Directory(Array(repeating: "d", count: 65))
        try await rejects(
            kind, Transaction(puts: [.vertex(.vertex(deep, "x"))]),
            ["a directory has 65 names, more than the 64 that are allowed"])
        try await kind.with { store in
            try await store.commit(Transaction(puts: [.vertex(.shop("\u{e9}"))]))
            let found = try await store.read { snapshot throws(Problem) in try snapshot.entity(.shop("\u{e9}")) }
            #expect(found != nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a malformed identifier leads to nothing, and what it could be taken for is not lost`(kind: StoreKind) async throws {
        let there = ID.vertex(Directory(["shop", "sub"]), "x")
        let malformed: [ID] = [
            .vertex(Directory(["shop\u{1}sub"]), "x"), .vertex(Directory(["shop"]), "sub\u{1}x"),
            .vertex(Directory(["shop/sub"]), "x"), .vertex(Directory(["shop"]), "sub/x"), .vertex(.root, "shop\u{1}sub\u{1}x"),
            .vertex(Directory(["shop", "sub", ""]), "x"), .vertex(Directory(["shop", "sub"]), "x\u{0}"), .vertex(.root, ""),
            .vertex(Directory(["shop", "sub"]), String(repeating: "x", count: 100_000)),
        ]
        try await kind.with { store in
            try await store.commit(
                Transaction(puts: [
                    .vertex(there), .vertex(.shop("in"), in: there), .edge(.link("to"), from: there, to: .shop("in")),
                ]))
            let before = try await StoreContent(store)
            for id in malformed {
                let found = try await store.read { snapshot throws(Problem) in
                    let scans: [Scan] = [
                        .contained(in: id), .outgoing(from: id), .incoming(to: id),
                        .directory(.vertex, id.directory.appending(id.name), isDeep: true),
                    ]
                    var found = [try snapshot.entity(id), try snapshot.baseline(id)].compactMap { $0 }
                    for scan in scans { found += try snapshot.entities(scan) }
                    return found
                }
                #expect(found.isEmpty, "\(id)")
                var baseline = Transaction()
                baseline.baselineDeletions = [id]
                for transaction in [Transaction(deletions: [id]), baseline, Transaction(puts: [.vertex(id)])] {
                    let problem = try await problem { try await store.commit(transaction) }
                    #expect(problem.code == "store.invalid", "\(id)")
                }
            }
            #expect(try await StoreContent(store) == before)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `stamps of an entity never go back, also if the clock does`(kind: StoreKind) async throws {
        let clock = Counter()
        try await kind.with(now: { Int64(100 - clock.next()) }) { store in
            for value in 1...3 { try await store.commit(Transaction(puts: [.vertex(web, value: .integer(value))])) }
            let header = try await store.read { [web] snapshot throws(Problem) in try snapshot.entity(web)?.header }
            #expect(header?.created == 99)
            #expect(header?.updated == 99)
            #expect(header?.version == 3)
        }
    }
}
