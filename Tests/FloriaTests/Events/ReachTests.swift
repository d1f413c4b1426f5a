// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

@Suite struct ReachTests {
    private static let call = Call(FunctionName(plugin: "p", name: "f"), [])

    /// a contains b, which contains c; an edge leads from c to d and one from d to b.
    private func withGraph(_ kind: StoreKind, _ body: (any Store) async throws -> Void) async throws {
        try await kind.with { store in
            try await store.commit(
                Transaction(puts: [
                    .vertex(.shop("a")), .vertex(.shop("b"), in: .shop("a")), .vertex(.shop("c"), in: .shop("b")),
                    .vertex(.shop("d")), .edge(.link("cd"), from: .shop("c"), to: .shop("d")),
                    .edge(.link("db"), from: .shop("d"), to: .shop("b")),
                ]))
            try await body(store)
        }
    }

    @Test(
        arguments: StoreKind.allCases,
        [
            ("contained", "b", "b c"), ("containing", "c", "c b a"), ("contents", "a", "a b c"), ("containers", "a", "a"),
            ("outgoing", "c", "c cd"), ("outgoing,target", "c", "c cd d db b"), ("incoming,source", "d", "d cd c"),
            ("downstream", "a", "a b c cd d db"), ("upstream", "d", "d cd c"), ("everything", "d", "d db cd b c a"),
            ("source", "cd", "cd c"),
        ])
    func `an event reaches each entity once, also around a cycle`(
        kind: StoreKind, reach: (ways: String, start: String, found: String)
    ) async throws {
        try await withGraph(kind) { store in
            let propagation = try Propagation(parsing: reach.ways)
            let start: ID = reach.start.count == 1 ? .shop(reach.start) : .link(reach.start)
            let event = Event(id: "e", type: "t", entity: start, time: 1, propagation: propagation)
            let (events, isCut) = try await store.read { snapshot throws(Problem) in try event.spread(in: snapshot) }
            #expect(Set(events.map(\.entity.name)) == Set(reach.found.split(separator: " ").map(String.init)))
            #expect(Set(events.map(\.id)).count == events.count)
            #expect(events[0] == event)
            #expect(events.dropFirst().allSatisfy { $0.origin == start })
            #expect(!isCut)
            // What has spread doesn't spread again.
            for copy in events.dropFirst() {
                #expect(try await store.read { snapshot throws(Problem) in try copy.spread(in: snapshot).events } == [copy])
            }
        }
    }

    @Test func `an event that would reach too many reaches the nearest`() async throws {
        let store = MemoryStore()
        let root = ID.shop("root")
        try await store.commit(
            Transaction(puts: [.vertex(root)] + (0..<Propagation.limit + 5).map { .vertex(.shop("n\($0)"), in: root) }))
        let (found, isCut) = try await store.read { snapshot throws(Problem) in
            try Propagation.contents.reach(from: root, in: snapshot)
        }
        #expect(found.count == Propagation.limit)
        #expect(isCut)
    }

    @Test func `an unknown way is refused`() async throws {
        for text in ["", "sideways", "contained,", "contained;outgoing"] {
            #expect(try await problem { _ = try Propagation(parsing: text) }.code == "event.unknown-way")
        }
        #expect(try await problem { _ = try Propagation(document: [1]) }.code == "floria.malformed-document")
        #expect(try Propagation(document: Propagation.everything.document) == .everything)
    }

    @Test(arguments: StoreKind.allCases)
    func `handlers are those of the entity, of its classes and of all directories above it`(kind: StoreKind) async throws {
        try await kind.with { store in
            func handler(_ name: String, _ event: String = "t") -> Handler {
                Handler(event: event, call: Self.call, name: name)
            }
            var web = Vertex(EntityHeader(.shop("web")), classes: [.type("Web"), .type("Base")])
            web.handlers = [handler("h"), handler("other", "u")]
            var transaction = Transaction(puts: [
                .vertex(web), .class(Class(EntityHeader(.type("Web")), handlers: [handler("h")])),
                .class(Class(EntityHeader(.type("Base")), handlers: [handler("base")])),
            ])
            transaction.records = [
                AttachedHandler.record([handler("h"), handler("u", "u")], of: Directory(["shop"])),
                AttachedHandler.record([handler("root")], of: .root),
                AttachedHandler.record([handler("not")], of: Directory(["shops"])),
            ]
            try await store.commit(transaction)
            let (keys, all, none) = try await store.read { snapshot throws(Problem) in
                (
                    try snapshot.handlers(of: .shop("web"), for: "t").map(\.key), try snapshot.handlers(of: .shop("web")).count,
                    try snapshot.handlers(of: .shop("gone"))
                )
            }
            #expect(
                keys == [
                    "vertex:shop/web#h", "class:types/Web#h", "class:types/Base#base", "directory:shop#h", "directory:#root",
                ])
            #expect(all == 7)
            #expect(none.isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `handlers and timers of a directory go with it`(kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.commit(Transaction(puts: [.vertex(.shop("web"))]))
            var transaction = Transaction()
            let handler = Handler(event: "t", call: Self.call, name: "h")
            transaction.records = ["shop", "shop/deep", "other", ""].compactMap { try? Directory(parsing: $0) }.map {
                AttachedHandler.record([handler], of: $0)
            }
            try await store.commit(transaction)
            let timers = Timers(store: store)
            for target in [EventTarget.entity(.shop("web")), .directory(Directory(["shop"])), .directory(Directory(["other"]))]
            {
                _ = try await timers.add(EventTimer(name: "t", target: target, type: "t", schedule: .at(1)))
            }
            func attached() async throws -> [String] {
                try await store.read { snapshot throws(Problem) in
                    let handlers = try snapshot.records(AttachedHandler.collection, prefix: "", after: nil, limit: 9)
                    return handlers.map(\.name.key) + (try snapshot.timers().map(\.target.documentText))
                }
            }
            try await store.move(Directory(["shop"]), to: Directory(["moved"]))
            #expect(
                try await attached() == [
                    "/", "moved/", "moved/deep/", "other/", "directory:moved", "directory:other", "vertex:moved/web",
                ])
            try await store.delete(Directory(["moved"]))
            #expect(try await attached() == ["/", "other/", "directory:other"])
        }
    }
}
