// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Orchestration
import Support
import Testing

/// A service `farm` with one host that others take room of, and services with an app that lives there.
private enum Farm {
    static let host = ID.vertex(Directory(["farm"]), "host")

    static func design(port: Int = 5432, room: Int = 1, withHost: Bool = true) -> Design {
        var design = TestService.design(withStore: false)
        design.classes.append(Class(EntityHeader(TestService.type("Host"))))
        if !withHost { return design }
        var host = TestService.node("host", &design)
        host.classes.append(TestService.type("Host"))
        host.properties["room"] = Property(updater: .integer(room), metadata: ValueMap([("kind", "property")]))
        host.properties["port"] = Property(updater: .integer(port), metadata: ValueMap([("kind", "property")]))
        design.add(host)
        return design
    }

    static func app(withHost: Bool = true) -> Design {
        var design = TestService.design(withStore: false)
        var app = TestService.node("app", &design)
        if withHost {
            var selector = TargetSelector()
            selector.targetClass = TestService.type("Host")
            selector.scopes = [.external]
            let header = EntityHeader(ID(.edgeTemplate, Directory(["templates", "shop"]), "app.host"))
            var edge = EdgeTemplate(
                header, classes: [TestService.type("DependsOn")], instanceName: "host", target: selector)
            edge.properties["takes"] = Property(updater: 1, metadata: ValueMap([("allocates", "room")]))
            design.classes.append(Class(EntityHeader(TestService.type("Host"))))
            design.edgeTemplates.append(edge)
            app.edges = [header.id]
            let port = Call(FunctionName(plugin: "floria", name: "value"), [.text(host.documentText), "port"])
            app.properties["address"] = Property(updater: ["farm", .call(port)], metadata: ValueMap([("kind", "property")]))
        }
        design.add(app)
        return design
    }
}

extension Design {
    fileprivate mutating func add(_ node: VertexTemplate) {
        vertexTemplates.append(node)
        for index in vertexTemplates.indices where vertexTemplates[index].header.id == root {
            vertexTemplates[index].contained.append(node.header.id)
        }
    }
}

extension Stage {
    fileprivate func address(_ service: String = "shop") async throws -> Value? {
        try await graph(service).vertex(.vertex(Directory([service]), "app"))?.properties["address"]?.value
    }

    /// Who has taken room of the host.
    fileprivate func tenants() async throws -> [String] {
        try await store.read { snapshot throws(Problem) in
            try snapshot.entities(.incoming(to: Farm.host)).map(\.id.description)
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `Plans that need other services` {
    private func outcome(_ body: () async throws -> Void) async -> Problem? {
        do { try await body() } catch {
            return (error as? Problem) ?? (error as? Problems)?.all.first
        }
        return nil
    }

    @Test func `an edge leads to a node of another service, whose values are read`() async throws {
        try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
            _ = try await stage.deploy(Farm.design(), as: "farm")
            let before = try await stage.graph("farm").vertex(Farm.host)
            let plan = try await stage.orchestrator.plan(service: "shop", design: Farm.app(), inputs: [:])
            let shown = plan.document["changes"]?.list?.first { $0["entity"] == "shop/app.host-0" }
            #expect(shown?["relations"] == [["name": "target", "after": "farm/host"]])
            _ = try await stage.orchestrator.apply(plan: plan.id)
            #expect(try await stage.settled().state == .running)
            #expect(try await stage.tenants() == ["shop/app.host-0"])
            #expect(try await stage.address() == ["farm", 5432])
            #expect(try await stage.graph("farm").vertex(Farm.host) == before, "what is used is not touched")
            let again = try await stage.orchestrator.plan(service: "shop", design: Farm.app(), inputs: [:])
            #expect(again.changes.changes.isEmpty && again.operations.isEmpty)
        }
    }

    @Test func `of two plans for the last room exactly one is carried out, and the other is told`() async throws {
        for _ in 0..<10 {
            try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
                _ = try await stage.deploy(Farm.design(), as: "farm")
                let shop = try await stage.orchestrator.plan(service: "shop", design: Farm.app(), inputs: [:])
                let yard = try await stage.orchestrator.plan(service: "yard", design: Farm.app(), inputs: [:])
                async let first = outcome { _ = try await stage.orchestrator.apply(plan: shop.id) }
                async let second = outcome { _ = try await stage.orchestrator.apply(plan: yard.id) }
                let problems = await [first, second].compactMap { $0 }
                #expect(problems.map(\.code) == ["plan.outdated"])
                #expect(problems.first?.causes.map(\.code) == ["floria.unsatisfied-requirement"])
                #expect(
                    problems.first?.causes.first?.causes.map(\.message) == ["not enough is left of ‘farm/host.room’"])
                #expect(try await stage.tenants().count == 1)
            }
        }
    }

    @Test func `a plan is made again if its target has changed, and refused if that is gone`() async throws {
        try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
            _ = try await stage.deploy(Farm.design(), as: "farm")
            let plan = try await stage.orchestrator.plan(service: "shop", design: Farm.app(), inputs: [:])
            _ = try await stage.deploy(Farm.design(room: 2), as: "farm")
            _ = try await stage.orchestrator.apply(plan: plan.id)
            #expect(try await stage.settled().state == .running)
            // What it shows is another address by now.
            let yard = try await stage.orchestrator.plan(service: "yard", design: Farm.app(), inputs: [:])
            _ = try await stage.deploy(Farm.design(port: 6000, room: 2), as: "farm")
            #expect(await outcome { _ = try await stage.orchestrator.apply(plan: yard.id) }?.code == "plan.outdated")
            let last = try await stage.orchestrator.plan(service: "yard", design: Farm.app(), inputs: [:])
            try await stage.delete()
            try await stage.delete("farm")
            #expect(await outcome { _ = try await stage.orchestrator.apply(plan: last.id) }?.code == "plan.outdated")
        }
    }

    @Test func `what others need is not removed`() async throws {
        try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
            _ = try await stage.deploy(Farm.design(), as: "farm")
            let deletion = try await stage.orchestrator.planDeletion(of: "farm")
            _ = try await stage.deploy(Farm.app())
            let outdated = await outcome { _ = try await stage.orchestrator.apply(plan: deletion.id) }
            #expect(outdated?.code == "plan.outdated")
            #expect(outdated?.causes.map(\.code) == ["service.in-use"])
            let problem = await outcome { _ = try await stage.orchestrator.planDeletion(of: "farm") }
            #expect(problem?.code == "service.in-use")
            #expect(problem?.message == "‘farm’ cannot be removed: ‘shop’ needs it")
            #expect(
                problem?.causes.map(\.message) == [
                    "‘shop/app’ needs ‘farm/host’: the edge ‘shop/app.host-0’ leads there"
                ])
            let other = await outcome {
                _ = try await stage.orchestrator.plan(service: "farm", design: Farm.design(withHost: false), inputs: [:])
            }
            #expect(other?.message == "‘shop’ needs what would be removed of ‘farm’")
            #expect(try await stage.graph("farm").vertex(Farm.host) != nil)
            try await stage.delete()
            try await stage.delete("farm")
            #expect(try await stage.graph("farm").vertexes.isEmpty)
        }
    }

    @Test func `what is being removed is nothing to build on`() async throws {
        let runner = ScriptedRunner { order throws(Problem) in
            if order.operation == "lifecycle.delete" { throw Problem("test.failed", "it resists") }
            return ValueMap()
        }
        try await Stage.run(on: MemoryStore(), runner) { stage in
            _ = try await stage.deploy(Farm.design(), as: "farm")
            let plan = try await stage.orchestrator.planDeletion(of: "farm")
            let early = try await stage.orchestrator.plan(service: "shop", design: Farm.app(), inputs: [:])
            _ = try await stage.orchestrator.apply(plan: plan.id)
            #expect(try await stage.settled("farm").state == .failed)
            let problem = await outcome {
                _ = try await stage.orchestrator.plan(service: "shop", design: Farm.app(), inputs: [:])
            }
            #expect(problem?.code == "service.ending")
            let outdated = await outcome { _ = try await stage.orchestrator.apply(plan: early.id) }
            #expect(outdated?.causes.map(\.code) == ["service.ending"])
            #expect(try await stage.tenants().isEmpty)
        }
    }

    @Test func `a change flows to those that read it, and the plan says so`() async throws {
        try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
            _ = try await stage.deploy(Farm.design(), as: "farm")
            _ = try await stage.deploy(Farm.app())
            let plan = try await stage.orchestrator.plan(service: "farm", design: Farm.design(port: 6000), inputs: [:])
            #expect(plan.document["elsewhere"] == ["shop/app"])
            _ = try await stage.orchestrator.apply(plan: plan.id)
            _ = try await stage.settled("farm")
            #expect(try await stage.address() == ["farm", 6000])
            let again = try await stage.orchestrator.plan(service: "shop", design: Farm.app(), inputs: [:])
            #expect(again.changes.changes.isEmpty)
            // Whoever begins to read it after the plan is not forgotten.
            let other = try await stage.orchestrator.plan(service: "farm", design: Farm.design(port: 7000), inputs: [:])
            try await stage.delete()
            _ = try await stage.deploy(Farm.app(), as: "yard")
            #expect(await outcome { _ = try await stage.orchestrator.apply(plan: other.id) }?.code == "plan.outdated")
            _ = try await stage.deploy(Farm.design(port: 7000), as: "farm")
            #expect(try await stage.address("yard") == ["farm", 7000])
        }
    }

    @Test func `what reads a node elsewhere that is removed is evaluated again`() async throws {
        try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
            _ = try await stage.deploy(Farm.app(withHost: false))
            var design = Farm.app(withHost: false)
            let color = Call(FunctionName(plugin: "floria", name: "value"), ["vertex:shop/front", "color"])
            for index in design.vertexTemplates.indices where design.vertexTemplates[index].header.id.name == "app" {
                design.vertexTemplates[index].properties["address"] = Property(updater: .call(color))
            }
            _ = try await stage.deploy(design, as: "yard")
            #expect(try await stage.address("yard") == "red")
            try await stage.delete()
            let app = try await stage.graph("yard").vertex(.vertex(Directory(["yard"]), "app"))
            #expect(app?.properties["address"]?.status.problem?.code == "floria.unknown-entity")
        }
    }

    @Test func `an undo takes what is free, reads what is there now, and is refused if others have taken it`() async throws {
        try await Stage.run(on: MemoryStore(), ScriptedRunner()) { stage in
            _ = try await stage.deploy(Farm.design(), as: "farm")
            _ = try await stage.deploy(Farm.app())
            _ = try await stage.deploy(Farm.app(withHost: false))
            #expect(try await stage.tenants().isEmpty)
            _ = try await stage.deploy(Farm.design(port: 6000), as: "farm")
            _ = try await stage.deploy(Farm.app(), as: "yard")
            let taken = await outcome { _ = try await stage.orchestrator.plan(.undo, of: "shop") }
            #expect(taken?.code == "floria.exhausted")
            try await stage.delete("yard")
            let plan = try await stage.orchestrator.plan(.undo, of: "shop")
            _ = try await stage.orchestrator.apply(plan: plan.id)
            #expect(try await stage.settled().state == .running)
            #expect(try await stage.tenants() == ["shop/app.host-0"])
            #expect(try await stage.address() == ["farm", 6000])
            let back = try await stage.orchestrator.plan(.undo, of: "shop")
            try await stage.delete()
            try await stage.delete("farm")
            #expect(await outcome { _ = try await stage.orchestrator.apply(plan: back.id) } != nil)
        }
    }
}
