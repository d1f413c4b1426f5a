// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// What is known of expressions before there is a graph: types along paths, of inputs, of nested calls, and of what gets the value.
struct ExpressionTypeTests {
    /// A design whose last line is an output with the expression, in row 36.
    private static func design(_ type: String, _ expression: String) -> String {
        """
        tosca_definitions_version: tosca_2_0
        imports: [ { profile: 'khutulun.core:1.0' } ]
        capability_types:
          Slot:
            properties: { weight: { type: integer, default: 1 }, room: { type: Size, default: 10 GB }, label: { type: string, default: x } }
            attributes: { load: { type: float } }
        relationship_types:
          Uses: { derived_from: DependsOn, properties: { speed: { type: integer, default: 7 } } }
        data_types:
          Inner: { properties: { depth: { type: integer } } }
          Nested: { properties: { list: { type: list, entry_schema: string }, inner: { type: Inner, required: false } } }
        artifact_types: { Thing: { derived_from: Reference } }
        node_types:
          Server:
            properties: { size: { type: integer }, room: { type: Size, default: 1 GB } }
            attributes: { address: { type: string } }
            capabilities: { slot: Slot }
          Big: { derived_from: Server, properties: { extra: { type: string, default: more } } }
          Client:
            properties: { name: { type: string, default: me }, at: { type: timestamp, required: false } }
            requirements: [ server: { capability: Slot, node: Server, relationship: Uses } ]
        service_template:
          inputs:
            nested: { type: Nested, default: { list: [ one, two ], inner: { depth: 3 } } }
            n: { type: integer, default: 3 }
            m: { type: map, entry_schema: Size, default: { a: 1 GB } }
            any: { default: 1 }
          relationship_templates: { link: { type: Uses, properties: { speed: 9 } } }
          node_templates:
            nodes: { type: Server, count: 2, properties: { size: { $sum: [ 10, $node_index ] } } }
            big: { type: Big, properties: { size: 1 }, artifacts: { disk: { type: Thing, file: disk-1 } } }
            client: { type: Client, requirements: [ server: { node: nodes, count: 2, relationship: link } ] }
            other: { type: Client, requirements: [ server: big ] }
            free: { type: Client, requirements: [ server: { relationship: Uses } ] }
          outputs:
            o: { required: false, \(type.isEmpty ? "" : "type: \(type), ")value: \(expression) }

        """
    }

    /// An expression, its type, and a part of what is said, with the column where it is said; nothing if nothing is wrong.
    struct Row: Sendable, CustomTestStringConvertible {
        let type: String
        let expression: String
        let column: Int
        let message: String
        var testDescription: String { "\(type) \(expression)" }

        init(_ type: String, _ expression: String, _ mark: String = "", _ message: String = "") {
            (self.type, self.expression, self.message) = (type, expression, message)
            let before = "    o: { required: false, \(type.isEmpty ? "" : "type: \(type), ")value: "
            let offset = mark.isEmpty ? 0 : expression.count - (expression.components(after: mark)?.count ?? 0) - mark.count
            column = before.count + offset + 1
        }
    }

    static let wrong = [
        // Results
        Row("integer", "{ $concat: [ a, b ] }", "{ $c", "‘o’: {$concat: [a, b]} gives a string, not an integer"),
        Row("string", "{ $get_input: n }", "{ $g", "‘o’: {$get_input: [n]} gives an integer, not a string"),
        Row("integer", "{ $quotient: [ 4, 2 ] }", "{ $q", "gives a float, not an integer"),
        Row("Size", "{ $get_property: [ nodes, size ] }", "{ $g", "gives an integer, not a Size"),
        Row("Duration", "{ $get_property: [ nodes, room ] }", "{ $g", "gives a Size, not a Duration"),
        Row("boolean", "{ $length: [ { $get_input: [ nested, list ] } ] }", "{ $l", "gives an integer, not a boolean"),
        Row("Inner", "{ $get_input: nested }", "{ $g", "gives a Nested, not an Inner"),
        Row("string", "{ $get_property: [ nodes, ALL, size ] }", "{ $g", "gives a list of integer, not a string"),
        // Arguments
        Row(
            "", "{ $length: [ { $get_input: n } ] }", "{ $get",
            "argument 1 of ‘$length’ must be a string, bytes, a list or a map"),
        Row(
            "", "{ $and: [ true, { $sum: [ { $get_input: n }, 1 ] } ] }", "{ $sum",
            "must be a boolean, and {$sum: [{$get_input: [n]}, 1]} gives"),
        Row("", "{ $equal: [ { $get_property: [ nodes, room ] }, 5 ] }", "5 ]", "argument 2 of ‘$equal’ must be a Size, not 5"),
        Row("", "{ $less_than: [ { $get_property: [ nodes, room ] }, 5 XB ] }", "5 XB", "must be a Size, not ‘5 XB’"),
        Row("", "{ $less_than: [ { $get_property: [ client, at ] }, soon ] }", "soon", "must be a timestamp, not ‘soon’"),
        Row("", "{ $valid_values: [ { $get_input: n }, [ x ] ] }", "[ x", "argument 2 of ‘$valid_values’ must be a list"),
        Row("", "{ $matches: [ { $get_input: any }, '(' ] }", "'('", "is no regular expression"),
        Row("", "{ $quotient: [ { $get_input: n }, 0 ] }", "0 ]", "cannot divide by zero"),
        Row("", "{ $has_key: [ { $get_input: m }, 1 ] }", "1 ]", "argument 2 of ‘$has_key’ must be a string, not 1"),
        // Inputs
        Row("", "{ $get_input: nn }", "nn", "there is no input ‘nn’"),
        Row("", "{ $get_input: [ nested, lits, 1 ] }", "lits", "‘lits’ is no property of Nested"),
        Row("", "{ $get_input: [ nested, list, x ] }", "x", "the input ‘nested’ is a list, in which ‘x’ is no index"),
        Row("", "{ $get_input: [ nested, list, -1 ] }", "-1", "the input ‘nested’ is a list, in which -1 is no index"),
        Row("", "{ $get_input: [ n, x ] }", "x ]", "the input ‘n’ is an integer, which has no parts"),
        Row("", "{ $get_input: [ nested, inner, depth, x ] }", "x ]", "is an integer, which has no parts"),
        Row("", "{ $get_input: 5 }", "5", "the first argument of ‘$get_input’ is the name of an input, not 5"),
        // Paths
        Row("", "{ $get_property: [ node, size ] }", "node,", "there is no node template ‘node’"),
        Row("", "{ $get_property: [ nodes, sise ] }", "sise", "‘Server’ has no property ‘sise’"),
        Row("", "{ $get_property: [ nodes, address ] }", "address", "‘Server’ has no property ‘address’"),
        Row("", "{ $get_attribute: [ nodes, adress ] }", "adress", "‘Server’ has no attribute ‘adress’"),
        Row("", "{ $get_property: [ nodes, CAPABILITY, slod, weight ] }", "slod", "‘Server’ has no capability ‘slod’"),
        Row("", "{ $get_property: [ nodes, CAPABILITY, slot, wait ] }", "wait", "‘Slot’ has no property ‘wait’"),
        Row("", "{ $get_property: [ client, RELATIONSHIP, sever, speed ] }", "sever", "‘Client’ has no requirement ‘sever’"),
        Row("", "{ $get_property: [ client, RELATIONSHIP, server, sped ] }", "sped", "‘Uses’ has no property ‘sped’"),
        Row(
            "", "{ $get_property: [ client, RELATIONSHIP, server, 0, TARGET, extra ] }", "extra",
            "‘Server’ has no property ‘extra’"),
        Row("", "{ $get_property: [ client, RELATIONSHIP, server, SOURCE, size ] }", "size", "‘Client’ has no property ‘size’"),
        Row(
            "", "{ $get_property: [ client, RELATIONSHIP, server, CAPABILITY, wait ] }", "wait", "‘Slot’ has no property ‘wait’"
        ),
        Row("", "{ $get_property: [ nodes, SOURCE, size ] }", "SOURCE", "‘SOURCE’ cannot follow a node in a path"),
        Row(
            "", "{ $get_property: [ client, RELATIONSHIP, server, RELATIONSHIP, x, y ] }", "RELATIONSHIP, x",
            "‘RELATIONSHIP’ cannot follow a relationship"),
        Row("", "{ $get_property: [ nodes, CAPABILITY, 5, x ] }", "5", "the name of a capability must follow ‘CAPABILITY’"),
        Row("", "{ $get_property: [ nodes, -1, size ] }", "-1", "an index cannot be negative"),
        Row("", "{ $get_property: [ nodes, 0 ] }", "{ $g", "‘$get_property’ names nothing after its path"),
        Row("", "{ $get_property: [ nodes ] }", "$get", "‘$get_property’ takes at least 2 arguments, not 1"),
        Row("", "{ $get_property: [ SELF, size ] }", "SELF", "‘SELF’ means nothing here"),
        Row("", "{ $get_property: [ link, sped ] }", "sped", "‘Uses’ has no property ‘sped’"),
        Row("", "{ $get_property: [ nodes, room, x ] }", "x ]", "‘room’ is a Size, which has no parts"),
        Row("", "{ $get_artifact: [ big, disc ] }", "disc", "‘Big’ has no artifact ‘disc’"),
        Row(
            "", "{ $get_artifact: [ big, CAPABILITY, slot, disk ] }", "disk",
            "only a node has artifacts, and the path leads to a capability"),
        Row("", "{ $available_allocation: [ nodes, size ] }", "size", "must lead to a capability, not to a node"),
        Row(
            "", "{ $available_allocation: [ nodes, CAPABILITY, slot, label ] }", "label",
            "‘label’ is a string, of which nothing can be allocated"),
        Row("", "$node_index", "$n", "‘$node_index’ means something only in a node"),
        Row("", "{ $relationship_index: [] }", "{ $r", "‘$relationship_index’ means something only in a relationship"),
        Row("", "{ $value: [] }", "{ $v", "‘$value’ means something only in a validation"),
        Row("", "{ $argument: [ 0 ] }", "{ $a", "‘$argument’ means something only in the implementation of a custom function"),
        Row("", "{ $in_range: [ 1, [ 1, 2 ] ] }", "$in", "there is no function ‘$in_range’"),
        Row("", "{ $conkat: [ a ] }", "$c", "there is no function ‘$conkat’"),
    ]

    @Test(arguments: wrong) func `what cannot succeed is told at the argument`(row: Row) async throws {
        try await Fixture.with(["a.yaml": Self.design(row.type, row.expression)]) { fixture in
            let text = fixture.problems()
            #expect(text.contains(row.message), "\(text)")
            #expect(text.hasPrefix("a.yaml:36:\(row.column): "), "column \(row.column): \(text)")
            #expect(text.split(separator: "\n").count { $0.contains(" [tosca.") } == 1, "\(text)")
        }
    }

    static let right: [(Row, Value)] = [
        (Row("float", "{ $get_input: n }"), 3.0),
        (Row("list, entry_schema: integer", "{ $get_property: [ nodes, ALL, size ] }"), [10, 11]),
        (Row("boolean", "{ $greater_than: [ { $get_property: [ nodes, room ] }, 900 MB ] }"), true),
        (Row("boolean", "{ $equal: [ 1000 MB, { $get_property: [ nodes, 1, room ] } ] }"), true),
        (Row("boolean", "{ $valid_values: [ { $get_property: [ nodes, room ] }, [ 1 GB, 2 GB ] ] }"), true),
        (Row("boolean", "{ $has_entry: [ { $get_input: m }, 1000 MB ] }"), true),
        (
            Row("boolean", "{ $greater_or_equal: [ { $available_allocation: [ nodes, 0, CAPABILITY, slot, room ] }, 10 GB ] }"),
            true
        ),
        (Row("integer", "{ $get_property: [ link, speed ] }"), 9),
        (Row("list, entry_schema: integer", "{ $get_property: [ link, ALL, TARGET, size ] }"), [10, 11]),
        (
            Row("integer", "{ $get_property: [ client, RELATIONSHIP, server, 0, CAPABILITY, RELATIONSHIP, 1, TARGET, size ] }"),
            11
        ),
        (Row("string", "{ $get_property: [ other, RELATIONSHIP, server, TARGET, extra ] }"), "more"),
        (Row("string", "{ $get_artifact: [ big, disk ] }"), "disk-1"),
        (Row("integer", "{ $get_input: [ nested, inner, depth ] }"), 3),
        (Row("string", "{ $get_input: [ nested, list, { $difference: [ { $get_input: n }, 2 ] } ] }"), "two"),
        (Row("string", "{ $concat: [ { $get_property: [ nodes, room ] }, '!' ] }"), "1 GB!"),
        (Row("integer", "{ $get_property: [ nodes, { $difference: [ { $get_input: n }, 2 ] }, size ] }"), 11),
    ]

    @Test(arguments: right) func `what may succeed does, and literals are of the type of what they stand beside`(
        row: Row, value: Value
    )
        async throws
    {
        try await Fixture.with(["a.yaml": Self.design(row.type, row.expression)]) { fixture in
            let graph = try await fixture.instantiate()
            #expect(graph.vertex(.vertex(.root, "shop"))?.properties["output.o"]?.value == value)
        }
    }

    @Test func `scalars are added in the canonical unit of what gets the sum`() async throws {
        for expression in ["{ $sum: [ 1 GB, 500 MB ] }", "{ $sum: [ { $get_property: [ nodes, room ] }, 500 MB ] }"] {
            try await Fixture.with(["a.yaml": Self.design("Size", expression)]) { fixture in
                let value = try await fixture.instantiate().vertex(.vertex(.root, "shop"))?.properties["output.o"]?.value
                guard case .custom("tosca:scalar", let scalar)? = value else {
                    Issue.record("\(expression) gives no scalar")
                    return
                }
                #expect(scalar["number"] == 1_500_000_000)
            }
        }
    }

    @Test func `a name that only a derived type has may be right where the type is a bound`() async throws {
        // ‘free’ finds any server, and one could be a ‘Big’.
        let text = Self.design("", "{ $get_property: [ free, RELATIONSHIP, server, TARGET, extra ] }")
        try await Fixture.with(["a.yaml": text]) { #expect($0.problems() == "") }
    }

    @Test func `a path in a type is checked against the type and those derived from it`() async throws {
        let text = """
            tosca_definitions_version: tosca_2_0
            node_types:
              Base:
                properties:
                  a: { type: string, default: { $get_property: [ SELF, b ] } }
                  c: { type: string, default: { $get_property: [ SELF, only_derived ] } }
                  d: { type: integer, default: { $get_property: [ SELF, e ] } }
                  e: { type: string, default: x }
                  f: { type: integer, default: 1, validation: { $less_than: [ $value, { $get_property: [ SELF, g ] } ] } }
              Derived: { derived_from: Base, properties: { only_derived: { type: string, default: x } } }

            """
        try await Fixture.with(["a.yaml": text]) { fixture in
            let problems = try #require(throws: Problems.self) { try fixture.compiler.validate(file: fixture.path("a.yaml")) }
            #expect(
                fixture.shown(problems) == """
                    a.yaml:5:60: ‘Base’ has no property ‘b’ [tosca.unknown-property]
                      hint: did you mean ‘a’?
                    a.yaml:7:36: ‘d’: {$get_property: [SELF, e]} gives a string, not an integer [tosca.wrong-type]
                    a.yaml:9:100: ‘Base’ has no property ‘g’ [tosca.unknown-property]
                      hint: did you mean ‘a’?
                    """)
        }
    }

    @Test func `a filter is checked where it stands`() async throws {
        let text = Self.design("", "1").replacing(
            "server: { relationship: Uses }",
            with: "server: { node_filter: { $greater_than: [ { $get_property: [ SELF, TARGET, room ] }, 5 ] } }")
        try await Fixture.with(["a.yaml": text]) { fixture in
            #expect(fixture.problems().hasPrefix("a.yaml:34:128: argument 2 of ‘$greater_than’ must be a Size, not 5"))
        }
    }
}

extension String {
    /// What follows a part.
    fileprivate func components(after part: String) -> Substring? {
        guard let range = firstRange(of: part) else { return nil }
        return self[range.upperBound...]
    }
}
