// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// The functions of the language, through a design's outputs.
struct FunctionTests {
    /// An expression in TOSCA, and its value.
    static let expressions: [(String, Value)] = [
        ("{ $concat: [ a, 1, b ] }", "a1b"),
        ("{ $concat: [ [ a ], [ b, c ] ] }", ["a", "b", "c"]),
        ("{ $join: [ [ a, b ], '-' ] }", "a-b"),
        ("{ $token: [ '10.0.0.1:80', ':', 1 ] }", "80"),
        ("{ $length: [ 'köln' ] }", 4),
        ("{ $length: [ [ 1, 2, 3 ] ] }", 3),
        ("{ $and: [ true, { $not: [ false ] } ] }", true),
        ("{ $or: [ false, false ] }", false),
        ("{ $xor: [ true, false ] }", true),
        ("{ $equal: [ [ 1, 2 ], [ 1, 2 ] ] }", true),
        ("{ $greater_than: [ 2, 1.5 ] }", true),
        ("{ $less_or_equal: [ b, a ] }", false),
        ("{ $valid_values: [ 3, [ 1, 2 ] ] }", false),
        ("{ $matches: [ abcd, '^a.c$' ] }", false),
        ("{ $matches: [ abc, '^a.c$' ] }", true),
        ("{ $has_prefix: [ abc, ab ] }", true),
        ("{ $has_suffix: [ [ 1, 2, 3 ], [ 2, 3 ] ] }", true),
        ("{ $contains: [ [ 1, 2, 3 ], [ 1, 3 ] ] }", false),
        ("{ $has_entry: [ { a: 1 }, 1 ] }", true),
        ("{ $has_key: [ { a: 1 }, b ] }", false),
        ("{ $has_all_keys: [ { a: 1, b: 2 }, [ a, b ] ] }", true),
        ("{ $has_any_entry: [ [ 1, 2 ], [ 2, 5 ] ] }", true),
        ("{ $union: [ [ 1, 2 ], [ 2, 3 ] ] }", [1, 2, 3]),
        ("{ $intersection: [ [ 1, 2, 2 ], [ 2, 3 ] ] }", [2]),
        ("{ $sum: [ 1, 2, 3 ] }", 6),
        ("{ $difference: [ 1.5, 1 ] }", 0.5),
        ("{ $product: [ 2, 3.0 ] }", 6.0),
        ("{ $quotient: [ 7, 2 ] }", 3.5),
        ("{ $remainder: [ 7, 2 ] }", 1),
        ("{ $round: [ 3.5 ] }", 3),
        ("{ $round: [ 3.53 ] }", 4),
        ("{ $floor: [ -1.5 ] }", -2),
        ("{ $ceil: [ 1.1 ] }", 2),
        ("$$literal", "$literal"),
        ("{ $$key: 1, other: $$$x }", ["$key": 1, "other": "$$x"]),
        ("{ $get_input: [ nested, list, 1 ] }", "two"),
        ("{ $get_property: [ nodes, ALL, size ] }", [10, 11]),
        ("{ $get_property: [ nodes, 1, size ] }", 11),
        ("{ $get_attribute: [ nodes, size ] }", 10),
        ("{ $get_property: [ client, RELATIONSHIP, server, 1, TARGET, size ] }", 11),
        ("{ $get_property: [ client, RELATIONSHIP, server, ALL, CAPABILITY, weight ] }", [1, 1]),
        ("{ $get_property: [ nodes, 0, CAPABILITY, slot, RELATIONSHIP, SOURCE, name ] }", "me"),
    ]

    private static let design =
        Fixture.header + """
            data_types: { Nested: { properties: { list: { type: list, entry_schema: string } } } }
            capability_types: { Slot: { properties: { weight: { type: integer, default: 1 } } } }
            node_types:
              Server: { properties: { size: { type: integer } }, capabilities: { slot: Slot } }
              Client:
                properties: { name: { type: string, default: me } }
                requirements: [ server: { capability: Slot, relationship: DependsOn } ]
            service_template:
              inputs: { nested: { type: Nested, default: { list: [ one, two ] } } }
              node_templates:
                nodes: { type: Server, count: 2, properties: { size: { $sum: [ 10, $node_index ] } } }
                client: { type: Client, requirements: [ server: { node: nodes, count: 2 } ] }

            """

    @Test func `every function gives what the standard says`() async throws {
        let outputs = Self.expressions.enumerated().map { "    o\($0.offset): { value: \($0.element.0) }\n" }.joined()
        try await Fixture.with(["a.yaml": Self.design + "  outputs:\n" + outputs]) { fixture in
            let graph = try await fixture.instantiate()
            let service = graph.vertex(.vertex(.root, "shop"))
            for (index, (expression, value)) in Self.expressions.enumerated() {
                #expect(service?.properties["output.o\(index)"]?.value == value, "\(expression)")
            }
        }
    }

    @Test func `a scalar is kept in its canonical unit, whatever unit it was written in`() async throws {
        let text =
            Fixture.header + """
                node_types: { N: { properties: { size: { type: Size }, time: { type: Duration } } } }
                service_template:
                  node_templates: { a: { type: N, properties: { size: 3 KiB, time: 250ms } } }
                  outputs:
                    twice: { value: { $product: [ { $get_property: [ a, size ] }, 2 ] } }
                    more: { value: { $greater_than: [ { $get_property: [ a, time ] }, { $get_property: [ a, time ] } ] } }

                """
        try await Fixture.with(["a.yaml": text]) { fixture in
            let graph = try await fixture.instantiate()
            let node = graph.vertex(.vertex(Directory(["shop"]), "a"))
            let scalar = { (number: Value, unit: Value, text: Value) in
                Value.custom(kind: "tosca:scalar", value: ["number": number, "unit": unit, "text": text])
            }
            #expect(node?.properties["size"]?.value == scalar(3072, "B", "3 KiB"))
            #expect(node?.properties["time"]?.value == scalar(0.25, "s", "250ms"))
            let service = graph.vertex(.vertex(.root, "shop"))
            #expect(service?.properties["output.twice"]?.value == scalar(6144, "B", "6144 B"))
            #expect(service?.properties["output.more"]?.value == false)
        }
    }
}
