// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Synchronization
import Testing

/// Exports that hold events which hosts have taken in.
@Suite struct CarriedEventTests {
    private static func event(_ id: String, _ entity: ID = .shop("web")) -> Event {
        Event(id: id, type: "t", entity: entity, time: 1)
    }

    private static func carried(_ id: String, _ entity: ID = .shop("web"), _ notes: Value = [:]) -> Event {
        var event = event(id, entity)
        event.carried = notes
        return event
    }

    /// A store with five events of a log whose first two are no longer kept.
    private static func source() async throws -> MemoryStore {
        let store = MemoryStore()
        var transaction = Transaction(puts: [.vertex(.shop("web")), .vertex(.vertex(Directory(["yard"]), "gate"))])
        transaction.events = (1...7).map { event("e\($0)") }
        try await store.commit(transaction)
        var trim = Transaction()
        trim.eventsTrimmed = 2
        trim.records = [
            SubscriptionPosition("outbox").record(5), SubscriptionPosition("early").record(1),
            SubscriptionPosition("late").record(6), Record("effects", "e4\u{1}vertex:shop/web#h", 1),
            Record("effects", "e6\u{1}vertex:shop/web#h", 1),
        ]
        try await store.commit(trim)
        return store
    }

    private static func exchange(_ scope: ExchangeScope, _ deliveries: Export.Deliveries) async throws -> MemoryStore {
        let source = try await source(), target = MemoryStore()
        let content = Mutex<[UInt8]>([])
        try await source.read { snapshot throws(Problem) in
            try Export.write(scope, of: snapshot, as: .json, deliveries, time: 5) { bytes in content.withLock { $0 += bytes } }
        }
        var input = Import(into: target)
        try input.add(content.withLock { $0 })
        _ = try await input.commit(replaces: false)
        return target
    }

    /// The host has e4 still, has dealt with e6, which is not noted as sent, and has something of the yard.
    private static let deliveries = Export.Deliveries(
        sent: 5,
        carried: [carried("e4", .shop("web"), ["handlers": ["h"]]), carried("y", .vertex(Directory(["yard"]), "gate"))],
        taken: ["e6"])

    @Test func `a service takes along what hosts have of its events, and nothing that is done`() async throws {
        let target = try await Self.exchange(.service("shop"), Self.deliveries)
        let content = try await StoreContent(target)
        #expect(content.events.map(\.id) == ["e4", "e7"])
        #expect(content.events[0].carried == ["handlers": ["h"]])
        #expect(content.events[1].carried == nil)
        #expect(content.records.map(\.name.key) == ["e4\u{1}vertex:shop/web#h"], "what its handlers have done")
    }

    @Test func `of everything the log is kept, and consumers go on where they were`() async throws {
        let target = try await Self.exchange(.everything, Self.deliveries)
        let (ids, positions) = try await target.read { snapshot throws(Problem) in
            var positions: [String: UInt64] = [:]
            for name in ["outbox", "early", "late"] {
                positions[name] = try SubscriptionPosition(name).position(in: snapshot)
            }
            return (try snapshot.events(after: 0, limit: 100).map(\.event.id), positions)
        }
        #expect(ids == ["e3", "e5", "e6", "e4", "y", "e7"])
        #expect(positions == ["outbox": 3, "early": 0, "late": 5])
    }

    @Test func `an event that was carried spreads no more`() async throws {
        let store = try await Self.source()
        var event = Self.event("e")
        event.propagation = .everything
        event.carried = [:]
        let carried = event
        let spread = try await store.read { snapshot throws(Problem) in try carried.spread(in: snapshot).events }
        #expect(spread == [carried])
        #expect(try Event(document: carried.document) == carried)
    }
}
