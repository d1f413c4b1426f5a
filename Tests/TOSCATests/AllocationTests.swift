// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// What requirements take of capabilities: section 8.7.5 of the standard.
@Suite struct AllocationTests {
    private static let types = """
        data_types:
          Memory: { derived_from: scalar, data_type: integer, units: { B: 1, MB: 1000000, GB: 1000000000 }, canonical_unit: B }
        capability_types:
          Compute:
            properties:
              cpus: { type: integer, default: 4, validation: { $greater_than: [ $value, 3 ] } }
              share: { type: float, default: 1.0 }
              memory: { type: Memory, default: 1 GB }
              name: { type: string, default: x }
        relationship_types: { HostedBy: {} }
        node_types:
          Machine: { capabilities: { host: Compute } }
          Program:
            properties: { need: { type: integer, default: 3 } }
            requirements: [ host: { capability: Compute, relationship: HostedBy, node: Machine } ]

        """

    private func arrows(_ nodes: String) async throws -> [String] {
        let text =
            "tosca_definitions_version: tosca_2_0\n" + Self.types + "service_template:\n  node_templates:\n"
            + nodes.split(separator: "\n").map { "    \($0)\n" }.joined()
        return try await Fixture.with(["a.yaml": text]) { fixture in
            let graph = try await fixture.instantiate()
            return graph.edges.values.map { "\($0.source.name) → \($0.target.name.prefix { $0 != "." })" }.sorted()
        }
    }

    @Test(arguments: ["cpus: 3", "cpus: { $get_property: [ SELF, SOURCE, need ] }", "share: 0.6", "share: 1", "memory: 600 MB"])
    func `integers, floats and scalars can be allocated, and are never exceeded`(allocation: String) async throws {
        let arrows = try await arrows(
            """
            machine: { type: Machine, count: 2 }
            program: { type: Program, count: 2, requirements: [ host: { node: machine, allocation: { \(allocation) } } ] }
            """)
        #expect(arrows == ["program-0 → machine-0", "program-1 → machine-1"])
        let problems = await #expect(throws: Problems.self) {
            try await self.arrows(
                """
                machine: { type: Machine, count: 2 }
                program: { type: Program, count: 3, requirements: [ host: { allocation: { \(allocation) } } ] }
                """)
        }
        #expect(problems?.all.map(\.code) == ["floria.unsatisfied-requirement"])
        #expect(problems?.description.contains("not enough is left of") == true)
    }

    @Test func `what is too large for one is found room for by moving others`() async throws {
        let arrows = try await arrows(
            """
            machine: { type: Machine, count: 2 }
            small: { type: Program, count: 2, requirements: [ host: { allocation: { cpus: 2 } } ] }
            tall: { type: Program, requirements: [ host: { allocation: { cpus: 4 } } ] }
            """)
        #expect(Set(arrows.filter { $0.hasPrefix("small") }.map { $0.suffix(1) }).count == 1, "\(arrows)")
    }
}
