// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Orchestration
import Support
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct `The end of a node and what runs for it` {
    private static let node = TestService.front

    /// A design whose `front` has an interface `records`, not of the lifecycle, with operations of the lifecycle's names.
    private static func design() -> Design {
        var design = TestService.design()
        var interface = TestService.template("front.interface.records", name: "records", kind: "interface")
        interface.instanceName = "interface.records"
        interface.handlers = ["create", "start", "stop", "delete"].map {
            Handler(event: $0, call: Call(FunctionName(plugin: "test", name: $0)), name: $0)
        }
        design.vertexTemplates.append(interface)
        for index in design.vertexTemplates.indices where design.vertexTemplates[index].instanceName == "front" {
            design.vertexTemplates[index].contained.append(interface.header.id)
        }
        return design
    }

    @Test(arguments: ["create", "start", "stop", "delete"])
    func `operations of other interfaces say nothing of the node's life, whatever their names`(name: String) async throws {
        let runner = ScriptedRunner()
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(Self.design())
            let row = try await stage.orchestrator.call("records.\(name)", of: Self.node, inputs: ValueMap(), key: "mine")
            #expect(row.state == .done)
            #expect(try await stage.graph().vertex(Self.node) != nil)
            let again = try await stage.orchestrator.plan(service: "shop", design: Self.design(), inputs: [:])
            #expect(again.operations.isEmpty)
            try await stage.delete()
        }
        #expect(
            runner.asked.suffix(4) == [
                "front lifecycle.stop", "front lifecycle.delete", "store lifecycle.stop", "store lifecycle.delete",
            ])
    }

    @Test func `a node is deleted when the calls that were begun for it have ended, and none begins meanwhile`() async throws {
        let (release, releasing) = AsyncStream.makeStream(of: Void.self)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (stopped, stopping) = AsyncStream.makeStream(of: Void.self)
        let runner = ScriptedRunner { order throws(Problem) in
            if order.operation == "records.start" {
                begin.yield()
                for await _ in release {}
            }
            if order.operation == "lifecycle.stop" { stopping.yield() }
            return ValueMap()
        }
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(Self.design())
            async let open = stage.orchestrator.call("records.start", of: Self.node, inputs: ValueMap(), key: "open")
            for await _ in begun { break }
            async let deletion: Void = stage.delete()
            for await _ in stopped { break }
            try await stage.refusal(of: "records.stop")
            #expect(!runner.asked.contains("front lifecycle.delete"), "the call has not ended")
            releasing.finish()
            #expect(try await open.state == .done)
            try await deletion
            #expect(try await stage.rows().allSatisfy { $0.state == .done }, "what was refused has no row")
        }
    }

    @Test func `a deletion that waits for a call can be cancelled, and the node is open again`() async throws {
        let (release, releasing) = AsyncStream.makeStream(of: Void.self)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let runner = ScriptedRunner { order throws(Problem) in
            guard order.operation == "records.start" else { return ValueMap() }
            begin.yield()
            for await _ in release {}
            return ValueMap()
        }
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(Self.design())
            async let open = stage.orchestrator.call("records.start", of: Self.node, inputs: ValueMap(), key: "open")
            for await _ in begun { break }
            let plan = try await stage.orchestrator.planDeletion(of: "shop")
            _ = try await stage.orchestrator.apply(plan: plan.id)
            try await stage.refusal(of: "records.stop")
            try await stage.orchestrator.cancel(service: "shop")
            #expect(try await stage.settled().state == .cancelled)
            let row = try await stage.orchestrator.call("records.stop", of: Self.node, inputs: ValueMap(), key: "later")
            #expect(row.state == .done)
            releasing.finish()
            _ = try await open
        }
        #expect(!runner.asked.contains("front lifecycle.delete"))
    }

    @Test func `a node whose end failed takes calls again`() async throws {
        let runner = ScriptedRunner { order throws(Problem) in
            if order.operation == "lifecycle.delete" { throw Problem("test.failed", "it stays") }
            return ValueMap()
        }
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(Self.design())
            let plan = try await stage.orchestrator.planDeletion(of: "shop")
            _ = try await stage.orchestrator.apply(plan: plan.id)
            #expect(try await stage.settled().state == .failed)
            let row = try await stage.orchestrator.call("records.stop", of: Self.node, inputs: ValueMap(), key: "later")
            #expect(row.state == .done)
        }
    }
}

extension Stage {
    /// Calls an operation again and again until it is refused because the node ends.
    fileprivate func refusal(of operation: String) async throws {
        for attempt in 1... {
            do {
                _ = try await orchestrator.call(operation, of: TestService.front, inputs: ValueMap(), key: "try-\(attempt)")
            } catch {
                #expect(error.code == "node.ending")
                return
            }
            await Task.yield()
        }
    }
}
