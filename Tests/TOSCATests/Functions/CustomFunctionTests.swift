// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// Functions that designs define.
struct CustomFunctionTests {
    private static let version = "tosca_definitions_version: tosca_2_0\n"

    private static let functions = """
        data_types:
          Pair: { properties: { left: { type: integer }, right: { type: integer, default: 5 } } }
          Even: { derived_from: integer, validation: { $equal: [ { $remainder: [ $value, 2 ] }, 0 ] } }
        functions:
          half:
            signatures:
              - { arguments: [ Even ], result: integer, implementation: { $floor: [ { $quotient: [ { $argument: 0 }, 2 ] } ] } }
              - { arguments: [ integer ], result: string, implementation: odd }
          twice:
            signatures:
              - { arguments: [ integer ], result: integer, implementation: { $product: [ { $argument: 0 }, 2 ] } }
              - { arguments: [ string ], result: string, implementation: { $concat: [ { $argument: 0 }, { $argument: 0 } ] } }
              - { arguments: [ boolean ], result: integer, implementation: { $length: $arguments } }
          count:
            signatures: [ { variadic: true, result: integer, implementation: { $length: [ $arguments ] } } ]
          tail:
            signatures:
              - { arguments: [ string ], optional_arguments: [ integer ], variadic: true, implementation: { $concat: [ $arguments, [] ] } }
          none: { signatures: [ { result: string, implementation: { $concat: [ no, ne ] } } ] }
          right: { signatures: [ { arguments: [ Pair ], result: integer, implementation: { $sum: [ { $get_property: [ SELF, x ] }, 1 ] } } ] }
          quadruple: { signatures: [ { arguments: [ integer ], implementation: { $twice: [ { $twice: [ { $argument: 0 } ] } ] } } ] }
          endless: { signatures: [ { arguments: [ integer ], implementation: { $endless: [ { $argument: 0 } ] } } ] }
          wrong: { signatures: [ { arguments: [ any ], result: integer, implementation: { $get_input: any } } ] }
          external: { signatures: [ { arguments: [ string ] } ] }

        """.replacing("arguments: [ any ], ", with: "")

    private func design(_ expression: String, type: String = "") -> [String: String] {
        let output = "o: { \(type.isEmpty ? "" : "type: \(type), ")value: \(expression) }"
        return [
            "a.yaml": Self.version + Self.functions
                + "service_template: { inputs: { any: { default: x }, n: { type: integer, default: 3 } }, node_templates: {}, outputs: { \(output) } }\n"
        ]
    }

    @Test(
        arguments: [
            ("{ $twice: [ 4 ] }", 8), ("{ $twice: ab }", "abab"), ("{ $twice: [ { $get_input: n } ] }", 6),
            ("{ $half: [ 8 ] }", 4), ("{ $count: [] }", 0), ("{ $count: [ 1, a, [] ] }", 3), ("$none", "none"),
            ("{ $tail: [ a ] }", ["a"]), ("{ $tail: [ a, 1 ] }", ["a", 1]), ("{ $tail: [ a, 1, 2 ] }", ["a", 1, 2]),
            ("{ $quadruple: [ { $get_input: n } ] }", 12), ("{ $twice: [ { $twice: [ { $get_input: any } ] } ] }", "xxxx"),
        ] as [(String, Value)])
    func `the first signature that takes the arguments gives the result`(expression: String, value: Value) async throws {
        try await Fixture.with(design(expression)) { fixture in
            let graph = try await fixture.instantiate()
            #expect(graph.vertex(.vertex(.root, "shop"))?.properties["output.o"]?.value == value)
        }
    }

    @Test(arguments: [
        ("{ $twice: [ 1.5 ] }", "", "argument 1 of ‘$twice’ must be an integer, a string or a boolean, not 1.5"),
        ("{ $twice: [] }", "", "‘$twice’ takes 1 argument, not 0"),
        ("{ $none: [ 1 ] }", "", "‘$none’ takes 0 arguments, not 1"),
        ("{ $tail: [ a, b ] }", "", "argument 2 of ‘$tail’ must be an integer, not ‘b’"),
        ("{ $tail: [ a, 1, b ] }", "", "argument 3 of ‘$tail’ must be an integer, not ‘b’"),
        ("{ $right: [ { left: x } ] }", "", "argument 1 of ‘$right’ must be a Pair, not a map"),
        ("{ $right: [ { lift: 1 } ] }", "", "argument 1 of ‘$right’ must be a Pair, not a map"),
        ("{ $twice: [ ab ] }", "integer", "‘o’: {$twice: [ab]} gives a string, not an integer"),
        ("{ $external: [ a ] }", "", "‘$external’ has no implementation that can be run here"),
        ("{ $twise: [ a ] }", "", "did you mean ‘$twice’?"),
    ])
    func `calls are checked against the signatures`(expression: String, type: String, message: String) async throws {
        try await Fixture.with(design(expression, type: type)) { fixture in
            let text = fixture.problems()
            #expect(text.contains(message), "\(text)")
            #expect(text.split(separator: "\n").count { $0.contains(" [tosca.") } == 1, "\(text)")
        }
    }

    @Test(arguments: [
        ("{ $endless: [ 1 ] }", "levels deep"), ("{ $half: [ 7 ] }", "‘$half’ has no implementation that can be run here"),
        ("$wrong", "‘$wrong’ gave ‘x’, which is no integer"),
    ])
    func `what goes wrong when it is evaluated is the value's problem`(expression: String, message: String) async throws {
        try await Fixture.with(design(expression)) { fixture in
            let problems = try await #require(throws: Problems.self) { try await fixture.instantiate() }
            #expect(fixture.shown(problems).contains(message), "\(fixture.shown(problems))")
        }
    }

    @Test func `a function is found through namespaces, and a service template may implement it`() async throws {
        let files = [
            "lib.yaml": Self.version
                + "functions: { f: { signatures: [ { arguments: [ integer ], result: integer }, { arguments: [ string ] } ] } }\n",
            "a.yaml": Self.version + """
                imports: [ lib.yaml, { url: lib.yaml, namespace: ns } ]
                service_template:
                  node_templates: {}
                  functions:
                    f:
                      description: Adds.
                      signatures:
                        - { implementation: { $sum: [ { $argument: 0 }, 1 ] } }
                        - {}
                        - { arguments: [ boolean ], result: integer, implementation: { $sum: [ 5 ] } }
                  outputs: { o: { value: { $ns:f: [ 1 ] } }, p: { value: { $f: [ true ] } } }

                """,
        ]
        try await Fixture.with(files) { fixture in
            let service = try await fixture.instantiate().vertex(.vertex(.root, "shop"))
            #expect(service?.properties["output.o"]?.value == 2)
            #expect(service?.properties["output.p"]?.value == 5)
        }
    }

    @Test func `a service template changes nothing of a signature but its implementation`() async throws {
        let text =
            Self.version + """
                functions: { f: { signatures: [ { arguments: [ integer ] } ] } }
                service_template:
                  node_templates: {}
                  functions: { f: { signatures: [ { arguments: [ string ] } ] } }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            #expect(
                fixture.problems() == """
                    a.yaml:5:37: signature 1 of ‘$f’ is defined already, so that only its implementation can be changed [tosca.invalid-refinement]
                      hint: put further signatures after those that there are
                    """)
        }
    }

    @Test func `two functions of one name cannot meet`() async throws {
        let function = Self.version + "functions: { f: { signatures: [ {} ] } }\n"
        let files = [
            "a.yaml": Self.version + "imports: [ b.yaml, c.yaml ]\nservice_template: { node_templates: {} }\n",
            "b.yaml": function, "c.yaml": function,
        ]
        try await Fixture.with(files) { fixture in
            #expect(
                fixture.problems() == """
                    a.yaml:2:20: the function ‘$f’ is defined twice here [tosca.ambiguous-function]
                      b.yaml:2:14: one
                      c.yaml:2:14: the other
                      hint: import it into a namespace
                    """)
        }
    }

    @Test func `validating never needs an implementation, and says so`() async throws {
        try await Fixture.with(design("{ $external: [ a ] }")) { fixture in
            let warnings = try fixture.compiler.validate(file: fixture.path("a.yaml"))
            #expect(warnings.map(\.code) == ["tosca.no-implementation"])
        }
    }

    @Test func `a function of a plugin is called with the arguments`() async throws {
        let text =
            Self.version + """
                imports: [ { profile: 'khutulun.core:1.0' } ]
                functions:
                  shout: { signatures: [ { arguments: [ string ], result: string, implementation: { primary: { type: Function, file: 'voice:shout' } } } ] }
                service_template: { node_templates: {}, outputs: { o: { value: { $shout: [ hello ] } } } }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            let functions = Functions([TOSCAFunctions.name: TOSCAFunctions()], plugins: Voice())
            let design = try fixture.compile().design
            let graph = try await Instantiator(functions: functions, now: { 0 }).instantiate(design, name: "shop", inputs: [:])
                .graph
            #expect(graph.vertex(.vertex(.root, "shop"))?.properties["output.o"]?.value == "voice:shout hello")
        }
    }

    private struct Voice: FunctionLibrary {
        func dispatch(_ function: String, _ arguments: [Value], _ evaluation: Evaluation) async throws(EvaluationFailure)
            -> Value
        {
            .text("\(function) \(arguments.compactMap(\.text).joined())")
        }
    }
}
