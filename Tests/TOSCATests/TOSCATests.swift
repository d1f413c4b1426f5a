// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// Graphs made from compiled designs.
struct InstantiationTests {
    private func guestbook(_ inputs: [String: Value]) async throws -> Graph {
        let compiler = Compiler(profiles: ["\(Fixture.repository)/profiles"])
        let file = "\(Fixture.repository)/examples/guestbook/service.yaml"
        return try await Fixture.instantiate(compiler.compile(file: file, service: "guestbook").design, inputs: inputs)
    }

    @Test func `each instance gets its relationships, and what is not known yet is pending`() async throws {
        let graph = try await guestbook(["instances": 3])
        let front = ID.vertex(Directory(["shop"]), "front")
        let targets = graph.outgoing(from: front).map(\.target.name)
        #expect(targets == (0..<3).map { "application-\($0).capability.http" })
        guard case .pending(let reason)? = graph.vertex(front)?.properties["files"]?.status else {
            Issue.record("the files do not wait for the ports")
            return
        }
        #expect(reason.description.contains("application-0.capability.http.endpoint"))
        #expect(graph.vertexes.values.count { $0.header.metadata["kind"] == "node" } == 5)
        #expect(graph.edges.values.count { $0.name == "member" } == 3)
    }

    @Test func `an attribute that becomes known reaches everything that reads it`() async throws {
        var graph = try await guestbook(["instances": 2])
        let directory = Directory(["shop"])
        var values: [PropertyReference: Value] = [:]
        for (node, capability) in [
            ("front", "http"), ("application-0", "http"), ("application-1", "http"), ("database", "redis"),
        ] {
            let id = ID.vertex(directory, "\(node).capability.\(capability)")
            values[PropertyReference(id, "endpoint")] = .text("127.0.0.1:\(4000 + values.count)")
        }
        let update = GraphUpdate(functions: Functions([TOSCAFunctions.name: TOSCAFunctions()]), now: { 0 })
        for entity in try await update.push(values, onto: graph, provenance: Provenance(.plugin, "ports", time: 0)) {
            graph.insert(entity)
        }
        #expect(graph.vertex(.vertex(.root, "shop"))?.properties["output.url"]?.value == "http://127.0.0.1:4000")
        let files = graph.vertex(.vertex(directory, "front"))?.properties["files"]?.value
        #expect(files?["nginx.conf"]?["model"]?["backends"] == ["127.0.0.1:4001", "127.0.0.1:4002"])
        let environment = graph.vertex(.vertex(directory, "application-1"))?.properties["environment"]?.value
        #expect(environment?["REDIS"] == "127.0.0.1:4003")
    }

    @Test func `a trigger becomes a handler of every member`() async throws {
        let graph = try await guestbook([:])
        let node = graph.vertex(.vertex(Directory(["shop"]), "application-1"))
        let call = Call(FunctionName(plugin: "khutulun", name: "call"), ["maintenance.exited", [:]])
        #expect(node?.handlers.map(\.call) == [call])
        #expect(node?.handlers.map(\.event) == ["exited"])
    }

    @Test func `a value that does not fit is refused by the gate of its property`() async throws {
        let graph = try await guestbook([:])
        let reference = PropertyReference(.vertex(Directory(["shop"]), "database"), "working_directory")
        let update = GraphUpdate(functions: Functions([TOSCAFunctions.name: TOSCAFunctions()]), now: { 0 })
        let changed = try await update.push([reference: 1], onto: graph, provenance: Provenance(.person, "me", time: 0))
        guard case .vertex(let vertex)? = changed.first, let property = vertex.properties["working_directory"] else {
            Issue.record("nothing was changed")
            return
        }
        #expect(property.value == "data")
        guard case .failed(let problem) = property.status else {
            Issue.record("the value was accepted")
            return
        }
        #expect(problem.code == "tosca.wrong-type")
        #expect(problem.message == "1 is no string")
    }

    @Test func `properties that need each other are a problem that names them`() async throws {
        let text =
            Fixture.header + """
                node_types: { N: { properties: { x: { type: integer }, y: { type: integer } } } }
                service_template:
                  node_templates:
                    a: { type: N, properties: { x: { $get_property: [ SELF, y ] }, y: { $get_property: [ SELF, x ] } } }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            let problems = try await #require(throws: Problems.self) { try await fixture.instantiate() }
            #expect(
                fixture.shown(problems) == """
                    a.yaml:6:36: the property ‘shop/a.x’ depends on itself: shop/a.x → shop/a.y → shop/a.x [floria.cycle]
                      hint: give one of them a value that reads none of the others
                    """)
        }
    }

    @Test func `a requirement that nothing satisfies is a problem only of the instance`() async throws {
        let text =
            Fixture.header + """
                node_types:
                  Client: { derived_from: Root, requirements: [ server: { capability: Endpoint, relationship: ConnectsTo, count_range: [ 1, 1 ] } ] }
                service_template:
                  node_templates: { a: { type: Client } }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            let problems = try await #require(throws: Problems.self) { try await fixture.instantiate() }
            #expect(
                fixture.shown(problems) == """
                    a.yaml:6:21: nothing satisfies the requirement ‘server’ of ‘shop/a’ [floria.unsatisfied-requirement]
                      hint: it needs a vertex of the class ‘Endpoint’
                    """)
        }
    }

    @Test func `a filter and an index choose among the targets`() async throws {
        let text =
            Fixture.header + """
                capability_types: { Slot: { properties: { size: { type: integer } } } }
                node_types:
                  Host: { capabilities: { slot: Slot } }
                  Guest: { requirements: [ host: { capability: Slot, relationship: HostedOn } ] }
                service_template:
                  node_templates:
                    small: { type: Host, count: 2, capabilities: { slot: { properties: { size: 1 } } } }
                    large: { type: Host, capabilities: { slot: { properties: { size: 9 } } } }
                    free: { type: Guest, requirements: [ host: { node_filter: { $greater_than: [ { $get_property: [ SELF, CAPABILITY, size ] }, 5 ] } } ] }
                    paired: { type: Guest, count: 2, requirements: [ host: [ small, $node_index ] ] }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            let graph = try await fixture.instantiate()
            let targets = graph.edges.values.map { "\($0.source.name) → \($0.target.name)" }.sorted()
            #expect(
                targets == [
                    "free → large.capability.slot", "paired-0 → small-0.capability.slot", "paired-1 → small-1.capability.slot",
                ])
        }
    }
}
