// SPDX-License-Identifier: Apache-2.0 OR MIT
import EventBus
import Floria
import Support
import Testing

/// What one host has not dealt with, taken up by another.
@Suite struct UndeliveredTests {
    private static let web = ID.vertex(Directory(["shop"]), "web")
    private static let retry = RetryPolicy(limit: 2, pause: 1, longestPause: 2)

    private func run(
        _ store: any Store, clock: any AlarmClock = SystemClock(), handle: @escaping EventProcessor.Handle,
        _ body: (EventProcessor) async throws -> Void
    ) async throws {
        try await withProcessor(store, clock: clock, retry: Self.retry, handle: handle, body)
    }

    private func isDone(_ store: any Store, _ sequence: Int) async throws -> Bool {
        try await store.read { snapshot throws(Problem) in
            let done = try snapshot.record("spool", "done")?.value
            let waiting = try snapshot.records("waiting", prefix: "", after: nil, limit: 9)
            return done == [.integer(sequence)] && waiting.isEmpty
        }
    }

    /// A spool that has dealt with `1`, has put `2` aside for one of two handlers, which waits to have `3` again, has `later`,
    /// which is due in a while, and has not looked at `4` yet.
    private func spool() async throws -> MemoryStore {
        let store = MemoryStore()
        let handlers = TestHandlers(["good", "bad"])
        handlers.fail("bad", times: 2, at: "2")
        handlers.fail("bad", times: 1, at: "3")
        let clock = ManualClock(1000)
        try await run(store, clock: clock, handle: handlers.handle) { processor async throws in
            try await processor.take([event("1"), event("2")])
            try await until { handlers.calls.all.count >= 4 }
            clock.set(1100)
            try await until { try await processor.letters().count == 1 }
            try await processor.take([event("3"), event("later", due: 9000)])
            try await until {
                try await store.read { snapshot throws(Problem) in
                    try snapshot.records("waiting", prefix: "", after: nil, limit: 9).count
                } == 2
            }
        }
        try await EventProcessor(spool: Spool(store: store), report: { Issue.record($0) }).take([event("4")])
        return store
    }

    private func event(_ id: String, due: Int64? = nil) -> Event {
        Event(id: id, type: "t", entity: Self.web, host: "old", time: Timestamp.now(), due: due)
    }

    @Test func `what is not dealt with is told, each event once with what is noted of it`() async throws {
        let spool = Spool(store: try await spool())
        let undelivered: Undelivered = try await spool.undelivered()
        #expect(undelivered.position == 5)
        #expect(undelivered.events.map(\.id) == ["2", "3", "later", "4"])
        #expect(undelivered.events.map { $0.carried?["handlers"] } == [[], ["bad"], nil, nil])
        #expect(undelivered.events[0].carried?["letters"]?.list?.map { $0["handler"] } == ["bad"])
        #expect(try Undelivered(document: undelivered.document) == undelivered)
        #expect(try await spool.taken(["1", "4", "5"], until: 5) == ["1", "4"])
        #expect(try await spool.taken(["1", "4", "5"], until: 4) == ["1"])
    }

    @Test func `another host goes on from there: nobody gets anything again, and nothing is lost`() async throws {
        let undelivered: Undelivered = try await Spool(store: try await spool()).undelivered()
        let (store, handlers, clock) = (MemoryStore(), TestHandlers(["good", "bad"]), ManualClock(2000))
        try await run(store, clock: clock, handle: handlers.handle) { processor async throws in
            try await processor.take(undelivered.events)
            try await handlers.calls.wait(for: 3)
            clock.set(10_000)
            try await handlers.calls.wait(for: 5)
            try await until { try await isDone(store, 4) }
            let letters = try await processor.letters()
            #expect(letters.map(\.event.id) == ["2"])
            #expect(letters.map(\.handler) == ["bad"] && letters.map(\.failures) == [2])
            try await processor.retry(letter: letters[0].id)
            try await handlers.calls.wait(for: 6)
        }
        #expect(handlers.calls.of("bad") == ["3", "4", "later", "2"])
        #expect(handlers.calls.of("good") == ["4", "later"])
    }

    @Test func `what was taken up and not begun is told again, with its letters`() async throws {
        let undelivered: Undelivered = try await Spool(store: try await spool()).undelivered()
        let store = MemoryStore()
        try await EventProcessor(spool: Spool(store: store), report: { Issue.record($0) }).take(undelivered.events)
        let again: Undelivered = try await Spool(store: store).undelivered()
        #expect(again.events == undelivered.events)
    }
}
