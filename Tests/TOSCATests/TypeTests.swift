// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// Types: derivation, refinement, namespaces, imports.
struct TypeTests {
    private static let version = "tosca_definitions_version: tosca_2_0\n"

    @Test func `files may import each other, and names are found through namespaces`() async throws {
        let files = [
            "a.yaml": Self.version + "imports: [ { url: b.yaml, namespace: b } ]\nnode_types: { A: {} }\n"
                + "service_template: { node_templates: { x: { type: 'b:B' }, y: { type: 'b:c:C' }, z: { type: A } } }\n",
            "b.yaml": Self.version
                + "imports: [ a.yaml, { url: c.yaml, namespace: c } ]\nnode_types: { B: { derived_from: A } }\n",
            "c.yaml": Self.version + "node_types: { C: {} }\n",
        ]
        try await Fixture.with(files) { fixture in
            let design = try fixture.compile().design
            let node = design.vertexTemplates.first { $0.header.id.name == "x" }
            #expect(node?.classes.map(\.description) == ["types/local/B", "types/local/A"])
        }
    }

    @Test func `what a refinement may not do is refused`() async throws {
        let text =
            Self.version + """
                data_types: { Short: { derived_from: string, validation: { $less_than: [ { $length: [ $value ] }, 4 ] } } }
                node_types:
                  Base:
                    properties: { a: { type: string }, b: { type: integer, value: 1 }, c: { type: string, default: x } }
                  Derived:
                    derived_from: Base
                    properties: { a: { type: integer }, b: 2, c: { required: false } }
                  Fine:
                    derived_from: Base
                    properties: { a: { type: Short, default: abc }, c: fixed }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            let problems = try #require(throws: Problems.self) { try fixture.compiler.validate(file: fixture.path("a.yaml")) }
            #expect(
                fixture.shown(problems) == """
                    a.yaml:8:30: the type ‘integer’ does not derive from the refined type ‘string’ [tosca.invalid-refinement]
                    a.yaml:8:41: the value of ‘b’ is fixed and cannot be refined [tosca.invalid-refinement]
                      a.yaml:5:40: fixed here
                    a.yaml:8:62: ‘c’ is required and cannot become optional [tosca.invalid-refinement]
                    """)
        }
    }

    @Test func `validation clauses of a type and of what it derives from all hold`() async throws {
        let text =
            Self.version + """
                data_types:
                  Even: { derived_from: integer, validation: { $equal: [ { $remainder: [ $value, 2 ] }, 0 ] } }
                  Small: { derived_from: Even, validation: { $less_than: [ $value, 10 ] } }
                node_types: { N: { properties: { x: { type: list, entry_schema: Small } } } }
                service_template: { node_templates: { a: { type: N, properties: { x: [ 2, 3, 12 ] } } } }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            #expect(
                fixture.problems() == """
                    a.yaml:6:75: ‘x’: 1: 3 does not satisfy {$equal: [{$remainder: [$value, 2]}, 0]} [tosca.validation-failed]
                      a.yaml:5:34: defined here
                    a.yaml:6:78: ‘x’: 2: 12 does not satisfy {$less_than: [$value, 10]} [tosca.validation-failed]
                      a.yaml:5:34: defined here
                    """)
        }
    }
}
