// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// Filters that look at values which relationships make known: section 4.2.2 of the standard.
@Suite struct CircularFilterTests {
    private static let types = """
        tosca_definitions_version: tosca_2_0
        capability_types: { Plug: {} }
        relationship_types: { Wire: {} }
        node_types:
          Box:
            properties: { level: { type: integer, default: 1 } }
            attributes: { seen: { type: integer } }
            capabilities: { plug: Plug }
            requirements: [ to: { capability: Plug, relationship: Wire, node: Box } ]
        service_template:
          node_templates:
            base: { type: Box, properties: { level: 7 }, requirements: [] }

        """
    private static let seen = "attributes: { seen: { $get_property: [ SELF, RELATIONSHIP, to, TARGET, level ] } }"
    private func filter(_ node: String) -> String {
        "node_filter: { $equal: [ { $get_attribute: [ \(node), seen ] }, 7 ] }"
    }

    @Test func `a filter that looks at a value which another relationship makes known is postponed until then`() async throws {
        let text =
            Self.types + """
                    first: { type: Box, \(Self.seen), requirements: [ to: { node: base, \(filter("second")) } ] }
                    second: { type: Box, \(Self.seen), requirements: [ to: { node: base, \(filter("third")) } ] }
                    third: { type: Box, \(Self.seen), requirements: [ to: base ] }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            let graph = try await fixture.instantiate()
            #expect(graph.edges.values.allSatisfy { $0.target.name == "base.capability.plug" })
            #expect(graph.edges.count == 3)
        }
    }

    @Test func `relationships that wait for each other are a problem that names the way around`() async throws {
        let text =
            Self.types + """
                    first: { type: Box, \(Self.seen), requirements: [ to: { node: base, \(filter("second")) } ] }
                    second: { type: Box, \(Self.seen), requirements: [ to: { node: base, \(filter("first")) } ] }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            let problems = try await #require(throws: Problems.self) { try await fixture.instantiate() }
            #expect(
                fixture.shown(problems) == """
                    a.yaml:13:125: requirements wait for each other: ‘shop/first.to’ → ‘shop/second.seen’ → ‘shop/second.to’ → ‘shop/first.seen’ → ‘shop/first.to’ [floria.circular-requirement]
                      a.yaml:14:126: this one waits too
                      hint: let one of the filters look at something that is known without the others
                    """)
        }
    }
}
