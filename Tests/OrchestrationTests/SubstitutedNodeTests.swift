// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Orchestration
import Support
import Testing

/// Nodes behind which stands a service of their own.
@Suite struct SubstitutedNodeTests {
    /// `front` depends on `store`, which does nothing itself: its service has the node `disk`.
    private func design() throws -> Design {
        var design = TestService.design()
        let disk = TestService.node("disk", &design)
        var service = TestService.template("service.plain", name: "plain", kind: "service", opensDirectory: true)
        service.contained = [disk.header.id]
        var choice = TestService.template("store.service", name: "service", kind: "service")
        choice.alternatives = [Alternative(service.header.id)]
        let index = try #require(design.vertexTemplates.firstIndex { $0.instanceName == "store" })
        design.vertexTemplates[index].contained = [choice.header.id]
        design.vertexTemplates += [disk, service, choice]
        return design
    }

    @Test func `what depends on a substituted node starts after all of its service, and ends before it`() async throws {
        let runner = ScriptedRunner()
        let design = try design()
        try await Stage.run(on: MemoryStore(), runner) { stage in
            #expect(try await stage.deploy(design).state == .running)
            let graph = try await stage.graph()
            #expect(graph.vertex(.vertex(Directory(["shop", "store.service"]), "disk")) != nil)
            #expect(Array(runner.asked.suffix(2)) == ["disk lifecycle.start", "front lifecycle.start"])
            let again = try await stage.orchestrator.plan(service: "shop", design: design, inputs: [:])
            #expect(again.changes.changes.isEmpty)
            try await stage.delete()
            #expect(try await stage.graph() == Graph())
        }
        let ending = ["front lifecycle.stop", "front lifecycle.delete", "disk lifecycle.stop", "disk lifecycle.delete"]
        #expect(Array(runner.asked.suffix(4)) == ending)
    }
}
