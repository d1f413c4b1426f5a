// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

@Suite struct TimerTests {
    /// Runs timers on a store until the body ends.
    private func run(_ store: any Store, _ clock: ManualClock, _ body: (Timers) async throws -> Void) async throws {
        let timers = Timers(store: store, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await timers.run { Issue.record($0) } }
            try await body(timers)
            group.cancelAll()
        }
    }

    /// The times of the events of a type, once there are so many.
    private func times(_ count: Int, of type: String = "tick", in store: any Store) async throws -> [Int64] {
        var times: [Int64] = []
        for try await batch in Subscription(to: store, after: 0, filter: EventFilter(types: [type])) {
            times += batch.events.map(\.event.time)
            if times.count >= count { break }
        }
        return times
    }

    private func timer(
        _ schedule: TimerSchedule, name: String = "t", misfire: EventTimer.Misfire = .once
    ) -> EventTimer {
        EventTimer(
            name: name, target: .entity(.shop("web")), type: "tick", payload: ["n": 1], schedule: schedule, misfire: misfire)
    }

    private func timers(_ store: any Store) async throws -> [EventTimer] {
        try await store.read { snapshot throws(Problem) in try snapshot.timers() }
    }

    private func withWeb(_ kind: StoreKind, _ body: (any Store, ManualClock) async throws -> Void) async throws {
        try await kind.with { store in
            try await store.commit(Transaction(puts: [.vertex(.shop("web")), .vertex(.shop("app"))]))
            try await body(store, ManualClock(10_000))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a timer fires at its time, once or again and again, and wakes for nothing else`(kind: StoreKind) async throws {
        try await withWeb(kind) { store, clock in
            try await run(store, clock) { timers in
                #expect(try await timers.add(timer(.at(12_000), name: "once")).next == 12_000)
                #expect(try await timers.add(timer(.every(5000, from: 10_000), name: "again")).next == 15_000)
                clock.set(12_000)
                #expect(try await times(1, in: store) == [12_000])
                #expect(try await self.timers(store).map(\.name) == ["again"])
                clock.set(15_001)
                #expect(try await times(2, in: store) == [12_000, 15_001])
                clock.set(20_000)
                #expect(try await times(3, in: store) == [12_000, 15_001, 20_000])
                #expect(try await self.timers(store).map(\.next) == [25_000])
                let events = try await store.read { snapshot throws(Problem) in try snapshot.events(after: 0, limit: 9) }
                #expect(events.map(\.event.entity) == [.shop("web"), .shop("web"), .shop("web")])
                #expect(events.allSatisfy { $0.event.payload == ["n": 1] })
            }
            // One wait for each time that it waited for, and at most one more for each time that an earlier one came up.
            #expect(clock.waits <= 6)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `what was missed while nobody was there fires once or not at all`(kind: StoreKind) async throws {
        try await withWeb(kind) { store, clock in
            let away = Timers(store: store, clock: clock)
            for (name, misfire) in [("a", EventTimer.Misfire.once), ("b", .skip)] {
                _ = try await away.add(timer(.every(1000, from: 10_000), name: name, misfire: misfire))
                _ = try await away.add(timer(.at(11_000), name: name + "-at", misfire: misfire))
            }
            clock.set(1_000_500)
            try await run(store, clock) { _ async throws in
                #expect(try await times(2, in: store) == [1_000_500, 1_000_500])
                clock.set(1_001_000)
                #expect(try await times(4, in: store).suffix(2) == [1_001_000, 1_001_000])
                #expect(try await self.timers(store).map(\.name) == ["a", "b"])
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a clock that is set forward or back loses no time and makes none twice`(kind: StoreKind) async throws {
        try await withWeb(kind) { store, clock in
            try await run(store, clock) { timers in
                _ = try await timers.add(timer(.every(5000, from: 10_000)))
                clock.set(1_000_000)
                #expect(try await times(1, in: store) == [1_000_000])
                while clock.awaited != 1_005_000 { try await Task.sleep(for: .milliseconds(1)) }
                // Back by a quarter of an hour: it doesn't wait until the clock has caught up.
                clock.set(100_000)
                while try await self.timers(store).map(\.next) != [105_000] { try await Task.sleep(for: .milliseconds(1)) }
                clock.set(105_000)
                #expect(try await times(2, in: store) == [1_000_000, 105_000])
                clock.set(110_000)
                #expect(try await times(3, in: store) == [1_000_000, 105_000, 110_000])
            }
        }
    }

    @Test func `a timer that reaches more than may be says so`() async throws {
        let store = MemoryStore()
        var transaction = Transaction(puts: [.class(Class(EntityHeader(.type("C"))))])
        transaction.puts += (0...Propagation.limit).map { number in
            .vertex(Vertex(EntityHeader(.shop("v\(number)")), classes: [.type("C")]))
        }
        try await store.commit(transaction)
        let clock = ManualClock(10_000)
        let (problems, report) = AsyncStream.makeStream(of: Problem.self)
        let timers = Timers(store: store, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await timers.run { report.yield($0) } }
            var timer = timer(.at(11_000))
            timer.target = .entity(.type("C"))
            _ = try await timers.add(timer)
            clock.set(11_000)
            for await problem in problems {
                #expect(problem.code == "event.cut")
                break
            }
            group.cancelAll()
        }
        let count = try await store.read { snapshot throws(Problem) in snapshot.sequence }
        #expect(count == UInt64(Propagation.limit))
    }

    @Test(arguments: StoreKind.allCases)
    func `a timer ends with its entity`(kind: StoreKind) async throws {
        try await withWeb(kind) { store, clock in
            try await run(store, clock) { timers in
                _ = try await timers.add(timer(.every(5000, from: 10_000)))
                var other = timer(.every(5000, from: 10_000))
                other.target = .entity(.shop("app"))
                _ = try await timers.add(other)
                try await store.commit(Transaction(deletions: [.shop("web")]))
                #expect(try await self.timers(store).map(\.target) == [.entity(.shop("app"))])
                try await store.commit(Transaction(puts: [.vertex(.shop("web"))]))
                clock.set(15_000)
                #expect(try await times(1, in: store) == [15_000])
                let events = try await store.read { snapshot throws(Problem) in try snapshot.events(after: 0, limit: 9) }
                #expect(events.map(\.event.entity) == [.shop("app")])
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `the timer of a directory or a class makes an event at each that it stands for`(kind: StoreKind) async throws {
        try await kind.with { store in
            let clock = ManualClock(10_000)
            try await store.commit(
                Transaction(puts: [
                    .vertex(.shop("web")), .vertex(.shop("web-port"), in: .shop("web")),
                    .type(.type("App")), .vertex(.shop("app"), classes: [.type("App")]),
                    .vertex(.vertex(.root, "other")),
                ]))
            try await run(store, clock) { timers in
                var timer = self.timer(.at(11_000))
                timer.target = .directory(Directory(["shop"]))
                _ = try await timers.add(timer)
                timer.target = .entity(.type("App"))
                _ = try await timers.add(timer)
                clock.set(11_000)
                _ = try await times(3, in: store)
                let events = try await store.read { snapshot throws(Problem) in try snapshot.events(after: 0, limit: 9) }
                #expect(events.map(\.event.entity.name).sorted() == ["app", "app", "web"])
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a timer that could not work is refused`(kind: StoreKind) async throws {
        try await withWeb(kind) { store, clock in
            let timers = Timers(store: store, clock: clock)
            _ = try await timers.add(timer(.at(11_000)))
            #expect(try await problem { _ = try await timers.add(self.timer(.at(12_000))) }.code == "timer.exists")
            #expect(try await problem { _ = try await timers.add(self.timer(.at(12_000), name: "")) }.code == "event.malformed")
            #expect(
                try await problem { _ = try await timers.add(self.timer(.every(999, from: 0), name: "x")) }.code
                    == "timer.invalid-interval")
            #expect(
                try await problem { _ = try await timers.add(self.timer(.at(.max), name: "x")) }.code == "timer.invalid-time")
            var gone = timer(.at(12_000), name: "x")
            gone.target = .entity(.shop("gone"))
            #expect(try await problem { _ = try await timers.add(gone) }.code == "timer.no-target")
            #expect(try await problem { try await timers.remove("y", of: .entity(.shop("web"))) }.code == "timer.unknown")
            try await timers.remove("t", of: .entity(.shop("web")))
            #expect(try await self.timers(store).isEmpty)
        }
    }

    @Test func `a timer is its document`() throws {
        var timer = self.timer(
            .cron(try CronExpression(parsing: "*/5 * * * *"), try TimerZone(parsing: "+02:00")), misfire: .skip)
        timer.propagation = .contents
        timer.next = 7
        #expect(try EventTimer(document: timer.document) == timer)
        for schedule in [TimerSchedule.at(5), .every(1000, from: 3)] {
            timer.schedule = schedule
            #expect(try EventTimer(document: timer.document) == timer)
        }
        timer.target = .directory(.root)
        #expect(try EventTimer(document: timer.document) == timer)
    }
}
