// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSecrets
import Foundation
import Orchestration
import Support
import Testing

/// Plain values that are given for secrets never come into plans and the store.
@Suite struct SecretTests {
    private static let canary = "canary-5f0d6c1b9a"
    private static let shop = Directory(["shop"])

    /// The design of a service with a sensitive input, whose node has it and a secret that stands in the design.
    private static func design(literal: Value = .text(canary + "-literal")) -> Design {
        var design = TestService.design()
        for index in design.vertexTemplates.indices {
            if design.vertexTemplates[index].header.id == design.root {
                design.vertexTemplates[index].properties["input.password"] = Property(
                    updater: .text(canary + "-default"), preparer: Property.sensitivePreparer(for: nil))
            } else {
                design.vertexTemplates[index].properties["token"] = Property(
                    updater: literal, preparer: Property.sensitivePreparer(for: nil))
            }
        }
        return design
    }

    private struct Bench {
        let store: MemoryStore
        let secrets: Secrets
        let orchestrator: Orchestrator

        init(store: MemoryStore, secrets: Secrets, _ runner: ScriptedRunner = ScriptedRunner()) {
            self.store = store
            self.secrets = secrets
            orchestrator = Self.orchestrator(store, secrets, runner)
        }

        /// An orchestrator that has nothing but what is stored.
        func successor() -> Orchestrator { Self.orchestrator(store, secrets) }

        private static func orchestrator(
            _ store: MemoryStore, _ secrets: Secrets, _ runner: ScriptedRunner = ScriptedRunner()
        ) -> Orchestrator {
            Orchestrator(
                store: store, secrets: secrets, functions: Functions([:]), runner: runner, host: { "here" },
                failpoint: .none, now: TestClock.shared.now)
        }
    }

    private func with(_ body: (Bench) async throws -> Void) async throws {
        let folder = "/tmp/orchestration-secrets-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = MemoryStore()
        let secrets = Secrets(store: store, keys: SecretKeys(folder: folder), now: TestClock.shared.now)
        try await body(Bench(store: store, secrets: secrets))
    }

    private func content(_ name: String, _ secrets: Secrets) async throws -> Value? {
        let reference = SecretReference.stored(try SecretName(parsing: name), version: nil)
        return try await secrets.open([reference], for: .vertex(.root, "shop"))[reference]
    }

    @Test func `a plan holds references only, and makes no secret until it is applied`() async throws {
        try await with { bench in
            let plan = try await bench.orchestrator.plan(
                service: "shop", design: Self.design(), inputs: ["password": .text(Self.canary)])
            let shown = JSON.encode(plan.document)
            #expect(shown.contains("input.password") && !shown.contains(Self.canary))
            #expect(!"\(plan)".contains(Self.canary))
            #expect(try await bench.secrets.list().isEmpty)
            _ = try await bench.orchestrator.apply(plan: plan.id)
            #expect(try await content("shop/input.password", bench.secrets) == .text(Self.canary))
            let names = try await bench.secrets.list().map(\.name.description)
            #expect(names.count > 1 && names.contains("shop/input.password"))
            for name in names where name != "shop/input.password" {
                #expect(try await content(name, bench.secrets) == .text(Self.canary + "-literal"))
            }
            let graph = try await bench.store.read { snapshot throws(Problem) in
                try Graph(service: "shop", in: snapshot)
            }
            let baseline = try await bench.store.read { snapshot throws(Problem) in
                try Graph(baselineOf: "shop", in: snapshot)
            }
            for graph in [graph, baseline] { #expect(!JSON.encode(graph.document).contains(Self.canary)) }
        }
    }

    @Test func `a plan that another agent made is applied with its secrets, and held no content meanwhile`() async throws {
        try await with { bench in
            let plan = try await bench.orchestrator.plan(
                service: "shop", design: Self.design(), inputs: ["password": .text(Self.canary)])
            let kept = try await bench.store.read { snapshot throws(Problem) in
                try ["plans", "plan-contents"].map { collection throws(Problem) in
                    try snapshot.records(collection, prefix: "", after: nil, limit: .max)
                }
            }
            #expect(kept.allSatisfy { !$0.isEmpty } && !kept.joined().contains { $0.value.holds(Self.canary) })
            _ = try await bench.successor().apply(plan: plan.id)
            #expect(try await content("shop/input.password", bench.secrets) == .text(Self.canary))
        }
    }

    @Test func `a reference that is given must be there, and be the service's or everybody's`() async throws {
        try await with { bench in
            _ = try await bench.secrets.set(SecretName(parsing: "other/p"), to: "x")
            _ = try await bench.secrets.set(SecretName(parsing: "shared"), to: "x")
            func code(_ name: String) async throws -> String? {
                let reference = SecretReference.stored(try SecretName(parsing: name), version: nil).value
                do throws(Problems) {
                    _ = try await bench.orchestrator.plan(
                        service: "shop", design: Self.design(), inputs: ["password": reference])
                    return nil
                } catch {
                    return error.all[0].code
                }
            }
            #expect(try await code("other/p") == "secret.out-of-scope")
            #expect(try await code("shop/none") == "secret.unknown")
            #expect(try await code("shared") == nil)
        }
    }

    @Test func `a content that its property rejects is not told`() async throws {
        try await with { bench in
            var design = Self.design()
            let fails = Value.call(Call(FunctionName(plugin: "none", name: "of-that-name"), [.text(Self.canary)]))
            let root = try #require(design.vertexTemplates.firstIndex { $0.header.id == design.root })
            design.vertexTemplates[root].properties["input.password"]?.preparer = Property.sensitivePreparer(for: fails)
            do throws(Problems) {
                _ = try await bench.orchestrator.plan(service: "shop", design: design, inputs: ["password": .text(Self.canary)])
                Issue.record("it was planned")
            } catch {
                #expect(error.all.map(\.code) == ["secret.rejected"])
                #expect(!error.description.contains(Self.canary))
            }
            #expect(try await bench.secrets.list().isEmpty)
        }
    }

    /// The design of a service whose operation `start` gives a secret to an attribute.
    private static func makingDesign(preparer: Value? = nil) throws -> Design {
        var design = TestService.design(withStore: false)
        let front = try #require(design.vertexTemplates.firstIndex { $0.instanceName == "front" })
        design.vertexTemplates[front].properties["result"]?.preparer = Property.sensitivePreparer(for: preparer)
        return design
    }

    private static let making = ScriptedRunner { order throws(Problem) in
        guard order.operation == "lifecycle.start" else { return ValueMap() }
        return ValueMap([("result", .text(canary)), ("size", 7)])
    }

    @Test func `what an operation gives to a sensitive attribute becomes a secret, and is kept nowhere else`() async throws {
        try await with { plain in
            let bench = Bench(store: plain.store, secrets: plain.secrets, Self.making)
            let stage = Stage(orchestrator: bench.orchestrator, store: bench.store)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await stage.orchestrator.run { _ in } }
                #expect(try await stage.deploy(Self.makingDesign()).state == .running)
                let name = "shop/front.lifecycle.start.result"
                let reference = SecretReference.stored(try SecretName(parsing: name), version: 1).value
                #expect(try await content(name, bench.secrets) == .text(Self.canary))
                #expect(try await stage.graph().vertex(TestService.front)?.properties["result"]?.value == reference)
                let row = try await stage.orchestrator.call(
                    "lifecycle.start", of: TestService.front, inputs: ValueMap(), key: "again")
                #expect(Value.map(row.outputs) == ["result": reference, "size": 7], "the same content is the same version")
                let kept = try await bench.store.read { snapshot throws(Problem) in
                    try snapshot.collections().map { collection throws(Problem) in
                        try snapshot.records(collection, prefix: "", after: nil, limit: .max)
                    }
                }.joined()
                #expect(kept.contains { $0.value.holds("front.lifecycle.start.result") })
                #expect(!kept.contains { $0.value.holds(Self.canary) })
                #expect(try await !stage.graph().document.holds(Self.canary))
                group.cancelAll()
            }
        }
    }

    @Test func `an operation whose secret is not accepted fails, and the content is not told`() async throws {
        try await with { plain in
            let bench = Bench(store: plain.store, secrets: plain.secrets, Self.making)
            let fails = Value.call(Call(FunctionName(plugin: "none", name: "of-that-name"), [.text(Self.canary)]))
            let plan = try await bench.orchestrator.plan(
                service: "shop", design: Self.makingDesign(preparer: fails), inputs: [:])
            _ = try await bench.orchestrator.apply(plan: plan.id)
            do throws(Problem) {
                _ = try await bench.orchestrator.call(
                    "lifecycle.start", of: TestService.front, inputs: ValueMap(), key: "once")
                Issue.record("it was accepted")
            } catch {
                #expect(error.code == "secret.rejected")
                #expect(!error.description.contains(Self.canary))
            }
            #expect(try await bench.secrets.list().isEmpty)
        }
    }

    @Test func `a plan that was made before the keys were exchanged is outdated`() async throws {
        try await with { bench in
            let plan = try await bench.orchestrator.plan(
                service: "shop", design: Self.design(), inputs: ["password": .text(Self.canary)])
            try await bench.secrets.rotate()
            do throws(Problem) {
                _ = try await bench.orchestrator.apply(plan: plan.id)
                Issue.record("it was applied")
            } catch {
                #expect(error.code == "plan.outdated")
            }
        }
    }
}

extension Value {
    /// Whether a text is anywhere in what is stored of the value, packed or not.
    fileprivate func holds(_ text: String) -> Bool {
        let bytes = CBOR.encode(self)
        let wanted = Array(text.utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
    }
}
