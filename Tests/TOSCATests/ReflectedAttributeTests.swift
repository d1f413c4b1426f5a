// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// The attributes that properties have.
@Suite struct ReflectedAttributeTests {
    private static let text = """
        tosca_definitions_version: tosca_2_0
        interface_types:
          Control:
            operations:
              grow:
                outputs: { size: { type: integer }, room: { type: integer } }
        capability_types: { Host: { properties: { room: { type: integer } } } }
        node_types:
          Disk:
            properties: { size: { type: integer } }
            capabilities: { host: Host }
            interfaces: { control: { type: Control } }
        service_template:
          node_templates:
            disk:
              type: Disk
              properties: { size: 3 }
              capabilities: { host: { properties: { room: 5 } } }
              interfaces:
                control:
                  operations: { grow: { outputs: { size: [ SELF, size ], room: [ SELF, CAPABILITY, host, room ] } } }
          outputs:
            wanted: { type: integer, value: { $get_property: [ disk, size ] } }
            size: { type: integer, value: { $get_attribute: [ disk, size ] } }
            room: { type: integer, value: { $get_attribute: [ disk, CAPABILITY, host, room ] } }

        """

    @Test func `an attribute begins with its property's value, and what an operation tells of it changes only the attribute`()
        async throws
    {
        try await Fixture.with(["a.yaml": Self.text]) { fixture in
            var graph = try await fixture.instantiate()
            func output(_ name: String) -> Value? {
                graph.vertex(.vertex(.root, "shop"))?.properties["output.\(name)"]?.value
            }
            #expect([output("wanted"), output("size"), output("room")] == [3, 3, 5])
            let directory = Directory(["shop"])
            let interface = graph.vertex(.vertex(directory, "disk.interface.control"))
            #expect(interface?.header.metadata["outputs"]?["grow"]?["size"] == ["", "attribute.size"])
            #expect(interface?.header.metadata["outputs"]?["grow"]?["room"] == ["host", "attribute.room"])
            let update = GraphUpdate(functions: Functions([TOSCAFunctions.name: TOSCAFunctions()]), now: { 0 })
            let grown = PropertyReference(.vertex(directory, "disk"), "attribute.size")
            let changed = try await update.push([grown: 9], onto: graph, provenance: Provenance(.operation, "1", time: 0))
            for entity in changed { graph.insert(entity) }
            #expect([output("wanted"), output("size")] == [3, 9])
        }
    }
}
