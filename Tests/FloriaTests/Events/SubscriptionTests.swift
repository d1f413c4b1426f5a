// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

@Suite struct SubscriptionTests {
    private func event(_ id: String, _ type: String = "t", _ entity: ID = .shop("web"), host: String? = nil, time: Int64 = 5)
        -> Event
    {
        Event(id: id, type: type, entity: entity, host: host, time: time)
    }

    private func commit(_ events: [Event], to store: any Store) async throws {
        var transaction = Transaction()
        transaction.events = events
        try await store.commit(transaction)
    }

    @Test(arguments: StoreKind.allCases)
    func `a consumer that keeps its position with what it does misses nothing and has nothing twice`(kind: StoreKind)
        async throws
    {
        try await kind.with { store in
            let place = SubscriptionPosition("counter")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 0..<200 { try await commit([event("\(number)"), event("\(number)b")], to: store) }
                }
                var seen: [String] = []
                // Each time another consumer goes on where the one before it was ended.
                while seen.count < 400 {
                    let start = try await store.read { snapshot throws(Problem) in try place.position(in: snapshot) }
                    for try await batch in Subscription(to: store, after: start, limit: 7) {
                        var transaction = Transaction()
                        transaction.records = [place.record(batch.position)]
                        try await store.commit(transaction)
                        seen += batch.events.map(\.event.id)
                        if Bool.random() || seen.count == 400 { break }
                    }
                }
                #expect(seen == (0..<200).flatMap { ["\($0)", "\($0)b"] })
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `filters select by type, entity, directory, class and host`(kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.commit(
                Transaction(puts: [
                    .type(.type("Web")), .vertex(.shop("web"), classes: [.type("Web")]), .vertex(.shop("app")),
                ]))
            try await commit(
                [
                    event("1", "a"), event("2", "b", .shop("app")), event("3", "c", .vertex(.root, "shop")),
                    event("4", "a", .vertex(Directory(["shops"]), "web"), host: "here"),
                    event("5", "a", .vertex(Directory(["shop", "deep"]), "x")),
                ], to: store)
            let cases: [(EventFilter, [UInt64])] = [
                (EventFilter(), [1, 2, 3, 4, 5]), (EventFilter(types: ["b", "c"]), [2, 3]),
                (EventFilter(entity: .shop("app")), [2]),
                (EventFilter(directory: Directory(["shop"])), [1, 2, 3, 5]), (EventFilter(directory: .root), [1, 2, 3, 4, 5]),
                (EventFilter(class: .type("Web")), [1]), (EventFilter(host: "here"), [4]),
                (EventFilter(types: ["a"], directory: Directory(["shop"])), [1, 5]), (EventFilter(types: ["none"]), []),
            ]
            for (filter, expected) in cases {
                var iterator = Subscription(to: store, after: 0, filter: filter).makeAsyncIterator()
                let batch = try #require(try await iterator.next())
                #expect(batch.events.map(\.sequence) == expected, "\(filter)")
                #expect(batch.position == 5)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a position that the store can't go on from is a problem`(kind: StoreKind) async throws {
        try await kind.with { store in
            try await commit(["1", "2", "3", "4"].map { event($0) }, to: store)
            var transaction = Transaction()
            transaction.eventsTrimmed = 2
            try await store.commit(transaction)
            func first(after position: UInt64) async throws -> [UInt64]? {
                var iterator = Subscription(to: store, after: position).makeAsyncIterator()
                return try await iterator.next()?.events.map(\.sequence)
            }
            #expect(try await first(after: 0) == [3, 4])
            #expect(try await first(after: 2) == [3, 4])
            #expect(try await first(after: 3) == [4])
            #expect(try await problem { _ = try await first(after: 1) }.code == "event.trimmed")
            #expect(try await problem { _ = try await first(after: 5) }.code == "event.unknown-position")
            transaction.eventsTrimmed = 4
            try await store.commit(transaction)
            #expect(try await problem { _ = try await first(after: 3) }.code == "event.trimmed")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `events are kept by number and by age, and with them what is noted of their effects`(kind: StoreKind) async throws {
        try await kind.with { store in
            let retention = EventRetention(age: 1000, count: 32)
            func trim(now: Int64, upTo position: UInt64 = .max) async throws -> (UInt64, Int) {
                let transaction = try await store.read { snapshot throws(Problem) in
                    var transaction = Transaction()
                    try retention.trim(&transaction, upTo: position, in: snapshot, now: now)
                    return transaction
                }
                try await store.commit(transaction)
                return try await store.read { snapshot throws(Problem) in
                    (
                        try snapshot.events(after: 0, limit: 1).first?.sequence ?? 0,
                        try snapshot.records(EventEffect.collection, prefix: "", after: nil, limit: .max).count
                    )
                }
            }
            try await commit((1...32).map { event("\($0)", time: 100) }, to: store)
            var effects = Transaction()
            for event in ["1", "2", "32"] {
                EventEffect(event: event, handler: "h").add(to: &effects, now: 100)
                EventEffect(event: event, handler: "i").add(to: &effects, now: 100)
            }
            try await store.commit(effects)
            #expect(try await trim(now: 100) == (1, 6))
            try await commit((33...40).map { event("\($0)", time: 900) }, to: store)
            #expect(try await trim(now: 900, upTo: 1) == (2, 4), "not what somebody still needs")
            #expect(try await trim(now: 900) == (9, 2))
            #expect(try await trim(now: 1150) == (33, 0))
            #expect(try await trim(now: 1850) == (33, 0))
            #expect(try await trim(now: 5000) == (0, 0))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an effect is had once`(kind: StoreKind) async throws {
        try await kind.with { store in
            let effect = EventEffect(event: "e", handler: "h")
            func have() async throws {
                var transaction = Transaction(puts: [.vertex(.shop("web"))])
                effect.add(to: &transaction, now: 5)
                try await store.commit(transaction)
            }
            try await have()
            #expect(try await problem { try await have() }.code == "store.conflict")
            #expect(try await store.read { snapshot throws(Problem) in try effect.position(in: snapshot) } == 1)
        }
    }

    @Test func `an event is its document, and one without an ID or a type is none`() async throws {
        let full = Event(
            id: "1", type: "t", entity: .shop("web"), payload: [1], host: "h", time: 1, due: 2, propagation: .downstream,
            origin: .shop("app"))
        #expect(try Event(document: full.document) == full)
        for (key, value) in [("id", ""), ("type", ""), ("id", "a\nb"), ("type", String(repeating: "x", count: 256))]
            as [(String, String)]
        {
            var document = full.document
            document[key] = .text(value)
            #expect(try await problem { _ = try Event(document: document) }.code == "event.malformed")
        }
    }
}
