// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// What parts of the language come to in the templates.
struct LanguageTests {
    private static let types = """
        tosca_definitions_version: tosca_2_0
        interface_types: { I: { operations: { run: { inputs: { y: { type: integer, default: 1 } } } } } }
        capability_types: { C: { properties: { p: { type: integer, default: 1 }, q: { type: integer, default: 1 } } } }
        relationship_types: { R: {} }
        node_types:
          N:
            properties: { x: { type: integer, default: 0 }, y: { type: integer, default: 0 } }
            capabilities: { c: C }
            requirements: [ r: { capability: C, relationship: R }, s: { capability: C, relationship: R } ]
            interfaces: { i: { type: I } }
        group_types: { G: {} }

        """

    private func templates(_ text: String) async throws -> [String: VertexTemplate] {
        try await Fixture.with(["a.yaml": Self.types + text]) { fixture in
            let design = try fixture.compile().design
            return Dictionary(design.vertexTemplates.map { ($0.header.id.name, $0) }) { first, _ in first }
        }
    }

    @Test func `a copied template has all of the other's, and its own in place of that`() async throws {
        let templates = try await templates(
            """
            service_template:
              node_templates:
                a:
                  type: N
                  properties: { x: 1, y: 2 }
                  capabilities: { c: { properties: { p: 3, q: 4 } } }
                  requirements: [ r: a, r: a, s: a ]
                b:
                  copy: a
                  properties: { y: 5 }
                  capabilities: { c: { properties: { q: 6 } } }
                  requirements: [ r: b ]

            """)
        let copy = try #require(templates["b"])
        #expect(copy.properties["x"]?.updater == 1 && copy.properties["y"]?.updater == 5)
        let capability = try #require(templates["b.capability.c"])
        #expect(capability.properties["p"]?.updater == 3 && capability.properties["q"]?.updater == 6)
        #expect(copy.edges.map(\.name) == ["b.s-0", "b.r-0"])
        #expect(templates["a"]?.properties["y"]?.updater == 2)
    }

    @Test func `metadata changes nothing of what is made`() async throws {
        let design = "service_template: { node_templates: { a: { type: N, properties: { x: 1 }, requirements: [ r: a, s: a ]"
        let plain = try await Fixture.with(["a.yaml": Self.types + design + " } } }"]) { try await $0.instantiate() }
        let metadata = "metadata: { kind: edge, count: 3, location: [ 1 ], required: true }"
        let told = try await Fixture.with(["a.yaml": Self.types + design + ", \(metadata) } } }"]) {
            try await $0.instantiate()
        }
        let node = ID.vertex(Directory(["shop"]), "a")
        #expect(told.vertex(node)?.header.metadata["metadata"]?["count"] == 3)
        #expect(Self.text(told) == Self.text(plain))
    }

    @Test func `what several instances lack is told once, and what other templates or properties lack beside it`() async throws
    {
        let design = """
            tosca_definitions_version: tosca_2_0
            interface_types: { I: { operations: { o: { inputs: { x: { type: string }, y: { type: string } } } } } }
            node_types: { N: { interfaces: { i: { type: I } } } }
            service_template:
              node_templates:
                a: { type: N, count: 6 }
                b: { type: N, interfaces: { i: { operations: { o: { inputs: { y: given } } } } } }
            """
        try await Fixture.with(["a.yaml": design]) { fixture in
            let problems = await #expect(throws: Problems.self) { try await fixture.instantiate() }?.all ?? []
            #expect(
                problems.map(\.message).sorted() == [
                    "‘shop/a-0.interface.i.o.x’ must have a value and has none",
                    "‘shop/a-0.interface.i.o.y’ must have a value and has none",
                    "‘shop/b.interface.i.o.x’ must have a value and has none",
                ])
            #expect(
                problems.flatMap(\.causes).map(\.message)
                    == Array(
                        repeating:
                            "it is the same with ‘shop/a-1.interface.i’, ‘shop/a-2.interface.i’, ‘shop/a-3.interface.i’, 2 more",
                        count: 2))
        }
    }

    /// A graph without metadata of the design, and without the folder of the test.
    private static func text(_ graph: Graph) -> [String] {
        let vertexes = graph.vertexes.values.map { vertex in
            var vertex = vertex
            vertex.header.metadata["metadata"] = nil
            return Entity.vertex(vertex)
        }
        return (vertexes + graph.edges.values.map(Entity.edge))
            .map { JSON.encode($0.document).replacing(/khutulun-tosca-[-0-9A-F]+/, with: "") }.sorted()
    }

    @Test func `a workflow is kept as data of the service`() async throws {
        let templates = try await templates(
            """
            service_template:
              node_templates: { a: { type: N } }
              workflows:
                w:
                  inputs: { z: { type: integer, default: 7 } }
                  precondition: { $equal: [ { $get_input: z }, 7 ] }
                  steps:
                    s:
                      target: a
                      activities: [ set_state: x, call_operation: { operation: i.run, inputs: { y: { $get_input: z } } } ]
                      on_success: t
                    t: { target: a, target_relationship: r, activities: [ inline: w ] }

            """)
        let workflow = try #require(templates["shop"]?.header.metadata["workflows"]?["w"])
        #expect(workflow["inputs"]?["z"]?["default"] == 7)
        let first = workflow["steps"]?["s"]
        #expect(first?["target"] == "a" && first?["on_success"] == ["t"])
        #expect(first?["activities"]?.list?.first == ["set_state": "x"])
        #expect(first?["activities"]?.list?.last?["call_operation"]?["operation"] == "i.run")
        #expect(workflow["steps"]?["t"]?["target_relationship"] == "r")
        #expect(try Design.isKept(workflow))
    }

    @Test func `a component of the design implements operations by their names, or by the function that it is told`()
        async throws
    {
        let design = """
            tosca_definitions_version: tosca_2_0
            imports: [ { profile: 'khutulun.core:1.0' } ]
            interface_types: { I: { operations: { a: {}, b: {}, c: {} } } }
            node_types: { N: { interfaces: { i: { type: I } } } }
            service_template:
              node_templates:
                n:
                  type: N
                  artifacts: { tool: { type: Component, file: tool.wasm, properties: { function: other } } }
                  interfaces: { i: { operations: { a: tool.wasm, b: tool, c: tool.sh } } }
            """
        try await Fixture.with(["a.yaml": design, "tool.wasm": "w", "tool.sh": "s"]) { fixture in
            let templates = try fixture.compile().design.vertexTemplates
            let handlers = templates.flatMap(\.handlers).reduce(into: [:]) { $0[$1.event] = $1.call }
            #expect(handlers["a"]?.function.description == "khutulun:component")
            #expect(handlers["a"]?.arguments.dropFirst() == ["tool.wasm", "a"])
            #expect(handlers["b"]?.arguments.dropFirst() == ["tool.wasm", "other"])
            #expect(handlers["c"]?.function.description == "khutulun:script")
        }
    }

    @Test func `that a workflow is not run is told when a service is made of it`() async throws {
        let file = """
            tosca_definitions_version: tosca_2_0
            service_template: { node_templates: {}, workflows: { w: { steps: {} } } }
            """
        try await Fixture.with(["a.yaml": file]) { fixture in
            #expect(try fixture.compiler.validate(file: fixture.path("a.yaml")).isEmpty)
            let warnings = try fixture.compile().warnings
            #expect(warnings.map(\.code) == ["tosca.not-supported"])
            #expect(warnings.first?.severity == .warning && warnings.first?.message.contains("‘w’") == true)
        }
    }

    @Test func `a group has the members of the groups that are its members`() async throws {
        let templates = try await templates(
            """
            service_template:
              node_templates: { a: { type: N }, b: { type: N } }
              groups: { g: { type: G, members: [ a, h ] }, h: { type: G, members: [ b, a ] } }

            """)
        #expect(templates["group.g"]?.edges.map(\.name) == ["group.g.member.a", "group.g.member.b"])
    }
}

extension Design {
    /// Whether a value is the same after it was written and read.
    fileprivate static func isKept(_ value: Value) throws -> Bool { try JSON.decode(JSON.encode(value)) == value }
}
