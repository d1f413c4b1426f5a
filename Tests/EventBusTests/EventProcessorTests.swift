// SPDX-License-Identifier: Apache-2.0 OR MIT
import EventBus
import Floria
import Support
import Synchronization
import Testing

@Suite struct `Event processing` {
    private static let web = ID.vertex(Directory(["shop"]), "web")
    private static let app = ID.vertex(Directory(["shop"]), "app")
    private static let retry = RetryPolicy(limit: 3, pause: 1, longestPause: 4)
    private static let failure = Problem("test.failed", "not yet")

    private static func event(_ id: String, _ entity: ID = web, due: Int64? = nil) -> Event {
        Event(id: id, type: "exited", entity: entity, time: Timestamp.now(), due: due)
    }

    /// Runs a processor on a store for as long as the body takes.
    private func run(
        _ store: any Store, clock: any AlarmClock = SystemClock(), handle: @escaping EventProcessor.Handle,
        _ body: (EventProcessor) async throws -> Void
    ) async throws {
        try await withProcessor(store, clock: clock, retry: Self.retry, handle: handle, body)
    }

    /// Runs a processor on a store until its only handler was called `count` times, and gives the IDs in order.
    private func handled(_ count: Int, of store: any Store, taking events: [Event] = []) async throws -> [String] {
        let calls = Calls()
        try await run(
            store,
            handle: { event, _ in
                _ = await calls.add("h", event.id)
                return Delivery.Outcome()
            },
            { processor async throws in
                try await processor.take(events)
                try await calls.wait(for: count)
            })
        return calls.all.map(\.event)
    }

    @Test func `events of one entity are handled in the order of their coming`() async throws {
        let events = (1...1500).map { Self.event("event-\($0)") }
        #expect(try await handled(1500, of: MemoryStore(), taking: events) == events.map(\.id))
    }

    @Test func `an event of the same ID is handled once`() async throws {
        let store = MemoryStore()
        #expect(try await handled(2, of: store, taking: [Self.event("a"), Self.event("a"), Self.event("b")]) == ["a", "b"])
        #expect(try await handled(1, of: store, taking: [Self.event("b"), Self.event("c")]).contains("c"))
    }

    @Test func `what was taken in is handled by the next processor`() async throws {
        let store = MemoryStore()
        let idle = EventProcessor(spool: Spool(store: store), report: { Issue.record($0) })
        try await idle.take([Self.event("a"), Self.event("b", Self.app)])
        #expect(Set(try await handled(2, of: store)) == ["a", "b"])
    }

    @Test func `an event that failed comes again, and no other overtakes it`() async throws {
        let handlers = TestHandlers(["h"])
        handlers.fail("h", times: 1, at: "a")
        try await run(MemoryStore(), handle: handlers.handle) { processor async throws in
            try await processor.take([Self.event("a"), Self.event("b")])
            try await handlers.calls.wait(for: 3)
        }
        #expect(handlers.calls.of("h") == ["a", "a", "b"])
    }

    @Test func `an event that is due later holds no other up`() async throws {
        let store = MemoryStore()
        let clock = ManualClock(1000)
        let calls = Calls()
        try await run(
            store, clock: clock,
            handle: { event, _ in
                _ = await calls.add("h", event.id); return .init()
            }
        ) { processor async throws in
            try await processor.take([Self.event("later", due: 5200), Self.event("now")])
            try await calls.wait(for: 1)
            clock.set(5200)
            try await calls.wait(for: 2)
        }
        #expect(calls.all.map(\.event) == ["now", "later"])
        #expect(clock.waits <= 2)
    }

    @Test func `a handler that fails gets everything in order, and keeps nothing from the others`() async throws {
        let events = (1...20).map { Self.event("\($0)") }
        let handlers = TestHandlers(["good", "bad"])
        handlers.fail("bad", times: 2, at: "3")
        try await run(MemoryStore(), handle: handlers.handle) { processor async throws in
            try await processor.take(events)
            try await handlers.calls.wait(for: 42)
        }
        #expect(handlers.calls.of("good") == events.map(\.id))
        #expect(handlers.calls.of("bad") == ["1", "2", "3", "3"] + events.dropFirst(2).map(\.id))
    }

    @Test func `who can't be asked for handlers is asked again, without end`() async throws {
        let calls = Calls()
        try await run(
            MemoryStore(),
            handle: { event, _ in
                let tries = await calls.add("h", event.id)
                return Delivery.Outcome(problem: tries < 12 && event.id == "1" ? Self.failure : nil)
            },
            { processor async throws in
                try await processor.take([Self.event("1"), Self.event("2")])
                try await calls.wait(for: 13)
                #expect(try await processor.letters().isEmpty)
            })
        #expect(calls.all.map(\.event) == [String](repeating: "1", count: 12) + ["2"])
    }

    @Test func `an event whose handlers nobody could say holds up what came after it, also after a restart`() async throws {
        let store = MemoryStore()
        let clock = ManualClock(1000)
        let first = Calls()
        try await run(
            store, clock: clock,
            handle: { event, _ in
                _ = await first.add("h", event.id)
                return Delivery.Outcome(problem: event.id == "1" ? Self.failure : nil)
            }
        ) { processor async throws in
            try await processor.take([Self.event("1"), Self.event("2")])
            try await first.wait(for: 1)
            try await until {
                try await store.read { snapshot throws(Problem) in
                    try snapshot.records("waiting", prefix: "", after: nil, limit: 9).count
                } == 1
            }
        }
        #expect(first.all.map(\.event) == ["1"])
        let next = Calls()
        let later = ManualClock(1000)
        try await run(
            store, clock: later,
            handle: { event, _ in
                _ = await next.add("h", event.id)
                return Delivery.Outcome()
            }
        ) { processor async throws in
            try await processor.take([Self.event("3", Self.app)])
            try await next.wait(for: 1)
            later.set(1_000_000)
            try await next.wait(for: 3)
        }
        #expect(next.all.map(\.event).filter { $0 != "3" } == ["1", "2"])
        #expect(next.all.first?.event == "3", "the other entity's event had nothing to wait for")
    }

    @Test func `what fails for good is kept for its handler, and can be tried again or dropped`() async throws {
        let store = MemoryStore()
        let handlers = TestHandlers(["good", "bad"])
        handlers.fail("bad", times: 3, at: "1")
        handlers.fail("bad", times: 3, at: "2")
        try await run(store, handle: handlers.handle) { processor async throws in
            try await processor.take([Self.event("1"), Self.event("2"), Self.event("3")])
            try await handlers.calls.wait(for: 10)
            try await until { try await processor.letters().count == 2 }
            // All three are dealt with on disk: else the next processor would deliver what this one was stopped in.
            try await until {
                try await store.read { snapshot throws(Problem) in
                    guard try snapshot.record("spool", "done")?.value == [3] else { return false }
                    return try snapshot.records("waiting", prefix: "", after: nil, limit: 1).isEmpty
                }
            }
        }
        #expect(handlers.calls.of("bad") == ["1", "1", "1", "2", "2", "2", "3"])
        // They outlive the processor.
        let again = TestHandlers(["good", "bad"])
        try await run(store, handle: again.handle) { processor async throws in
            let letters = try await processor.letters()
            #expect(letters.map(\.event.id) == ["1", "2"])
            #expect(letters.map(\.handler) == ["bad", "bad"])
            #expect(letters.map(\.failures) == [3, 3])
            #expect(letters.map(\.problem) == [Self.failure, Self.failure])
            #expect(try await processor.letter(letters[0].id) == letters[0])
            try await processor.retry(letter: letters[0].id)
            try await again.calls.wait(for: 1)
            try await processor.drop(letter: letters[1].id)
            #expect(try await processor.letters().isEmpty)
            for body in [processor.retry, processor.drop] {
                await #expect { try await body("9.0") } throws: { ($0 as? Problem)?.code == "event.unknown-letter" }
            }
        }
        #expect(again.calls.all.map(\.handler) == ["bad"], "who has had it doesn't get it again")
        #expect(again.calls.all.map(\.event) == ["1"])
    }

    @Test func `a letter that fails again is that letter again`() async throws {
        let handlers = TestHandlers(["bad"])
        handlers.fail("bad", times: 6, at: "1")
        try await run(MemoryStore(), handle: handlers.handle) { processor async throws in
            try await processor.take([Self.event("1")])
            try await until { try await processor.letters().count == 1 }
            let id = try await processor.letters()[0].id
            try await processor.retry(letter: id)
            try await handlers.calls.wait(for: 6)
            try await until { try await processor.letters().count == 1 }
            #expect(try await processor.letters().map(\.id) == [id])
        }
    }

    @Test func `what waits for a handler waits for it after a restart`() async throws {
        let store = MemoryStore()
        let handlers = TestHandlers(["good", "bad"])
        handlers.fail("bad", times: 1, at: "1")
        let clock = ManualClock(1000)
        try await run(store, clock: clock, handle: handlers.handle) { processor async throws in
            try await processor.take([Self.event("1"), Self.event("2")])
            try await handlers.calls.wait(for: 3)
            // Both wait on disk: the first to be tried again, the second behind it.
            try await until {
                try await store.read { snapshot throws(Problem) in
                    try snapshot.records("waiting", prefix: "", after: nil, limit: 9).count
                } == 2
            }
        }
        let next = TestHandlers(["good", "bad"])
        try await run(store, clock: ManualClock(2000), handle: next.handle) { _ async throws in
            try await next.calls.wait(for: 2)
        }
        #expect(next.calls.of("bad") == ["1", "2"])
        #expect(next.calls.of("good").isEmpty)
    }

    @Test func `what was handled is forgotten when it is too old`() async throws {
        let store = MemoryStore()
        let processor = EventProcessor(
            spool: Spool(store: store, retention: EventRetention(age: 1 << 40, count: 100)), report: { Issue.record($0) })
        let calls = Calls()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await processor.run { event, _ in
                    _ = await calls.add("h", event.id); return .init()
                }
            }
            for number in 0..<20 {
                try await processor.take((0..<50).map { Self.event("\(number)-\($0)") })
                try await calls.wait(for: (number + 1) * 50)
            }
            try await until {
                try await store.read { snapshot throws(Problem) in try snapshot.events(after: 0, limit: 1000).count } <= 107
            }
            group.cancelAll()
        }
    }
}

/// What was called.
final class Calls: Sendable {
    struct Call: Sendable, Hashable {
        var handler: String
        var event: String
    }

    private let calls = Mutex<[Call]>([])

    var all: [Call] { calls.withLock { $0 } }

    /// The events that a handler was called with.
    func of(_ handler: String) -> [String] { all.filter { $0.handler == handler }.map(\.event) }

    /// Notes a call, and gives how many there were of it.
    func add(_ handler: String, _ event: String) async -> Int {
        calls.withLock { calls in
            calls.append(Call(handler: handler, event: event))
            return calls.count { $0.handler == handler && $0.event == event }
        }
    }

    func wait(for count: Int) async throws { try await until { self.all.count >= count } }
}

/// Handlers that fail when they are told to.
final class TestHandlers: Sendable {
    let calls = Calls()
    private let names: Set<String>
    private let failures = Mutex<[Calls.Call: Int]>([:])

    init(_ names: Set<String>) { self.names = names }

    func fail(_ handler: String, times: Int, at event: String) {
        failures.withLock { $0[Calls.Call(handler: handler, event: event)] = times }
    }

    var handle: EventProcessor.Handle {
        { event, delivery in
            var outcome = Delivery.Outcome()
            outcome.held = delivery.only == nil ? self.names.intersection(delivery.waiting) : []
            for name in self.names.sorted() where delivery.only?.contains(name) ?? !delivery.waiting.contains(name) {
                _ = await self.calls.add(name, event.id)
                let mustFail = self.failures.withLock { failures in
                    let call = Calls.Call(handler: name, event: event.id)
                    failures[call, default: 0] -= 1
                    return failures[call, default: 0] >= 0
                }
                if mustFail { outcome.failures[name] = Problem("test.failed", "not yet") }
            }
            return outcome
        }
    }
}

/// Waits until something is so; a test fails if it isn't within ten seconds.
func until(_ condition: () async throws -> Bool, location: Testing.SourceLocation = #_sourceLocation) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("it has not become so", sourceLocation: location)
            throw Problem("test.too-late", "it has not become so")
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}
