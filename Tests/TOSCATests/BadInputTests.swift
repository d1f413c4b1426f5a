// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// Bad designs and their exact messages.
struct BadInputTests {
    /// A design and what is said about it.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let message: String
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ message: String) {
            (self.name, self.text, self.message) = (name, text, message)
        }

        /// A design that begins with the usual header, of two lines.
        init(_ name: String, body: String, _ message: String) { self.init(name, Fixture.header + body, message) }
    }

    static let texts = [
        Case(
            "not YAML", "hello: [ world\n",
            """
            a.yaml:2:1: expected ‘,’ or ‘]’, found the end of the file [yaml.syntax]
              a.yaml:1:8: the list begins here
            """),
        Case("no map", "just text\n", "a.yaml:1:1: this is no TOSCA file: it does not hold a map [tosca.no-file]"),
        Case("empty", "", "a.yaml:1:1: this is no TOSCA file: it does not hold a map [tosca.no-file]"),
        Case(
            "no version", "service_template: {}\n",
            """
            a.yaml:1:1: this is no TOSCA file: it has no ‘tosca_definitions_version’ [tosca.no-file]
              hint: begin the file with ‘tosca_definitions_version: tosca_2_0’
            """),
        Case(
            "another version", "tosca_definitions_version: tosca_9_0\n",
            """
            a.yaml:1:28: the version the text ‘tosca_9_0’ is not supported [tosca.unknown-version]
              hint: the supported version is tosca_2_0
            """),
        Case(
            "tabs", body: "service_template:\n\tnode_templates: {}\n",
            """
            a.yaml:4:1: a tab cannot indent in YAML [yaml.tab]
              hint: use spaces
            """),
        Case(
            "duplicate keys", body: "service_template:\n  node_templates:\n    a: { type: Root }\n    a: { type: Root }\n",
            """
            a.yaml:6:5: the key ‘a’ stands twice in one map [yaml.duplicate-key]
              a.yaml:5:5: first here
            """),
        Case(
            "anchor bomb", bomb,
            "a.yaml:8:53: with what this alias repeats, there are more than the 1048576 nodes that are allowed [yaml.limit]"),
        Case(
            "deep nesting", "tosca_definitions_version: tosca_2_0\nmetadata: { x: " + String(repeating: "[", count: 200) + "\n",
            "a.yaml:2:114: the nesting is deeper than the 100 levels that are allowed [yaml.limit]"),
    ]

    private static let bomb = (1..<10).reduce(
        "tosca_definitions_version: tosca_2_0\ndsl_definitions:\n  a0: &a0 [ x, x, x, x, x, x, x, x, x, x ]\n"
    ) {
        $0 + "  a\($1): &a\($1) [ " + Array(repeating: "*a\($1 - 1)", count: 10).joined(separator: ", ") + " ]\n"
    }

    static let designs = [
        Case(
            "unknown keyname", body: "service_template:\n  node_template:\n    a: { type: Root }\n",
            """
            a.yaml:4:3: ‘node_template’ is no keyname of a service template [tosca.unknown-keyname]
              hint: did you mean ‘node_templates’?
            """),
        Case(
            "unsupported keyname",
            body: """
                service_template:
                  node_templates:
                    a: { type: Root, interfaces: { lifecycle: { operations: { create: { implementation: { dependencies: [] } } } } } }

                """,
            """
            a.yaml:5:91: ‘dependencies’ of an implementation is not supported yet [tosca.not-supported]
              hint: remove it; it is not ignored, because the service would not be what the design says
            """),
        Case(
            "unknown type", body: "service_template:\n  node_templates:\n    a: { type: Proces, properties: { x: 1 } }\n",
            """
            a.yaml:5:16: there is no node type ‘Proces’ here [tosca.unknown-type]
              hint: did you mean ‘Process’?
            """),
        Case(
            "cyclic derivation",
            body:
                "node_types:\n  A: { derived_from: B }\n  B: { derived_from: A }\nservice_template:\n  node_templates:\n    a: { type: A, properties: { x: 1 } }\n",
            "a.yaml:4:22: the node type derives from itself: ‘A’ → ‘B’ → ‘A’ [tosca.cyclic-derivation]"),
        Case(
            "wrong types",
            body: """
                service_template:
                  node_templates:
                    a:
                      type: Process
                      properties:
                        command: ls
                        restart: { delay: 5 parsecs, attempts: -1, polcy: never }
                        limits: { memory: 1.5 }

                """,
            """
            a.yaml:8:18: ‘command’: ‘ls’ is no list [tosca.wrong-type]
              profiles/khutulun-process/profile.yaml:173:7: defined here
            a.yaml:9:27: ‘restart’: ‘delay’: ‘5 parsecs’ is no Duration [tosca.wrong-type]
              profiles/khutulun-process/profile.yaml:209:7: defined here
            a.yaml:9:48: ‘restart’: ‘attempts’: -1 does not satisfy {$greater_or_equal: [$value, 0]} [tosca.validation-failed]
              profiles/khutulun-process/profile.yaml:209:7: defined here
            a.yaml:9:59: ‘restart’: ‘polcy’: ‘polcy’ is no property of Restart [tosca.unknown-property]
              profiles/khutulun-process/profile.yaml:209:7: defined here
              hint: did you mean ‘policy’?
            a.yaml:10:27: ‘limits’: ‘memory’: 1.5 is no Size [tosca.wrong-type]
              profiles/khutulun-process/profile.yaml:212:7: defined here
            """),
        Case(
            "unknown input",
            body: """
                service_template:
                  inputs: { count: { type: integer } }
                  node_templates:
                    a: { type: Process, properties: { command: [ { $get_input: cuont } ] } }

                """,
            """
            a.yaml:6:64: there is no input ‘cuont’ [tosca.unknown-input]
              hint: did you mean ‘count’?
            """),
        Case(
            "unknown function",
            body:
                "service_template:\n  node_templates:\n    a: { type: Process, properties: { command: [ { $concta: [ a ] } ] } }\n",
            """
            a.yaml:5:52: there is no function ‘$concta’ [tosca.unknown-function]
              hint: did you mean ‘$concat’?
            """),
        Case(
            "missing artifact",
            body:
                "service_template:\n  node_templates:\n    a: { type: Root, artifacts: { x: { type: File, file: nowhere.txt } } }\n",
            """
            a.yaml:5:58: the artifact’s file ‘nowhere.txt’ cannot be read [tosca.missing-artifact]
              hint: paths of artifacts start from the folder of the file that they stand in
            """),
        Case(
            "unknown requirement",
            body: "service_template:\n  node_templates:\n    a: { type: Root, requirements: [ dependncy: a ] }\n",
            """
            a.yaml:5:38: ‘a’ has no requirement ‘dependncy’ [tosca.unknown-requirement]
              hint: did you mean ‘dependency’?
            """),
        Case(
            "target without the capability",
            body: """
                node_types:
                  Client: { derived_from: Root, requirements: [ server: { capability: Endpoint, relationship: ConnectsTo } ] }
                service_template:
                  node_templates:
                    a: { type: Root }
                    b: { type: Client, requirements: [ server: a ] }

                """,
            "a.yaml:8:40: ‘a’ has no capability of the type ‘Endpoint’, which the requirement ‘server’ needs [tosca.unsatisfied-requirement]"
        ),
        Case(
            "unknown operation of a trigger",
            body: """
                service_template:
                  node_templates:
                    a: { type: Root }
                  policies:
                    - p:
                        type: EventHandling
                        targets: [ a ]
                        triggers: { t: { event: exited, action: [ { call_operation: lifecycle.fly } ] } }

                """,
            """
            a.yaml:10:69: ‘a’ has no operation ‘lifecycle.fly’ [tosca.unknown-operation]
              hint: an operation is written as INTERFACE.OPERATION
            """),
    ]

    @Test(arguments: texts + designs) func `a bad design is refused with a message that names place and cause`(bad: Case)
        async throws
    {
        try await Fixture.with(["a.yaml": bad.text]) { #expect($0.problems() == bad.message) }
    }

    @Test func `a file that is missing is named`() async throws {
        try await Fixture.with([:]) { fixture in
            #expect(fixture.problems() == "a.yaml:1:1: there is no file ‘a.yaml’ that can be read [tosca.cannot-read]")
        }
    }

    @Test func `an import that is missing is reported where it stands`() async throws {
        let text = "tosca_definitions_version: tosca_2_0\nimports:\n  - types.yaml\n  - profile: khutulun.proces:1.0\n"
        try await Fixture.with(["a.yaml": text]) { fixture in
            #expect(
                fixture.problems() == """
                    a.yaml:3:5: cannot import ‘types.yaml’: there is no file ‘types.yaml’ that can be read [tosca.cannot-import]
                    a.yaml:4:14: there is no profile ‘khutulun.proces:1.0’ [tosca.unknown-profile]
                      hint: did you mean ‘khutulun.process:1.0’?
                    """)
        }
    }

    @Test func `values for inputs are checked before anything else happens`() async throws {
        let text =
            Fixture.header + """
                service_template:
                  inputs:
                    words: { type: list, entry_schema: string }
                    number: { type: integer, default: 1, validation: { $less_than: [ $value, 3 ] } }
                  node_templates: { a: { type: Process, properties: { command: { $get_input: words } } } }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            let compiled = try fixture.compile()
            let problems = try #require(throws: Problems.self) { try compiled.check(inputs: ["wrods": 1, "number": 3]) }
            #expect(
                fixture.shown(problems) == """
                    the service has no input ‘wrods’ [tosca.unknown-input]
                      hint: did you mean ‘words’?
                    a.yaml:6:5: the input ‘number’: 3 does not satisfy {$less_than: [$value, 3]} [tosca.validation-failed]
                    a.yaml:5:5: the input ‘words’ has no value [tosca.missing-input]
                      hint: give one with ‘--input words=…’
                    """)
            #expect(throws: Never.self) { try compiled.check(inputs: ["words": ["ls"]]) }
        }
    }

    @Test func `validating accepts inputs without values and artifacts that are missing, with a warning`() async throws {
        let text =
            Fixture.header + """
                service_template:
                  inputs: { words: { type: string } }
                  node_templates: { a: { type: Root, artifacts: { x: { type: File, file: nowhere.txt } } } }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            let warnings = try fixture.compiler.validate(file: fixture.path("a.yaml"))
            #expect(warnings.map(\.code) == ["tosca.missing-artifact"])
            #expect(warnings.map(\.severity) == [.warning])
        }
    }

    @Test func `a problem is reported once, however many templates share its type`() async throws {
        let text =
            Fixture.header + """
                node_types: { N: { properties: { x: { type: strnig } } } }
                service_template:
                  node_templates: { a: { type: N, properties: { x: 1 } }, b: { type: N, properties: { x: a } } }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            #expect(
                fixture.problems() == """
                    a.yaml:3:45: there is no data type ‘strnig’ here [tosca.unknown-type]
                      hint: did you mean ‘string’?
                    """)
        }
    }
}
