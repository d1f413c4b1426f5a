// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// Node templates that stand for nodes of other services, and requirements that are fulfilled by these.
@Suite struct SelectionTests {
    private static let types = """
        capability_types: { Slot: { properties: { size: { type: integer } } } }
        node_types:
          Host:
            capabilities: { slot: Slot }
            properties: { zone: { type: string } }
          Guest:
            properties: { note: { type: string, required: false } }
            requirements: [ host: { capability: Slot, relationship: HostedOn } ]

        """
    private static let hosts =
        Fixture.header + types + """
            service_template:
              node_templates:
                near: { type: Host, properties: { zone: here }, capabilities: { slot: { properties: { size: 1 } } } }
                far: { type: Host, properties: { zone: there }, capabilities: { slot: { properties: { size: 9 } } } }
            """

    /// What a design makes where the service `yard` has two hosts.
    private func instantiate(_ text: String) async throws -> Graph {
        try await Fixture.with(["hosts.yaml": Self.hosts, "a.yaml": Fixture.header + Self.types + text]) { fixture in
            let instantiator = Instantiator(functions: Functions([TOSCAFunctions.name: TOSCAFunctions()]), now: { 0 })
            let design = try fixture.compile("hosts.yaml").design
            let yard = try await instantiator.instantiate(design, name: "yard", inputs: [:]).graph
            let store = MemoryStore()
            var transaction = Transaction()
            transaction.puts = design.classes.map(Entity.class) + yard.entities
            try await store.commit(transaction)
            return try await instantiator.instantiate(fixture.compile().design, name: "shop", inputs: [:], in: store).graph
        }
    }

    private func arrows(_ graph: Graph) -> [String] {
        graph.edges.values.map { "\($0.source) → \($0.target)" }.sorted()
    }

    @Test func `a selected node is the target of all who name it, and can be read by its name`() async throws {
        let graph = try await instantiate(
            """
            service_template:
              node_templates:
                # Comes first, and waits for what is selected.
                a: { type: Guest, requirements: [ host: host ], properties: { note: { $get_property: [ host, zone ] } } }
                host:
                  type: Host
                  directives: [ select ]
                  node_filter: { $greater_than: [ { $get_property: [ SELF, CAPABILITY, slot, size ] }, 5 ] }
                z: { type: Guest, requirements: [ host: host ] }
              outputs:
                zone: { type: string, value: { $get_property: [ z, RELATIONSHIP, host, TARGET, zone ] } }
            """)
        #expect(
            arrows(graph) == [
                "shop/a → yard/far.capability.slot", "shop/host → yard/far", "shop/z → yard/far.capability.slot",
            ])
        #expect(graph.vertex(.vertex(Directory(["shop"]), "a"))?.properties["note"]?.value == "there")
        #expect(graph.vertex(.vertex(.root, "shop"))?.properties["output.zone"]?.value == "there")
        #expect(graph.vertex(.vertex(Directory(["shop"]), "host"))?.classes == [], "it is no host itself")
    }

    @Test func `a requirement may ask for nodes of other services, or prefer its own`() async throws {
        func arrows(_ directives: String) async throws -> [String] {
            self.arrows(
                try await instantiate(
                    """
                    service_template:
                      node_templates:
                        own: { type: Host, properties: { zone: here }, capabilities: { slot: { properties: { size: 1 } } } }
                        guest: { type: Guest, requirements: [ host: { node: Host, directives: \(directives) } ] }
                    """))
        }
        #expect(try await arrows("[ internal ]") == ["shop/guest → shop/own.capability.slot"])
        #expect(try await arrows("[ internal, external ]") == ["shop/guest → shop/own.capability.slot"])
        #expect(try await arrows("[ external, internal ]") == ["shop/guest → yard/far.capability.slot"])
    }

    @Test func `a selection that nothing fulfills says why`() async throws {
        let problems = await #expect(throws: Problems.self) {
            try await instantiate(
                """
                service_template:
                  node_templates:
                    host:
                      type: Host
                      directives: [ select ]
                      node_filter: { $equal: [ { $get_property: [ SELF, zone ] }, nowhere ] }
                    guest: { type: Guest, requirements: [ host: host ] }
                """)
        }
        // That ‘guest’ has no host follows from it.
        #expect(problems?.all.map(\.code) == ["floria.unsatisfied-requirement"])
        let causes = problems?.all.flatMap { $0.causes.map(\.message) }
        #expect(causes == ["the filter refuses ‘yard/far’", "the filter refuses ‘yard/near’"])
        #expect(problems?.all.first?.related.map(\.message) == ["this requirement waits for others"])
    }

    @Test func `what makes no sense where a node is selected is told`() async throws {
        let text =
            Fixture.header + Self.types + """
                service_template:
                  node_templates:
                    one:
                      type: Host
                      directives: [ select ]
                      count: 2
                      node_filter: { $equal: [ { $get_property: [ SELF, color ] }, red ] }
                    two: { type: Host, directives: [ select, create ], properties: { zone: x } }
                    three: { type: Host, node_filter: true, properties: { zone: x }, capabilities: { slot: { properties: { size: 1 } } } }
                    guest: { type: Guest, requirements: [ host: [ one, 0 ] ] }
                    other: { type: Guest, requirements: [ host: { node: three, directives: [ external ] } ] }
                    last: { type: Guest, requirements: [ host: { node: three, directives: [ elsewhere ] } ] }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            let said = fixture.problems().split(separator: "\n").filter { $0.hasPrefix("a.yaml") }.map {
                $0.drop { $0 != " " }.dropFirst()
            }
            #expect(
                said == [
                    "warning: ‘count’ is ignored, because the node is selected [tosca.ignored-keyname]",
                    "‘Host’ has no property ‘color’ [tosca.unknown-property]",
                    "‘slot’ gives no value to the property ‘size’, which is required [tosca.missing-property]",
                    "warning: ‘node_filter’ means something only where the directive is ‘select’ [tosca.ignored-keyname]",
                    "‘one’ stands for one node, and has no index [tosca.wrong-index]",
                    "‘three’ is a node template of this service, and the target is to be an external one [tosca.unsatisfied-requirement]",
                    "there is no directive ‘elsewhere’ of a requirement [tosca.unknown-directive]",
                ])
        }
    }
}
