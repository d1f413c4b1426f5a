// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Orchestration
import Support
import Synchronization
import Testing

@Suite struct Deployments {
    @Test func `a node starts after the node that it depends on`() async throws {
        let runner = ScriptedRunner()
        try await Stage.run(on: MemoryStore(), runner) { stage in
            let record = try await stage.deploy(TestService.design())
            #expect(record.state == .running)
        }
        #expect(Set(runner.asked.prefix(2)) == ["front lifecycle.create", "store lifecycle.create"])
        #expect(Array(runner.asked.suffix(2)) == ["store lifecycle.start", "front lifecycle.start"])
    }

    @Test func `deleting a service ends nodes in reverse order and leaves nothing of the graph`() async throws {
        let runner = ScriptedRunner()
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(TestService.design())
            try await stage.delete()
            let (graph, rows) = (try await stage.graph(), try await stage.rows())
            #expect(graph == Graph())
            #expect(rows.allSatisfy { $0.state == .done })
        }
        let ending = ["front lifecycle.stop", "front lifecycle.delete", "store lifecycle.stop", "store lifecycle.delete"]
        #expect(Array(runner.asked.suffix(4)) == ending)
    }

    @Test func `nodes that need each other in a circle are refused before anything is done`() async throws {
        let runner = ScriptedRunner()
        try await Stage.run(on: MemoryStore(), runner) { stage in
            let found = await #expect(throws: Problems.self) {
                _ = try await stage.deploy(TestService.design(isCircular: true))
            }
            let graph = try await stage.graph()
            #expect(found?.all.map(\.code) == ["plan.cyclic-dependency"])
            #expect(
                found?.all.first?.message
                    == "nodes need each other in a circle, so that none can be started first: ‘shop/front’ → ‘shop/store’ → ‘shop/front’"
            )
            #expect(graph == Graph())
        }
        #expect(runner.asked.isEmpty)
    }

    @Test func `a service in which an edge made by hand closes a circle can still be deleted`() async throws {
        let runner = ScriptedRunner()
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(TestService.design())
            var transaction = Transaction()
            transaction.puts = [.edge(TestService.reverse)]
            try await stage.store.commit(transaction)
            try await stage.delete()
            let graph = try await stage.graph()
            #expect(graph == Graph())
        }
        #expect(runner.asked.suffix(4).filter { $0.hasSuffix("lifecycle.delete") }.count == 2)
    }

    @Test func `the host clears away what it keeps of a service that is deleted, and nothing before`() async throws {
        let runner = ScriptedRunner()
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(TestService.design())
            #expect(runner.cleared.isEmpty)
            try await stage.delete()
        }
        #expect(runner.cleared.count == 1)
        let cleared = Set(runner.cleared.first ?? [])
        #expect(cleared.isSuperset(of: [TestService.front, .vertex(.root, "shop")]))
    }

    @Test func `an output that is mapped becomes an attribute`() async throws {
        let runner = ScriptedRunner { order in order.operation == "lifecycle.start" ? ValueMap([("result", 42)]) : ValueMap() }
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(TestService.design())
            let property = try await stage.graph().vertex(TestService.front)?.properties["result"]
            #expect(property?.value == 42)
            #expect(property?.provenance?.author == .operation)
        }
    }

    @Test func `a plan that is deployed again without a change does nothing`() async throws {
        let runner = ScriptedRunner()
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(TestService.design())
            let plan = try await stage.orchestrator.plan(service: "shop", design: TestService.design(), inputs: [:])
            #expect(plan.operations.isEmpty)
            #expect(plan.changes.changes.isEmpty)
        }
    }

    @Test func `only the node whose property changed is renewed`() async throws {
        let runner = ScriptedRunner()
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(TestService.design())
            _ = try await stage.deploy(TestService.design(color: "blue"))
            let graph = try await stage.graph()
            #expect(graph.vertex(TestService.front)?.properties["color"]?.value == "blue")
        }
        #expect(
            Array(runner.asked.dropFirst(4)) == ["front lifecycle.stop", "front lifecycle.create", "front lifecycle.start"])
    }

    @Test func `a node that the design no longer has is ended and removed`() async throws {
        let runner = ScriptedRunner()
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(TestService.design())
            _ = try await stage.deploy(TestService.design(withStore: false))
            let graph = try await stage.graph()
            #expect(graph.vertex(TestService.store) == nil)
            #expect(graph.edges.isEmpty)
        }
        #expect(Array(runner.asked.suffix(2)) == ["store lifecycle.stop", "store lifecycle.delete"])
    }

    @Test func `a plan does not hold once the service has changed`() async throws {
        try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
            let stale = try await stage.orchestrator.plan(service: "shop", design: TestService.design(), inputs: [:])
            _ = try await stage.deploy(TestService.design())
            await #expect { try await stage.orchestrator.apply(plan: stale.id) } throws: {
                ($0 as? Problem)?.code == "plan.outdated"
            }
        }
    }

    @Test func `a clock that goes back makes no stale plan hold and no new one fail, and lets tokens grow`() async throws {
        let store = MemoryStore()
        let tokens = Mutex<[UInt64]>([])
        for time in [1_700_000_000_000, 1_600_000_000_000] as [Int64] {
            try await Stage.run(on: store, ScriptedRunner(), now: TestClock(time, step: -1000).now) { stage in
                let stale = try await stage.orchestrator.plan(
                    service: "shop", design: TestService.design(color: "blue"), inputs: [:])
                let first = try await stage.deploy(TestService.design(color: "green"))
                await #expect { try await stage.orchestrator.apply(plan: stale.id) } throws: {
                    ($0 as? Problem)?.code == "plan.outdated"
                }
                _ = try await stage.orchestrator.restart(TestService.front)
                let second = try await stage.settled()
                try await stage.delete()
                let third = try await stage.deploy(TestService.design())
                #expect([first, second, third].allSatisfy { $0.state == .running })
                let rows = try await stage.rows().filter { $0.deployment == third.deployment }
                #expect(rows.count == 4 && rows.allSatisfy { $0.token == third.token })
                tokens.withLock { $0 += [first, second, third].map(\.token) }
            }
        }
        let all = tokens.withLock { $0 }
        #expect(all == Set(all).sorted())
    }
}

@Suite struct `Deployments that go wrong` {
    private static let failure = Problem("test.failed", "it does not want to")

    @Test func `what depends on a failed operation waits, and goes on when it is retried`() async throws {
        let fails = Mutex(true)
        let runner = ScriptedRunner { order throws(Problem) in
            if order.subject == TestService.store, order.operation == "lifecycle.start", fails.withLock({ $0 }) {
                throw Self.failure
            }
            return ValueMap()
        }
        try await Stage.run(on: MemoryStore(), runner) { stage in
            let record = try await stage.deploy(TestService.design())
            #expect(record.state == .failed)
            #expect(record.problems.map(\.code) == ["test.failed"])
            let rows = try await stage.rows()
            let failed = try #require(rows.first { $0.state == .failed })
            #expect(rows.last { $0.subject == TestService.front }?.state == .planned)
            fails.withLock { $0 = false }
            _ = try await stage.orchestrator.retry(service: "shop", operation: failed.id)
            let retried = try await stage.settled()
            #expect(retried.state == .running)
        }
        #expect(runner.asked.filter { $0 == "store lifecycle.start" }.count == 2)
        #expect(runner.asked.last == "front lifecycle.start")
    }

    @Test func `a cancelled deployment interrupts what runs and starts nothing more`() async throws {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let runner = ScriptedRunner { order throws(Problem) in
            guard order.operation == "lifecycle.start" else { return ValueMap() }
            begin.yield()
            do { try await Task.sleep(for: .seconds(60)) } catch { throw Problem("test.interrupted", "interrupted") }
            return ValueMap()
        }
        try await Stage.run(on: MemoryStore(), runner) { stage in
            let plan = try await stage.orchestrator.plan(service: "shop", design: TestService.design(), inputs: [:])
            _ = try await stage.orchestrator.apply(plan: plan.id)
            for await _ in begun { break }
            try await stage.orchestrator.cancel(service: "shop")
            let record = try await stage.settled()
            #expect(record.state == .cancelled)
        }
        #expect(!runner.asked.contains("front lifecycle.start"))
    }

    @Test(arguments: [true, false])
    func `another orchestrator goes on where one was lost or has ended in good order`(isLost: Bool) async throws {
        let store = MemoryStore()
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let stuck = ScriptedRunner { order throws(Problem) in
            guard order.operation == "lifecycle.start" else { return ValueMap() }
            begin.yield()
            try? await Task.sleep(for: .seconds(3600))
            throw Self.failure
        }
        let lost = Orchestrator(
            store: store, secrets: Stage.secrets(of: store), functions: Functions([:]), runner: stuck, host: { "here" },
            failpoint: .none, now: TestClock.shared.now)
        let task = Task { await lost.run { _ in } }
        let plan = try await lost.plan(service: "shop", design: TestService.design(), inputs: [:])
        _ = try await lost.apply(plan: plan.id)
        for await _ in begun { break }
        if !isLost {
            task.cancel()
            await task.value
        }
        let runner = ScriptedRunner()
        try await Stage.run(on: store, runner) { stage in
            let record = try await stage.settled()
            #expect(record.state == .running)
        }
        // Whether the end of this one was written before depends on who was faster.
        let asked = runner.asked.filter { $0 != "front lifecycle.create" }
        #expect(asked == ["store lifecycle.start", "front lifecycle.start"])
        task.cancel()
    }

    @Test func `a second deployment of a service waits for nobody and is refused`() async throws {
        let runner = ScriptedRunner { _ in
            try? await Task.sleep(for: .seconds(60))
            return ValueMap()
        }
        try await Stage.run(on: MemoryStore(), runner) { stage in
            let plan = try await stage.orchestrator.plan(service: "shop", design: TestService.design(), inputs: [:])
            _ = try await stage.orchestrator.apply(plan: plan.id)
            await #expect {
                _ = try await stage.orchestrator.plan(service: "shop", design: TestService.design(), inputs: [:])
            } throws: { ($0 as? Problems)?.all.map(\.code) == ["service.busy"] }
            try await stage.orchestrator.cancel(service: "shop")
            _ = try await stage.settled()
        }
    }
}
