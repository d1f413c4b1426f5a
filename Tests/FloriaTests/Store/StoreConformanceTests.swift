// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// What every store promises.
@Suite struct StoreConformanceTests {
    @Test(arguments: StoreKind.allCases)
    func `what is committed is read back, with version and stamps`(kind: StoreKind) async throws {
        try await kind.with { store in
            var transaction = Transaction(puts: [.vertex(.shop("web"), value: 1)])
            transaction.provenance = Provenance(.person, "ann", time: 7)
            let commit = try await store.commit(transaction)
            let entity = try #require(try await store.read { snapshot throws(Problem) in try snapshot.entity(.shop("web")) })
            #expect(entity.header.version == commit.position)
            #expect(entity.header.created == 1000)
            #expect(entity.header.updated == 1000)
            #expect(entity.header.provenance?.name == "ann")
            #expect(entity.properties["value"]?.value == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a replaced entity keeps its creation and gets a new version`(kind: StoreKind) async throws {
        let clock = Counter()
        try await kind.with(now: { Int64(clock.next()) }) { store in
            try await store.commit(Transaction(puts: [.vertex(.shop("web"), value: 1)]))
            let second = try await store.commit(Transaction(puts: [.vertex(.shop("web"), value: 2)]))
            let header = try #require(
                try await store.read { snapshot throws(Problem) in try snapshot.entity(.shop("web"))?.header })
            #expect(header.created == 1)
            #expect(header.updated == 2)
            #expect(header.version == second.position)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a stale expectation is a conflict and changes nothing`(kind: StoreKind) async throws {
        try await kind.with { store in
            let first = try await store.commit(Transaction(puts: [.vertex(.shop("web"), value: 1)]))
            try await store.commit(
                Transaction(puts: [.vertex(.shop("web"), value: 2)], expectations: [.shop("web"): first.position]))
            let stale = Transaction(
                puts: [.vertex(.shop("web"), value: 3), .vertex(.shop("other"))], expectations: [.shop("web"): first.position])
            let problem = try await problem { try await store.commit(stale) }
            #expect(problem.code == "store.conflict")
            #expect(problem.message == "‘shop/web’ has version 2; version 1 was expected")
            let (web, other) = try await store.read { snapshot throws(Problem) in
                (try snapshot.entity(.shop("web")), try snapshot.entity(.shop("other")))
            }
            #expect(web?.properties["value"]?.value == 2)
            #expect(other == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `expecting version 0 means that there is none`(kind: StoreKind) async throws {
        try await kind.with { store in
            let make = Transaction(puts: [.vertex(.shop("web"))], expectations: [.shop("web"): 0])
            try await store.commit(make)
            let problem = try await problem { try await store.commit(make) }
            #expect(problem.message == "‘shop/web’ is there already, with version 1")
            let gone = Transaction(expectations: [.shop("gone"): 4])
            #expect(try await self.code { try await store.commit(gone) } == "store.conflict")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `scans give what is asked for, in order of identifiers`(kind: StoreKind) async throws {
        try await kind.with { store in
            let web = ID.shop("web"), a = ID.shop("web.a"), b = ID.shop("web.b"), link = ID.link("web.to-0")
            let far = ID.vertex(Directory(["shop", "sub"]), "far")
            let odd = ID.vertex(Directory(["shop-1"]), "odd")
            try await store.commit(
                Transaction(puts: [
                    .vertex(far), .vertex(odd), .vertex(b, in: web, classes: [.type("c")]), .vertex(a, in: web),
                    .vertex(web, classes: [.type("c")]), .type(.type("c")),
                    .edge(link, from: a, to: b),
                ]))
            try await store.read { snapshot throws(Problem) in
                func ids(_ scan: Scan) throws(Problem) -> [ID] { try snapshot.entities(scan).map(\.id) }
                let shop = Directory(["shop"])
                #expect(try ids(.directory(.vertex, shop, isDeep: false)) == [web, a, b])
                #expect(try ids(.directory(.vertex, shop, isDeep: true)) == [web, a, b, far])
                #expect(try ids(.directory(.vertex, .root, isDeep: true)) == [web, a, b, far, odd])
                #expect(try ids(.directory(.edge, .root, isDeep: true)) == [link])
                #expect(try ids(.class(.type("c"), within: .root)) == [web, b])
                #expect(try ids(.class(.type("c"), within: Directory(["other"]))).isEmpty)
                #expect(try ids(.contained(in: web)) == [a, b])
                #expect(try ids(.outgoing(from: a)) == [link])
                #expect(try ids(.incoming(to: b)) == [link])
                #expect(try ids(.incoming(to: a)).isEmpty)
                #expect(try snapshot.directories(below: .root) == [shop, Directory(["shop-1"]), Directory(["types"])])
                #expect(try snapshot.directories(below: shop) == [Directory(["shop", "sub"])])
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `indexes follow every change`(kind: StoreKind) async throws {
        try await kind.with { store in
            let read = PropertyReference(.shop("a"), "value")
            try await store.commit(
                Transaction(puts: [
                    .vertex(.shop("a"), value: 1), .vertex(.shop("b"), classes: [.type("c")], value: 1, reads: [read]),
                    .type(.type("c")),
                ]))
            let reader = PropertyReference(.shop("b"), "value")
            #expect(
                try await store.read { snapshot throws(Problem) in try snapshot.readers(of: [.property(read)]) } == [reader])
            try await store.commit(Transaction(puts: [.vertex(.shop("b"), in: .shop("a"), value: 1)]))
            try await store.read { snapshot throws(Problem) in
                #expect(try snapshot.readers(of: [.property(read)]).isEmpty)
                #expect(try snapshot.entities(.class(.type("c"), within: .root)).isEmpty)
                #expect(try snapshot.entities(.contained(in: .shop("a"))).map(\.id) == [.shop("b")])
            }
            try await store.commit(Transaction(deletions: [.shop("a"), .shop("b"), .type("c")]))
            try await store.read { snapshot throws(Problem) in
                #expect(try snapshot.entities(.contained(in: .shop("a"))).isEmpty)
                #expect(try snapshot.directories(below: .root).isEmpty)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `what is read by somebody new is a conflict`(kind: StoreKind) async throws {
        try await kind.with { store in
            let read = PropertyReference(.shop("a"), "value")
            let reader = PropertyReference(.shop("b"), "value")
            try await store.commit(
                Transaction(puts: [.vertex(.shop("a"), value: 1), .vertex(.shop("b"), value: 1, reads: [read])]))
            var change = Transaction(puts: [.vertex(.shop("a"), value: 2)])
            change.readerExpectations = [read, reader]
            try await store.commit(change)
            try await store.commit(Transaction(puts: [.vertex(.shop("c"), value: 1, reads: [reader])]))
            let problem = try await problem { [change] in try await store.commit(change) }
            #expect(problem.code == "store.conflict")
            #expect(problem.message == "‘shop/c.value’ reads what is changed, and was not evaluated with it")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `records that were put after a position are found`(kind: StoreKind) async throws {
        try await kind.with { store in
            var transaction = Transaction()
            transaction.records = [Record("c", "a/1", 1), Record("c", "a/2", 2), Record("c", "b/1", 3)]
            let first = try await store.commit(transaction).position
            transaction.records = [Record("c", "a/2", 4), Record("c", "a/3", 5), Record("d", "a/1", 6), Record("c", "b/2", 7)]
            let second = try await store.commit(transaction).position
            try await store.read { snapshot throws(Problem) in
                let found = try snapshot.records("c", prefix: "a/", putAfter: first)
                #expect(found.map(\.name.key) == ["a/2", "a/3"])
                #expect(found.map(\.value) == [4, 5])
                #expect(try snapshot.records("c", prefix: "", putAfter: first).map(\.name.key) == ["a/2", "a/3", "b/2"])
                #expect(try snapshot.records("c", prefix: "", putAfter: 0).count == 5)
                #expect(try snapshot.records("c", prefix: "", putAfter: second).isEmpty)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `records have versions of their own and are listed by key`(kind: StoreKind) async throws {
        try await kind.with { store in
            var transaction = Transaction()
            transaction.records = ["a/2", "a/1", "b/1", "a/3"].map { Record("ledger", $0, .text($0)) }
            let commit = try await store.commit(transaction)
            try await store.read { snapshot throws(Problem) in
                #expect(try snapshot.record("ledger", "a/1")?.version == commit.position)
                #expect(try snapshot.record("other", "a/1") == nil)
                let keys = try snapshot.records("ledger", prefix: "a/", after: nil, limit: 2).map(\.name.key)
                #expect(keys == ["a/1", "a/2"])
                #expect(try snapshot.records("ledger", prefix: "a/", after: "a/2", limit: 9).map(\.value) == ["a/3"])
            }
            var stale = Transaction()
            stale.records = [Record("ledger", "a/1", 1)]
            stale.recordExpectations = [RecordKey("ledger", "a/1"): 0]
            #expect(try await code { try await store.commit(stale) } == "store.conflict")
            var removal = Transaction()
            removal.recordDeletions = [RecordKey("ledger", "a/1")]
            try await store.commit(removal)
            #expect(try await store.read { snapshot throws(Problem) in try snapshot.record("ledger", "a/1") } == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an event is stored once, with the change that caused it`(kind: StoreKind) async throws {
        try await kind.with { store in
            func transaction(_ ids: [String]) -> Transaction {
                var transaction = Transaction()
                transaction.events = ids.map {
                    Event(id: $0, type: "exited", entity: .shop("web"), payload: ["code": 1], time: 5)
                }
                return transaction
            }
            let first = try await store.commit(transaction(["1", "2"]))
            let second = try await store.commit(transaction(["2"]))
            #expect(second == first, "an event that is stored already changes nothing")
            try await store.commit(transaction(["2", "3", "3"]))
            let events = try await store.read { snapshot throws(Problem) in try snapshot.events(after: 0, limit: 10) }
            #expect(events.map(\.event.id) == ["1", "2", "3"])
            #expect(events.map(\.sequence) == [1, 2, 3])
            #expect(events.first?.event.payload == ["code": 1])
            #expect(
                try await store.read { snapshot throws(Problem) in try snapshot.events(after: 1, limit: 1) }.map(\.sequence)
                    == [2])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `events are removed from the beginning of the log, whose sequences go on`(kind: StoreKind) async throws {
        try await kind.with { store async throws in
            func commit(_ ids: [String], trimmed: UInt64 = 0) async throws -> [UInt64] {
                var transaction = Transaction()
                transaction.events = ids.map { Event(id: $0, type: "exited", entity: .shop("web"), time: 5) }
                transaction.eventsTrimmed = trimmed
                try await store.commit(transaction)
                return try await store.read { snapshot throws(Problem) in
                    [snapshot.sequence] + (try snapshot.events(after: 0, limit: 10).map(\.sequence))
                }
            }
            #expect(try await commit(["1", "2", "3"]) == [3, 1, 2, 3])
            #expect(try await commit([], trimmed: 2) == [3, 3])
            #expect(try await commit(["1", "3"], trimmed: 1) == [4, 3, 4], "what was removed is forgotten")
            #expect(try await commit(["5"], trimmed: .max) == [5, 5], "what is stored with it stays")
            #expect(try await commit([], trimmed: .max) == [5])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a transaction that changes nothing keeps the position`(kind: StoreKind) async throws {
        try await kind.with { store in
            let first = try await store.commit(Transaction(puts: [.vertex(.shop("web"))]))
            let second = try await store.commit(
                Transaction(deletions: [.shop("none")], expectations: [.shop("web"): first.position]))
            #expect(second == first)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `every listener hears of the newest commit`(kind: StoreKind) async throws {
        try await kind.with { store in
            var positions = store.positions().makeAsyncIterator()
            #expect(await positions.next() == 0)
            for name in ["a", "b", "c"] { try await store.commit(Transaction(puts: [.vertex(.shop(name))])) }
            #expect(await positions.next() == 3)
        }
    }

    private func code(_ body: () async throws -> Void) async throws -> String { try await problem(body).code }

    @Test(arguments: StoreKind.allCases)
    func `what a design made is kept beside what it has become`(kind: StoreKind) async throws {
        try await kind.with { store in
            var made = Transaction(puts: [.vertex(.shop("web"), value: 2)])
            made.baseline = [.vertex(.shop("web"), value: 1), .vertex(.shop("gone"), value: 3)]
            try await store.commit(made)
            let (present, designed, all) = try await store.read { snapshot throws(Problem) in
                (
                    try snapshot.entity(.shop("web")), try snapshot.baseline(.shop("web")),
                    try snapshot.baseline(.vertex, within: Directory(["shop"]))
                )
            }
            #expect(present?.properties["value"]?.value == 2)
            #expect(designed?.properties["value"]?.value == 1)
            #expect(all.map(\.id) == [.shop("gone"), .shop("web")])

            var next = Transaction()
            next.baseline = [.vertex(.shop("web"), value: 4)]
            next.baselineDeletions = [.shop("gone"), .shop("never")]
            try await store.commit(next)
            let after = try await store.read { snapshot throws(Problem) in
                try snapshot.baseline(.vertex, within: .root)
            }
            #expect(after.map { $0.properties["value"]?.value } == [4])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `every part of a vertex and of an edge is read back`(kind: StoreKind) async throws {
        try await kind.with { store in
            let problem = Problem("a.b", "why", hint: "wait")
            var property = Property(
                value: ["n": 1], updater: .call(Call(FunctionName("tosca:concat")!, [1])), preparer: 2, isReadOnly: true,
                metadata: ValueMap([("kind", "property")]), classes: [ID(.class, .root, "c")],
                provenance: Provenance(.person, "ann", event: "e", time: 5))
            property.reads = [.property(PropertyReference(.shop("db"), "port")), .contained(.shop("db"))]
            var pending = Property(updater: 1)
            pending.status = .pending(problem)
            var failed = property
            failed.status = .failed(problem)
            failed.provenance = Provenance(.plugin, "p", time: 6)
            var stale = Property(value: .null)
            stale.status = .stale
            let handler = Handler(event: "exited", call: Call(FunctionName("process:exited")!, []), name: "h")

            var vertex = Vertex(
                EntityHeader(
                    .shop("web"), metadata: ValueMap([("kind", "node")]), provenance: Provenance(.design, "s", time: 1)),
                classes: [ID(.class, .root, "c")], container: .shop("db"))
            vertex.origin = ID(.vertexTemplate, Directory(["t"]), "web")
            vertex.properties = ["a": property, "b": pending, "c": failed, "d": stale, "e": Property()]
            vertex.handlers = [handler]
            vertex.index = 3
            let id = ID(.edge, Directory(["shop"]), "web.db")
            var edge = Edge(EntityHeader(id, provenance: nil), name: "db", source: .shop("web"), target: .shop("db"))
            edge.origin = ID(.edgeTemplate, Directory(["t"]), "db")
            edge.properties = ["a": property]
            edge.handlers = [handler]
            edge.index = 2
            try await store.commit(
                Transaction(puts: [.type(ID(.class, .root, "c")), .vertex(.shop("db")), .vertex(vertex), .edge(edge)]))
            let (foundVertex, foundEdge) = try await store.read { snapshot throws(Problem) in
                (try snapshot.entity(.shop("web")), try snapshot.entity(id))
            }
            vertex.header = try #require(foundVertex).header
            edge.header = try #require(foundEdge).header
            #expect(foundVertex == .vertex(vertex))
            #expect(foundEdge == .edge(edge))
            #expect(foundVertex?.header.provenance == Provenance(.design, "s", time: 1))
            #expect(foundVertex?.header.metadata == ValueMap([("kind", "node")]))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a commit without events wakes nobody who waits for events`(kind: StoreKind) async throws {
        try await kind.with { store in
            var sequences = store.sequences().makeAsyncIterator()
            #expect(await sequences.next() == 0)
            try await store.commit(Transaction(puts: [.vertex(.shop("web"))]))
            var transaction = Transaction()
            transaction.events = ["a", "b"].map { Event(id: $0, type: "t", entity: .shop("web"), payload: [:], time: 1) }
            try await store.commit(transaction)
            // Had the first commit told its sequence, that would have come before.
            #expect(await sequences.next() == 2)
        }
    }
}
