// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Orchestration
import Support
import Testing

/// Plans that are kept, and carried out later.
@Suite(.timeLimit(.minutes(1))) struct Plans {
    private static let person = Provenance(.person, "ann", time: 5)

    private func plans(_ store: any Store) async throws -> [Value] {
        try await store.read { snapshot throws(Problem) in
            try snapshot.records("plans", prefix: "", after: nil, limit: .max).map(\.value)
        }
    }

    /// Pushes a value as a person does.
    private func set(_ store: any Store, _ name: String, _ value: Value) async throws {
        var transaction = Transaction()
        try await GraphUpdate(functions: Functions([:]), now: { 5 }).push(
            [PropertyReference(TestService.front, name): value], in: store, provenance: Self.person
        ).add(to: &transaction)
        try await store.commit(transaction)
    }

    @Test func `a plan survives the agent, and another carries out what was shown`() async throws {
        let store = MemoryStore()
        var id = ""
        try await Stage.run(on: store, ScriptedRunner()) { stage in
            _ = try await stage.orchestrator.plan(service: "shop", design: TestService.design(), inputs: [:])
        }
        #expect(try await plans(store).map { $0["goal"] } == ["deploy"])
        id = try #require(try await plans(store).first?["id"]?.text)
        let runner = ScriptedRunner()
        try await Stage.run(on: store, runner) { [id] stage in
            _ = try await stage.orchestrator.apply(plan: id)
            #expect(try await stage.settled().state == .running)
        }
        #expect(runner.asked.count == 4)
        #expect(try await plans(store).isEmpty, "once it is carried out it is no plan any more")
    }

    @Test func `a plan is made again if something has changed that it does not show`() async throws {
        try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
            _ = try await stage.deploy(TestService.design())
            let plan = try await stage.orchestrator.plan(
                service: "shop", design: TestService.design(color: "blue"), inputs: [:])
            // The version of the node that is to be changed is another one now.
            try await set(stage.store, "note", "of no matter")
            _ = try await stage.orchestrator.apply(plan: plan.id)
            #expect(try await stage.settled().state == .running)
            let front = try #require(try await stage.graph().vertex(TestService.front))
            #expect(front.properties["color"]?.value == "blue")
            #expect(front.properties["note"]?.value == "of no matter")
        }
    }

    @Test func `a plan that would show something else by now is outdated`() async throws {
        try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
            _ = try await stage.deploy(TestService.design())
            let plan = try await stage.orchestrator.plan(
                service: "shop", design: TestService.design(color: "blue"), inputs: [:])
            try await set(stage.store, "color", "green")
            await #expect { try await stage.orchestrator.apply(plan: plan.id) } throws: {
                ($0 as? Problem)?.code == "plan.outdated"
            }
            #expect(try await stage.graph().vertex(TestService.front)?.properties["color"]?.value == "green")
        }
    }

    @Test func `what is in conflict stays by hand, or is taken from the design`() async throws {
        try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
            _ = try await stage.deploy(TestService.design())
            try await set(stage.store, "color", "green")
            let goal = PlanGoal.design(TestService.design(color: "blue"), inputs: [:])
            let kept = try await stage.orchestrator.plan(goal, of: "shop")
            #expect(kept.changes.changes.contains { $0.id == TestService.front && $0.category == .conflicting })
            #expect(kept.changes.changes.flatMap(\.properties).first { $0.name == "color" }?.after == "green")
            var resolution = Resolution()
            resolution.properties = [PropertyReference(TestService.front, "color")]
            let taken = try await stage.orchestrator.plan(goal, of: "shop", resolution: resolution)
            _ = try await stage.orchestrator.apply(plan: taken.id)
            #expect(try await stage.settled().state == .running)
            #expect(try await stage.graph().vertex(TestService.front)?.properties["color"]?.value == "blue")
        }
    }

    @Test func `an expression that a person has set stays over deployments and their undoing`() async throws {
        try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
            func color() async throws -> Value? {
                try await stage.graph().vertex(TestService.front)?.properties["color"]?.value
            }
            _ = try await stage.deploy(TestService.design())
            try await set(stage.store, "hint", "green")
            var transaction = Transaction()
            try await GraphUpdate(functions: Functions([:]), now: { 5 }).push(
                [:], updaters: [PropertyReference(TestService.front, "color"): .call(Self.hint)], in: stage.store,
                provenance: Self.person
            ).add(to: &transaction)
            try await stage.store.commit(transaction)
            let plan = try await stage.orchestrator.plan(
                service: "shop", design: TestService.design(color: "blue", withStore: false), inputs: [:])
            #expect(plan.changes.changes.contains { $0.id == TestService.front && $0.category == .conflicting })
            _ = try await stage.orchestrator.apply(plan: plan.id)
            #expect(try await stage.settled().state == .running)
            try await set(stage.store, "hint", "yellow")
            #expect(try await color() == "yellow")
            let undo = try await stage.orchestrator.plan(.undo, of: "shop")
            _ = try await stage.orchestrator.apply(plan: undo.id)
            #expect(try await stage.settled().state == .running)
            try await set(stage.store, "hint", "white")
            #expect(try await color() == "white")
        }
    }

    /// `floria:value("hint")`
    private static let hint = Call(FunctionName(plugin: "floria", name: "value"), ["hint"])

    @Test func `a plan is carried out for its own service only`() async throws {
        let store = MemoryStore()
        try await Stage.run(on: store, ScriptedRunner()) { stage in
            let plan = try await stage.orchestrator.plan(service: "shop", design: TestService.design(), inputs: [:])
            await #expect { try await stage.orchestrator.apply(plan: plan.id, of: "yard") } throws: {
                ($0 as? Problem)?.message == "‘yard’ has no plan ‘\(plan.id)’: it is one of ‘shop’"
            }
        }
        let id = try #require(try await plans(store).first?["id"]?.text)
        try await Stage.run(on: store, ScriptedRunner()) { stage in
            await #expect { try await stage.orchestrator.apply(plan: id, of: "yard") } throws: {
                ($0 as? Problem)?.code == "plan.unknown"
            }
            _ = try await stage.orchestrator.apply(plan: id, of: "shop")
        }
    }

    @Test func `plans can be dropped, and what is too old or too many goes by itself`() async throws {
        let store = MemoryStore()
        try await Stage.run(on: store, ScriptedRunner()) { stage in
            let plan = try await stage.orchestrator.plan(service: "shop", design: TestService.design(), inputs: [:])
            try await stage.orchestrator.drop(plan: plan.id)
            for call in [stage.orchestrator.drop, { _ = try await stage.orchestrator.apply(plan: $0) }] {
                await #expect { try await call(plan.id) } throws: { ($0 as? Problem)?.code == "plan.unknown" }
            }
            for _ in 0..<103 {
                _ = try await stage.orchestrator.plan(service: "shop", design: TestService.design(), inputs: [:])
            }
        }
        #expect(try await plans(store).count == 100)
        let later: @Sendable () -> Int64 = { TestClock.shared.now() + 8 * 24 * 3_600_000 }
        try await Stage.run(on: store, ScriptedRunner(), now: later) { stage in
            _ = try await stage.orchestrator.plan(service: "shop", design: TestService.design(), inputs: [:])
        }
        #expect(try await plans(store).count == 1)
        let contents = try await store.read { snapshot throws(Problem) in
            try snapshot.records("plan-contents", prefix: "", after: nil, limit: .max).count
        }
        #expect(contents == 1)
    }

    @Test func `what is carried out at once is not kept as a plan`() async throws {
        let store = MemoryStore()
        try await Stage.run(on: store, ScriptedRunner()) { stage in
            _ = try await stage.orchestrator.deploy(.design(TestService.design(), inputs: [:]), of: "shop")
            _ = try await stage.settled()
        }
        #expect(try await plans(store).isEmpty)
    }
}

@Suite(.timeLimit(.minutes(1))) struct `Deployments that are taken back` {
    private func undo(_ stage: Stage) async throws -> Plan {
        let plan = try await stage.orchestrator.plan(.undo, of: "shop")
        _ = try await stage.orchestrator.apply(plan: plan.id)
        #expect(try await stage.settled().state == .running)
        return plan
    }

    @Test func `a changed value is as before, and the node is renewed`() async throws {
        let runner = ScriptedRunner()
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(TestService.design())
            let before = try await stage.graph().vertex(TestService.front)?.properties["color"]?.value
            _ = try await stage.deploy(TestService.design(color: "blue"))
            let done = runner.asked.count
            _ = try await undo(stage)
            #expect(try await stage.graph().vertex(TestService.front)?.properties["color"]?.value == before)
            #expect(
                Array(runner.asked.dropFirst(done)) == [
                    "front lifecycle.stop", "front lifecycle.create", "front lifecycle.start",
                ])
            // The design before is what the next plan compares with.
            let again = try await stage.orchestrator.plan(service: "shop", design: TestService.design(), inputs: [:])
            #expect(again.changes.changes.isEmpty)
            // To undo the undo is to do it again.
            _ = try await undo(stage)
            #expect(try await stage.graph().vertex(TestService.front)?.properties["color"]?.value == "blue")
        }
    }

    @Test func `a node that was removed is made again, without what was true of the old one`() async throws {
        let runner = ScriptedRunner { order in order.operation == "lifecycle.start" ? ValueMap([("result", 42)]) : ValueMap() }
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(TestService.design())
            let before = try await stage.graph()
            _ = try await stage.deploy(TestService.design(withStore: false))
            #expect(try await stage.graph().vertex(TestService.store) == nil)
            let done = runner.asked.count
            let plan = try await undo(stage)
            #expect(plan.changes.changes.contains { $0.id == TestService.store && $0.category == .novel })
            let after = try await stage.graph()
            #expect(Set(after.vertexes.keys) == Set(before.vertexes.keys))
            #expect(Set(after.edges.keys) == Set(before.edges.keys))
            #expect(runner.asked.dropFirst(done).contains("store lifecycle.create"))
            #expect(runner.asked.dropFirst(done).last == "front lifecycle.start")
        }
    }

    @Test func `a node that was added is ended`() async throws {
        let runner = ScriptedRunner()
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(TestService.design(withStore: false))
            _ = try await stage.deploy(TestService.design())
            let plan = try await undo(stage)
            #expect(plan.document["destroys"] == ["shop/store"])
            let graph = try await stage.graph()
            #expect(graph.vertex(TestService.store) == nil)
            #expect(graph.edges.isEmpty)
        }
        #expect(runner.asked.contains("store lifecycle.delete"))
    }

    @Test func `what was done by hand since then stays`() async throws {
        try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
            _ = try await stage.deploy(TestService.design())
            _ = try await stage.deploy(TestService.design(color: "blue"))
            var transaction = Transaction()
            try await GraphUpdate(functions: Functions([:]), now: { 5 }).push(
                [PropertyReference(TestService.front, "color"): "green"], in: stage.store,
                provenance: Provenance(.person, "ann", time: 5)
            ).add(to: &transaction)
            try await stage.store.commit(transaction)
            let plan = try await stage.orchestrator.plan(.undo, of: "shop")
            #expect(plan.changes.changes.map(\.category) == [.conflicting])
            #expect(plan.operations.isEmpty)
        }
    }

    @Test func `where there is nothing before, it says why`() async throws {
        try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
            await #expect { try await stage.orchestrator.plan(.undo, of: "shop") } throws: {
                ($0 as? Problems)?.all.map(\.code) == ["service.unknown"]
            }
            _ = try await stage.deploy(TestService.design())
            await #expect { try await stage.orchestrator.plan(.undo, of: "shop") } throws: {
                ($0 as? Problems)?.all.first?.hint == "‘khutulun service delete shop’ removes it"
            }
            _ = try await stage.deploy(TestService.design(color: "blue"))
            try await stage.delete()
            _ = try await stage.deploy(TestService.design())
            await #expect { try await stage.orchestrator.plan(.undo, of: "shop") } throws: {
                ($0 as? Problems)?.all.map(\.code) == ["service.nothing-to-undo"]
            }
        }
    }
}
