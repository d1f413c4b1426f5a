// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Orchestration
import Support
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Operations that are called by hand` {
    private static let operation = "lifecycle.start"
    private static let inputs = ValueMap([("event", "green")])

    /// A runner that begins and never ends, and whether it has begun.
    private func stuckRunner() -> (ScriptedRunner, AsyncStream<Void>) {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let runner = ScriptedRunner { _ throws(Problem) in
            begin.yield()
            do { try await Task.sleep(for: .seconds(3600)) } catch { throw Problem("test.interrupted", "interrupted") }
            return ValueMap()
        }
        return (runner, begun)
    }

    private func deployedStore() async throws -> MemoryStore {
        let store = MemoryStore()
        try await Stage.run(on: store, ScriptedRunner()) { _ = try await $0.deploy(TestService.design()) }
        return store
    }

    /// Lets an agent begin a call, and leaves it to be cancelled.
    private func begin(on store: MemoryStore) async -> Task<Void, any Error> {
        let (runner, begun) = stuckRunner()
        let lost = Orchestrator(
            store: store, secrets: Stage.secrets(of: store), functions: Functions([:]), runner: runner, host: { "here" },
            failpoint: .none, now: TestClock.shared.now)
        let call = Task { _ = try await lost.call(Self.operation, of: TestService.front, inputs: Self.inputs, key: "mine") }
        for await _ in begun { break }
        return call
    }

    @Test(arguments: [true, false])
    func `a call that was under way when the agent ended is taken up by the next`(isKilled: Bool) async throws {
        let store = try await deployedStore()
        let call = await begin(on: store)
        if !isKilled {
            call.cancel()
            await #expect { try await call.value } throws: { ($0 as? Problem)?.code == "operation.interrupted" }
        }
        let orders = Mutex<[OperationOrder]>([])
        let runner = ScriptedRunner { order in
            orders.withLock { $0.append(order) }
            return ValueMap([("result", 42)])
        }
        try await Stage.run(on: store, runner) { stage in
            let row = try await stage.ended("mine")
            #expect(row.state == .done)
            #expect(row.attempt == 2)
            #expect(row.outputs == ValueMap([("result", 42)]))
            let again = try await stage.orchestrator.call(
                Self.operation, of: TestService.front, inputs: Self.inputs, key: "mine")
            #expect(again == row)
            #expect(try await stage.graph().vertex(TestService.front)?.properties["result"]?.value == 42)
        }
        try await Stage.run(on: store, runner) { _ in }
        let order = try #require(orders.withLock { $0.count == 1 ? $0[0] : nil }, "it is run once")
        #expect(order.id == "mine")
        #expect(order.attempt == 2)
        #expect(order.inputs["event"] == "green")
        call.cancel()
    }

    @Test func `a call whose time was over when the agent came back is failed, and runs again when a person says so`()
        async throws
    {
        let store = try await deployedStore()
        let call = await begin(on: store)
        let runner = ScriptedRunner()
        let later: @Sendable () -> Int64 = { TestClock.shared.now() + 3_600_000 }
        try await Stage.run(on: store, runner, now: later) { stage in
            let row = try await stage.ended("mine")
            #expect(row.state == .failed)
            #expect(row.problem?.code == "operation.interrupted")
            #expect(row.problem?.hint?.contains("khutulun operation retry shop/mine") == true)
            #expect(runner.asked.isEmpty)
            let retried = try await stage.orchestrator.retry(service: "shop", operation: "mine")
            #expect(retried.state == .done)
            #expect(retried.problem == nil)
        }
        #expect(runner.asked == ["front lifecycle.start"])
        call.cancel()
    }

    @Test func `a call that is taken up may fail like any other`() async throws {
        let store = try await deployedStore()
        let call = await begin(on: store)
        let runner = ScriptedRunner { _ throws(Problem) in throw Problem("test.failed", "it does not want to") }
        try await Stage.run(on: store, runner) { stage in
            let row = try await stage.ended("mine")
            #expect(row.state == .failed)
            #expect(row.problem?.code == "test.failed")
        }
        call.cancel()
    }

    @Test(arguments: [true, false])
    func `calls of one key at the same time are one call`(succeeds: Bool) async throws {
        let (release, releasing) = AsyncStream.makeStream(of: Void.self)
        let runner = ScriptedRunner { _ throws(Problem) in
            for await _ in release {}
            if !succeeds { throw Problem("test.failed", "it does not want to") }
            return ValueMap([("result", 42)])
        }
        try await Stage.run(on: try await deployedStore(), runner) { stage in
            let outcomes = await withTaskGroup(of: String.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        do {
                            let row = try await stage.orchestrator.call(
                                Self.operation, of: TestService.front, inputs: Self.inputs, key: "mine")
                            return "\(row.attempt) \(row.state)"
                        } catch { return (error as? Problem)?.code ?? "\(error)" }
                    }
                }
                while runner.asked.isEmpty { await Task.yield() }
                releasing.finish()
                return await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(outcomes == [succeeds ? "1 done" : "test.failed"])
        }
        if succeeds { #expect(runner.asked.count == 1) }
    }
}
