// SPDX-License-Identifier: Apache-2.0 OR MIT
import EventBus
import Floria
import Support
import Synchronization
import Testing

@Suite struct `Event processing` {
    private static let web = ID.vertex(Directory(["shop"]), "web")
    private static let app = ID.vertex(Directory(["shop"]), "app")

    private static func event(_ id: String, _ entity: ID = web, due: Int64? = nil) -> Event {
        Event(id: id, type: "exited", entity: entity, time: 1000, due: due)
    }

    /// Runs a processor on a store until it has handled `count` events, and gives their IDs in order.
    private func handled(
        _ count: Int, of store: any Store, taking events: [Event] = [],
        outcome: @escaping @Sendable (Event, Int) -> Problem? = { _, _ in nil }
    ) async throws -> [String] {
        let processor = EventProcessor(spool: Spool(store: store), now: { 5000 }, report: { Issue.record($0) })
        let (ids, seen) = AsyncStream.makeStream(of: String.self)
        let tries = Counter()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await processor.run { event, _ in
                    let problem = outcome(event, tries.next(event.id))
                    seen.yield(event.id)
                    return EventProcessor.Outcome(handled: [], problem: problem)
                }
            }
            try await processor.take(events)
            var result: [String] = []
            for await id in ids {
                result.append(id)
                if result.count == count { break }
            }
            group.cancelAll()
            return result
        }
    }

    @Test func `events of one entity are handled in the order of their coming`() async throws {
        let events = (1...50).map { Self.event("event-\($0)") }
        let ids = try await handled(50, of: MemoryStore(), taking: events)
        #expect(ids == events.map(\.id))
    }

    @Test func `an event of the same ID is handled once`() async throws {
        let events = [Self.event("a"), Self.event("a"), Self.event("b")]
        let ids = try await handled(2, of: MemoryStore(), taking: events)
        #expect(ids == ["a", "b"])
    }

    @Test func `what was taken in is handled by the next processor`() async throws {
        let store = MemoryStore()
        let idle = EventProcessor(spool: Spool(store: store), now: { 5000 }, report: { Issue.record($0) })
        try await idle.take([Self.event("a"), Self.event("b", Self.app)])
        let ids = try await handled(2, of: store)
        #expect(Set(ids) == ["a", "b"])
    }

    @Test func `an event that failed comes again`() async throws {
        let failure = Problem("test.failed", "not yet")
        let ids = try await handled(2, of: MemoryStore(), taking: [Self.event("a")]) { _, tries in tries == 1 ? failure : nil }
        #expect(ids == ["a", "a"])
    }

    @Test func `an event that is due later holds no other up`() async throws {
        let events = [Self.event("later", due: 5200), Self.event("now")]
        let ids = try await handled(2, of: MemoryStore(), taking: events)
        #expect(ids == ["now", "later"])
    }
}

private final class Counter: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    func next(_ name: String) -> Int {
        counts.withLock {
            $0[name, default: 0] += 1
            return $0[name, default: 0]
        }
    }
}
