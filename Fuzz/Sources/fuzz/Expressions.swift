// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA

/// Functions and paths of TOSCA, in a small design of two nodes and their relationship.
enum Expressions {
    static let functions = Functions([TOSCAFunctions.name: TOSCAFunctions()])
    /// What one evaluation may cost, so that none takes long.
    private static let limits = EvaluationLimits(depth: 100, size: 1 << 20, calls: 1000, time: .seconds(1))

    /// A design with an output for an expression.
    private static func design(_ expression: String) -> String {
        let lines = expression.split(separator: "\n", omittingEmptySubsequences: false)
        return design + lines.map { "        \($0)\n" }.joined()
    }

    private static let design = """
        tosca_definitions_version: tosca_2_0
        data_types:
          Size: { derived_from: scalar, data_type: integer, units: { B: 1 }, prefixes: { '': 1, k: 1000 } }
          Pair: { properties: { left: { type: integer, default: 1 }, rest: { type: list, entry_schema: Pair, default: [] } } }
        capability_types: { Slot: { properties: { room: { type: Size, default: 9 kB } } } }
        relationship_types: { Uses: { properties: { speed: { type: float, default: 1 } } } }
        node_types:
          Server: { properties: { at: { type: timestamp, default: '2020-01-01' } }, capabilities: { slot: Slot } }
          Client: { properties: { pair: { type: Pair, default: {} } }, requirements: [ server: { capability: Slot, relationship: Uses } ] }
        functions:
          pick: { signatures: [ { arguments: [ Pair ], implementation: { $argument: 0 } }, { variadic: true, implementation: $arguments } ] }
        service_template:
          inputs: { pair: { type: Pair, default: { left: 2 } }, any: { default: [ 1, a ] } }
          node_templates:
            server: { type: Server, count: 2 }
            client: { type: Client, requirements: [ server: { node: server, count: 2 } ] }
          outputs:
            output:
              required: false
              value:

        """

    /// Compiles a design with an expression, and makes its graph if nothing is wrong.
    static func compile(_ expression: String) {
        guard let compiled = compiled(expression) else { return }
        _ = graph(of: compiled)
    }

    private static let sample = compiled("1").flatMap(graph) ?? Graph()

    /// Where expressions are evaluated: at the service, at a node and at a relationship.
    static let sites = [
        CallSite(entity: ID(.vertex, .root, "fuzz")), CallSite(entity: ID(.vertex, Directory(["fuzz"]), "client")),
        CallSite(entity: sample.outgoing(from: ID(.vertex, Directory(["fuzz"]), "client"))[1].header.id),
    ]

    /// The value of an expression, or what is wrong with it.
    static func evaluate(_ expression: Value, at site: CallSite) -> Result<Value, EvaluationFailure> {
        wait {
            let evaluation = Evaluation(site: site, graph: sample, functions: functions, limits: limits)
            do throws(EvaluationFailure) { return .success(try await evaluation.evaluate(expression)) } catch {
                return .failure(error)
            }
        }
    }

    private static func compiled(_ expression: String) -> CompiledDesign? {
        Designs.with(Array(design(expression).utf8)) { path in
            try? Compiler(profiles: []).compile(file: path, service: "fuzz")
        }
    }

    private static func graph(of compiled: CompiledDesign) -> Graph? {
        wait {
            try? await Instantiator(functions: functions, now: { 0 })
                .instantiate(compiled.design, name: "fuzz", inputs: [:]).graph
        }
    }

    /// Expressions in the notation of Floria, to begin with.
    static let notations =
        LanguageFunction.all.map { "tosca:\($0.name)(1, [2, \"a\"])" } + [
            #"tosca:get_property("SELF", "pair", "rest", 0)"#,
            #"tosca:get_property("client", "RELATIONSHIP", "server", "ALL", "speed")"#,
            #"tosca:get_attribute("SELF", "TARGET", "CAPABILITY", "slot", "RELATIONSHIP", 1, "SOURCE", "pair", "left")"#,
            #"tosca:available_allocation("server", 1, "CAPABILITY", "slot", "room")"#, #"tosca:get_input("any", 1)"#,
            #"tosca:matches("aab", "^(a|b)*?[[:alpha:]]{1,3}$")"#, #"tosca:token("a:b", ":", 1)"#,
            #"tosca:custom("local/pick", {"left": 3})"#, #"tosca:sum(1, 2.5, 9223372036854775807)"#,
            #"tosca:has_entry({"a": [1]}, [1])"#, #"tosca:join(["a", 1], ",")"#,
        ]

    /// Expressions in YAML, to begin with.
    static let texts = [
        "{ $get_property: [ client, RELATIONSHIP, server, 1, TARGET, at ] }", "{ $get_input: [ pair, rest, 0, left ] }",
        "{ $sum: [ { $get_property: [ server, 0, CAPABILITY, slot, room ] }, 5 kB ] }", "{ $pick: [ { left: 1 }, 2 ] }",
        "{ $and: [ { $less_than: [ { $get_input: [ pair, left ] }, 3 ] }, { $not: false } ] }", "[ $$a, { $$b: $pick } ]",
        "{ $matches: [ abc, '^\\w+(b|c){1,2}$' ] }", "{ $get_property: [ server, ALL, at ] }",
        "{ $greater_than: [ { $get_property: [ server, at ] }, '2019-12-31T23:59:60Z' ] }", "{ $node_index: [] }",
        "$concat: [ a, { $token: [ 'a:b', ':', 1 ] } ]", "{ $union: [ [ 1 ], { $get_input: any } ] }",
    ]
}
