// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

@Suite struct DirectoryChangeTests {
    private let shop = Directory(["shop"]), yard = Directory(["yard", "new"])
    private static let bare = ID.vertex(.root, "bare"), outer = ID(.edge, .root, "outer")

    /// A directory with everything in it that can be referred to, and references to it from elsewhere.
    private static func content(readsFromElsewhere: Bool = true) -> Transaction {
        let type = ID(.class, Directory(["shop", "types"]), "c"), web = ID.shop("web"), part = ID.shop("web.part")
        let template = ID(.vertexTemplate, Directory(["shop"]), "t")
        var vertex = Vertex(EntityHeader(web, provenance: Provenance(.person, "ann", time: 3)), classes: [type])
        vertex.origin = template
        vertex.properties["port"] = Property(value: 80, classes: [type])
        vertex.handlers = [
            Handler(event: "e", call: Call(FunctionName(plugin: "t", name: "list"), [.text(web.documentText)]), name: "h")
        ]
        var reader = Vertex(EntityHeader(bare), classes: [type], container: readsFromElsewhere ? web : nil)
        var url = Property(value: ["node": .text(web.documentText), "name": "shop/web"], updater: .value(web, "port"))
        if readsFromElsewhere { url.reads = [.property(PropertyReference(web, "port"))] }
        reader.properties["url"] = url
        var made = VertexTemplate(EntityHeader(template), classes: [type], instanceName: "t")
        made.contained = []
        var transaction = Transaction(puts: [
            .type(type), .vertexTemplate(made), .vertex(vertex), .vertex(part, in: web), .vertex(reader),
            .edge(outer, from: bare, to: part),
        ])
        transaction.baseline = [.vertex(vertex), .edge(outer, from: bare, to: part)]
        transaction.records = [
            Record("waiting", "1", ["entity": .text(web.documentText)]), Record("waiting", "2", ["entity": "x"]),
        ]
        return transaction
    }

    private func everything(_ store: any Store) async throws -> [Entity] {
        try await store.read { snapshot throws(Problem) in
            var all: [Entity] = []
            for kind in EntityKind.allCases { all += try snapshot.entities(.directory(kind, .root, isDeep: true)) }
            return all
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a moved directory is referred to at its new place, from within and from elsewhere`(kind: StoreKind) async throws {
        let clock = Counter()
        try await kind.with(now: { Int64(clock.next()) }) { [shop, yard] store in
            try await store.commit(Self.content())
            try await store.move(shop, to: yard)
            let web = ID.vertex(yard, "web"), part = ID.vertex(yard, "web.part")
            let type = ID(.class, yard.appending("types"), "c")
            #expect(
                try await everything(store).map(\.id) == [
                    type, ID(.vertexTemplate, yard, "t"), Self.bare, web, part, Self.outer,
                ])
            try await store.read { snapshot throws(Problem) in
                let moved = try snapshot.entity(web)
                #expect(moved?.header.created == 1)
                #expect(moved?.header.provenance?.name == "ann")
                #expect(moved?.classes == [type])
                #expect(moved?.properties["port"]?.classes == [type])
                #expect(moved?.handlers.first?.call.arguments == [.text(web.documentText)])
                let bare = try snapshot.entity(Self.bare)
                #expect(bare?.properties["url"]?.updater == .value(web, "port"))
                #expect(bare?.properties["url"]?.value == ["node": .text(web.documentText), "name": "shop/web"])
                #expect(
                    try snapshot.readers(of: [.property(PropertyReference(web, "port"))]) == [
                        PropertyReference(Self.bare, "url")
                    ])
                #expect(try snapshot.entities(.contained(in: web)).map(\.id) == [Self.bare, part])
                #expect(try snapshot.entities(.incoming(to: part)).map(\.id) == [Self.outer])
                #expect(try snapshot.entities(.class(type, within: .root)).map(\.id) == [Self.bare, web])
                #expect(try snapshot.baseline(.vertex, within: .root).map(\.id) == [web])
                guard case .edge(let edge)? = try snapshot.baseline(Self.outer) else {
                    Issue.record("no baseline")
                    return
                }
                #expect(edge.target == part)
                #expect(
                    try snapshot.records("waiting", prefix: "", after: nil, limit: 9).map { $0.value["entity"] } == [
                        .text(web.documentText), "x",
                    ])
                #expect(try snapshot.directories(below: .root) == [Directory(["yard"])])
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `moving there and back changes nothing but versions`(kind: StoreKind) async throws {
        try await kind.with { [shop, yard] store in
            try await store.commit(Self.content())
            func unversioned() async throws -> [Entity] {
                try await everything(store).map { entity in
                    var entity = entity
                    entity.header.version = 0
                    return entity
                }
            }
            let before = try await unversioned()
            try await store.move(shop, to: yard)
            #expect(try await unversioned() != before)
            try await store.move(yard, to: shop)
            #expect(try await unversioned() == before)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a directory isn't moved over another, into itself, or from nowhere`(kind: StoreKind) async throws {
        try await kind.with { [shop, yard] store in
            try await store.commit(Self.content())
            try await store.commit(Transaction(puts: [.vertex(.vertex(yard, "x"))]))
            let before = try await everything(store)
            func message(_ from: Directory, _ to: Directory) async throws -> String {
                try await problem { try await store.move(from, to: to) }.message
            }
            #expect(
                try await message(shop, yard) == "the directory ‘yard/new’ is there already: it holds the vertex ‘yard/new/x’")
            #expect(
                try await message(shop, shop.appending("in"))
                    == "the directory ‘shop’ cannot be moved to ‘shop/in’: one lies within the other")
            #expect(try await message(Directory(["none"]), Directory(["n"])) == "there is no directory ‘none’")
            #expect(try await message(.root, Directory(["n"])) == "the root can be neither moved nor deleted")
            #expect(try await message(shop, Directory(["a/b"])) == "‘a/b’ is no valid name")
            #expect(try await everything(store) == before)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a directory is deleted with all that is in it`(kind: StoreKind) async throws {
        try await kind.with { [shop] store in
            try await store.commit(Self.content())
            let read = try await problem { try await store.delete(shop) }
            #expect(read.message == "the directory ‘shop’ cannot be deleted: ‘bare.url’ reads a property in it")
            try await store.commit(Self.content(readsFromElsewhere: false))
            let needed = try await problem { try await store.delete(shop) }
            #expect(
                Set(needed.causes.map(\.message)) == [
                    "the vertex ‘shop/web.part’ cannot be deleted: the edge ‘outer’ needs it",
                    "the class ‘shop/types/c’ cannot be deleted: the vertex ‘bare’ needs it",
                ])
            try await store.commit(Transaction(puts: [.vertex(Self.bare)], deletions: [Self.outer]))
            try await store.delete(shop)
            #expect(try await everything(store).map(\.id) == [Self.bare])
            try await store.read { snapshot throws(Problem) in
                #expect(try snapshot.baseline(.vertex, within: .root).isEmpty)
                #expect(try snapshot.directories(below: .root).isEmpty)
            }
            #expect(try await problem { try await store.delete(shop) }.code == "directory.unknown")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `secrets go with their directory, and keep it where it is`(kind: StoreKind) async throws {
        try await kind.with { [shop, yard] store in
            var transaction = Transaction(puts: [.vertex(.shop("web"))])
            transaction.records = ["shop/a", "shop/deep/b", "shopping/c", "d"].map {
                Record(SecretName.collection, $0, "sealed")
            }
            try await store.commit(transaction)
            let refusal = try await problem { try await store.move(shop, to: yard) }
            #expect(refusal.code == "directory.in-use" && refusal.message.contains("shop/a"))
            try await store.delete(shop)
            let left = try await store.read { snapshot throws(Problem) in
                try snapshot.records(SecretName.collection, prefix: "", after: nil, limit: 10).map(\.name.key)
            }
            #expect(left == ["d", "shopping/c"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `what changes beside a move is moved as it is then, or is left whole`(kind: StoreKind) async throws {
        try await kind.with { [shop, yard] store in
            try await store.commit(Self.content())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 0..<20 {
                        let isThere = try await store.read { snapshot throws(Problem) in
                            try snapshot.entity(.shop("web")) != nil
                        }
                        let place = isThere ? (shop, yard) : (yard, shop)
                        do throws(Problem) { try await store.move(place.0, to: place.1) } catch {
                            Issue.record("\(number): \(error)")
                        }
                    }
                }
                group.addTask {
                    for number in 0..<100 {
                        let id = ID.vertex(.root, "own-\(number)")
                        // So that a move, which looks at everything, comes in between.
                        try await Task.sleep(for: .milliseconds(1))
                        do throws(Problem) {
                            let target = try await store.read { snapshot throws(Problem) in
                                try snapshot.entity(.shop("web")) != nil ? ID.shop("web") : ID.vertex(yard, "web")
                            }
                            try await store.commit(
                                Transaction(puts: [.vertex(id), .edge(ID(.edge, .root, "e-\(number)"), from: id, to: target)]))
                        } catch {
                            #expect(error.code == "store.invalid", "the place was moved in between")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let all = try await everything(store)
            let ids = Set(all.map(\.id))
            for case .edge(let edge) in all { #expect(ids.contains(edge.target) && ids.contains(edge.source)) }
            #expect(all.count(where: { $0.id.name == "web" }) == 1)
        }
    }
}
