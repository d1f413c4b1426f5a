// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// Which targets the lists of valid types leave where a target is looked for.
@Suite struct RestrictionTests {
    private func arrows(_ types: String, _ nodes: String) async throws -> [String] {
        let text =
            "tosca_definitions_version: tosca_2_0\n" + types + "\nservice_template:\n  node_templates:\n"
            + nodes.split(separator: "\n").map { "    \($0)\n" }.joined()
        return try await Fixture.with(["a.yaml": text]) { fixture in
            let graph = try await fixture.instantiate()
            return graph.edges.values.map { "\($0.source.name) → \($0.target.name)" }.sorted()
        }
    }

    @Test func `a capability is no target of nodes and relationships that it does not allow`() async throws {
        let arrows = try await arrows(
            """
            capability_types: { Plug: {} }
            relationship_types: { Wire: {}, Cable: { derived_from: Wire } }
            node_types:
              Guest: { requirements: [ to: { capability: Plug, relationship: Wire } ] }
              Friend: { derived_from: Guest }
              Private: { capabilities: { plug: { type: Plug, valid_source_node_types: [ Friend ] } } }
              Wired: { capabilities: { plug: { type: Plug, valid_relationship_types: [ Cable ] } } }
              Public: { capabilities: { plug: Plug } }
            """,
            """
            a: { type: Private }
            b: { type: Wired }
            c: { type: Public }
            guest: { type: Guest, requirements: [ to: {} ] }
            friend: { type: Friend, requirements: [ to: {} ] }
            cabled: { type: Guest, requirements: [ to: { relationship: Cable } ] }
            """)
        #expect(
            arrows == [
                "cabled → b.capability.plug", "friend → a.capability.plug", "guest → c.capability.plug",
            ])
    }

    @Test func `a relationship leads only to nodes and capabilities that it allows`() async throws {
        let arrows = try await arrows(
            """
            capability_types: { Plug: {}, Socket: { derived_from: Plug } }
            relationship_types:
              Far: { valid_target_node_types: [ Special ] }
              Strong: { valid_capability_types: [ Socket ] }
            node_types:
              One: { capabilities: { plug: Plug } }
              Special: { capabilities: { plug: Plug } }
              Three: { capabilities: { plug: Socket } }
              Guest: { requirements: [ to: { capability: Plug, relationship: Far } ] }
              Other: { requirements: [ to: { capability: Socket, relationship: Strong } ] }
            """,
            """
            a: { type: One }
            b: { type: Special }
            c: { type: Three }
            guest: { type: Guest, requirements: [ to: {} ] }
            other: { type: Other, requirements: [ to: {} ] }
            """)
        #expect(arrows == ["guest → b.capability.plug", "other → c.capability.plug"])
    }
}
