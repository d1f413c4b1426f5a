// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// The values of chapter 9.1: what is accepted as which value, and what is refused.
struct ValueTests {
    private static let types = """
        tosca_definitions_version: tosca_2_0
        data_types:
          Short: { derived_from: string, validation: { $less_or_equal: [ { $length: [ $value ] }, 3 ] } }
          Port: { derived_from: integer, validation: { $and: [ { $greater_or_equal: [ $value, 1 ] }, { $less_or_equal: [ $value, 9 ] } ] } }
          Mass: { derived_from: scalar, data_type: float, units: { g: 1 }, prefixes: { '': 1, k: 1000, m: 0.001 } }
          Size: { derived_from: scalar, data_type: integer, units: { B: 1, kB: 1000, PiB: 1125899906842624 }, validation: { $less_or_equal: [ $value, 2 kB ] } }
          Free: { derived_from: scalar, data_type: integer, units: { B: 1, PiB: 1125899906842624 } }
          Colour: { derived_from: string, validation: { $valid_values: [ $value, [ red, green ] ] } }
          Key: { derived_from: string, validation: { $matches: [ $value, '^[a-z]+$' ] } }
          Range: { properties: { low: { type: integer }, high: { type: integer } }, validation: { $less_or_equal: [ { $value: [ low ] }, { $value: [ high ] } ] } }
          Pairs: { derived_from: list, entry_schema: { type: Range }, validation: { $less_than: [ { $value: [ 0, low ] }, 5 ] } }
          Lookup: { derived_from: map, key_schema: { type: Key }, entry_schema: { type: Port } }
          Tree: { properties: { name: { type: string }, children: { type: list, entry_schema: Tree, default: [] } } }
          Late: { derived_from: timestamp, validation: { $greater_than: [ $value, '2020-01-01T00:00:00Z' ] } }
          Fresh: { derived_from: version, validation: { $greater_or_equal: [ $value, '1.2' ] } }

        """

    private func design(_ type: String, _ value: String) -> [String: String] {
        [
            "a.yaml": Self.types
                + "service_template: { node_templates: {}, inputs: { i: { type: \(type), default: \(value) } }, outputs: { o: { value: { $get_input: i } } } }\n"
        ]
    }

    static let accepted: [(type: String, value: String, result: Value)] = [
        ("string", "''", ""), ("string", "'0.1'", "0.1"), ("string", "True", "True"), ("string", "yes", "yes"),
        ("integer", "9223372036854775807", .integer(Int64.max)), ("integer", "-9223372036854775808", .integer(Int64.min)),
        ("integer", "0xFF", 255), ("integer", "0o17", 15),
        ("float", "1", 1.0), ("float", "1e3", 1000.0), ("float", ".inf", .float(.infinity)),
        ("float", "-.inf", .float(-.infinity)),
        ("boolean", "true", true), ("nil", "null", .null),
        ("bytes", "aGVsbG8=", .blob([104, 101, 108, 108, 111])), ("bytes", "''", .blob([])),
        ("bytes", "\"aGVs\\n bG8=\"", .blob([104, 101, 108, 108, 111])),
        ("timestamp", "'1990-12-31T15:59:60-08:00'", .custom(kind: "tosca:timestamp", value: "1990-12-31T15:59:60-08:00")),
        ("timestamp", "'2000-02-29'", .custom(kind: "tosca:timestamp", value: "2000-02-29")),
        (
            "timestamp", "'2001-12-14t21:59:43.1234567890z'",
            .custom(kind: "tosca:timestamp", value: "2001-12-14t21:59:43.1234567890z")
        ),
        ("timestamp", "'2001-12-14T21:59:43-00:00'", .custom(kind: "tosca:timestamp", value: "2001-12-14T21:59:43-00:00")),
        ("version", "'1.0'", .custom(kind: "tosca:version", value: "1.0")),
        ("version", "2.0.1", .custom(kind: "tosca:version", value: "2.0.1")),
        ("version", "1.0.0.alpha-10", .custom(kind: "tosca:version", value: "1.0.0.alpha-10")),
        ("version", "0.0.0", .custom(kind: "tosca:version", value: "0.0.0")),
        ("Short", "abc", "abc"), ("Short", "'äöü'", "äöü"), ("Port", "1", 1), ("Port", "9", 9), ("Colour", "red", "red"),
        ("Mass", "10.5kg", scalar(10500.0, "g", "10.5kg")), ("Mass", "10   g", scalar(10.0, "g", "10   g")),
        ("Mass", "5e2 mg", scalar(0.5, "g", "5e2 mg")), ("Mass", "-1 g", scalar(-1.0, "g", "-1 g")),
        ("Size", "2 kB", scalar(2000, "B", "2 kB")), ("Size", "2000 B", scalar(2000, "B", "2000 B")),
        ("Free", "9223372036854775807 B", scalar(.integer(Int64.max), "B", "9223372036854775807 B")),
        ("Free", "8191 PiB", scalar(.integer(8191 * 1_125_899_906_842_624), "B", "8191 PiB")),
        ("Free", "9007199254740993 B", scalar(.integer(9_007_199_254_740_993), "B", "9007199254740993 B")),
        ("Range", "{ low: 1, high: 1 }", ["low": 1, "high": 1]), ("Pairs", "[ { low: 4, high: 5 } ]", [["low": 4, "high": 5]]),
        ("Lookup", "{ ab: 1 }", ["ab": 1]), ("Lookup", "{}", [:]),
        ("list, entry_schema: { type: list, entry_schema: integer }", "[ [ 1 ], [] ]", [[1], []]),
        ("map, entry_schema: float", "{ a: 1 }", ["a": 1.0]),
        ("Tree", "{ name: a, children: [ { name: b } ] }", ["name": "a", "children": [["name": "b", "children": []]]]),
        ("string", "$$a", "$a"), ("string", "$$$a", "$$a"),
        ("map, entry_schema: string", "{ $$a: $$b, c: 'x$y' }", ["$a": "$b", "c": "x$y"]),
        ("Late", "'2020-01-01T00:00:00.0001Z'", .custom(kind: "tosca:timestamp", value: "2020-01-01T00:00:00.0001Z")),
        ("Fresh", "1.10.0", .custom(kind: "tosca:version", value: "1.10.0")),
        ("Fresh", "'1.2'", .custom(kind: "tosca:version", value: "1.2")),
    ]

    private static func scalar(_ number: Value, _ unit: Value, _ text: Value) -> Value {
        .custom(kind: "tosca:scalar", value: ["number": number, "unit": unit, "text": text])
    }

    @Test(arguments: accepted) func `a value of the type is kept`(type: String, value: String, result: Value) async throws {
        try await Fixture.with(design(type, value)) { fixture in
            let service = try await fixture.instantiate().vertex(.vertex(.root, "shop"))
            #expect(service?.properties["output.o"]?.value == result)
        }
    }

    static let refused: [(type: String, value: String, message: String)] = [
        ("string", "0.1", "0.1 is no string"), ("string", "null", "null is no string"), ("string", "true", "true is no string"),
        ("integer", "9223372036854775808", "9223372036854775808 is no integer"), ("integer", "1.0", "1.0 is no integer"),
        ("integer", "-9223372036854775809", "is no integer"), ("integer", "'1'", "‘1’ is no integer"),
        ("float", "'1'", "‘1’ is no float"), ("float", "true", "true is no float"),
        ("boolean", "True", "‘True’ is no boolean"), ("boolean", "yes", "‘yes’ is no boolean"),
        ("boolean", "1", "1 is no boolean"),
        ("boolean", "'true'", "‘true’ is no boolean"), ("nil", "''", "‘’ is no nil"), ("nil", "0", "0 is no nil"),
        ("bytes", "abc", "‘abc’ is no bytes"), ("bytes", "5", "5 is no bytes"), ("bytes", "null", "null is no bytes"),
        ("bytes", "!!binary aGVsbG8=", "the tag ‘tag:yaml.org,2002:binary’ does not fit this value"),
        ("timestamp", "!!timestamp '2001-12-14T21:59:43Z'", "the tag ‘tag:yaml.org,2002:timestamp’ does not fit"),
        ("timestamp", "'2001-12-14 21:59:43Z'", "is no timestamp"), ("timestamp", "'2001-02-29T00:00:00Z'", "is no timestamp"),
        ("timestamp", "'2001-12-14T24:00:00Z'", "is no timestamp"), ("timestamp", "'2001-12-14T21:59:60Z'", "is no timestamp"),
        ("timestamp", "'2001-12-14T23:59:61Z'", "is no timestamp"), ("timestamp", "'2001-12-14T21:59:43'", "is no timestamp"),
        ("timestamp", "'2001-12-14T21:59:43+24:00'", "is no timestamp"), ("timestamp", "'2001-13-01'", "is no timestamp"),
        ("timestamp", "'٢٠٠١-12-14'", "is no timestamp"),
        ("version", "1.0", "1.0 is no version"), ("version", "'1'", "‘1’ is no version"),
        ("version", "1.0.0.alpha-", "is no version"),
        ("version", "1.0.0.", "is no version"), ("version", "'-1.0'", "is no version"),
        ("version", "1.0.0.a-x", "is no version"),
        ("Short", "abcd", "does not satisfy"), ("Short", "'äöüß'", "does not satisfy"), ("Port", "0", "does not satisfy"),
        ("Port", "10", "does not satisfy"), ("Colour", "blue", "does not satisfy"),
        ("Mass", "10", "10 is no Mass"), ("Mass", "kg", "‘kg’ is no Mass"), ("Mass", "10 Kg", "‘10 Kg’ is no Mass"),
        ("Mass", "10 kkg", "is no Mass"), ("Mass", "1,5 kg", "is no Mass"), ("Mass", "10 'kg'", "is no Mass"),
        ("Mass", "1e400 kg", "is no Mass"), ("Mass", "nan g", "is no Mass"),
        ("Size", "2001 B", "does not satisfy"), ("Size", "3 kB", "3 kB does not satisfy"),
        ("Size", "1.0 kB", "‘1.0 kB’ is no Size"),
        ("Size", "1e3 B", "‘1e3 B’ is no Size"), ("Free", "9223372036854775808 B", "is no Free"),
        ("Free", "8192 PiB", "is no Free"),
        ("Range", "{ low: 2, high: 1 }", "does not satisfy"),
        ("Range", "{ low: 1 }", "‘high’, which Range needs, has no value"),
        ("Range", "{ low: 1, high: 2, hi: 3 }", "‘hi’ is no property of Range"),
        ("Range", "{ low: 1, high: null }", "null is no integer"),
        ("Pairs", "[ { low: 5, high: 5 } ]", "does not satisfy"), ("Pairs", "[ { low: 4, high: 3 } ]", "does not satisfy"),
        ("Lookup", "{ A: 1 }", "does not satisfy"), ("Lookup", "{ a: 10 }", "does not satisfy"),
        ("Lookup", "{ 1: 1 }", "1 is no Key"),
        ("map, entry_schema: float", "{ 1: 1 }", "1 is no string"), ("list, entry_schema: integer", "{ a: 1 }", "is no list"),
        ("list, entry_schema: integer", "[ 1, a ]", "‘a’ is no integer"),
        ("Tree", "{ name: a, children: [ { nam: b } ] }", "‘nam’ is no property of Tree"),
        ("Late", "'2020-01-01T00:00:00Z'", "does not satisfy"), ("Late", "'2020-01-01T01:00:00+01:00'", "does not satisfy"),
        ("Fresh", "1.1.9", "does not satisfy"), ("Fresh", "1.2.0.beta", "does not satisfy"),
        ("string", "$a", "there is no function ‘$a’"),
        ("map, entry_schema: string", "{ $a: b, c: d }", "must be the only key of its map"),
    ]

    @Test(arguments: refused) func `what is no value of the type is refused`(type: String, value: String, message: String)
        async throws
    {
        try await Fixture.with(design(type, value)) { fixture in
            let text = fixture.problems()
            #expect(text.contains(message), "\(text)")
            #expect(text.hasPrefix("a.yaml:16:"), "\(text)")
        }
    }

    @Test func `scalars, timestamps and versions compare by what they mean`() async throws {
        let rows: [(String, String, String, Bool)] = [
            ("Mass", "1 kg", "1000 g", true), ("Mass", "1 kg", "1001 g", false), ("Free", "1 PiB", "1125899906842624 B", true),
            ("timestamp", "'1996-12-19T16:39:57-08:00'", "'1996-12-20T00:39:57Z'", true),
            ("timestamp", "'1990-12-31T23:59:60Z'", "'1991-01-01T00:00:00Z'", false),
            ("timestamp", "'1990-12-31T23:59:59.10Z'", "'1990-12-31T23:59:59.1Z'", true),
            ("timestamp", "'1990-12-31T23:59:59.0001Z'", "'1990-12-31T23:59:59.0002Z'", false),
            ("version", "'1.0'", "1.0.0", true), ("version", "1.0.0.alpha-1", "1.0.0.alpha-2", false),
        ]
        for (type, left, right, isEqual) in rows {
            let text =
                Self.types + """
                    service_template:
                      node_templates: {}
                      inputs: { l: { type: \(type), default: \(left) }, r: { type: \(type), default: \(right) } }
                      outputs:
                        equal: { value: { $equal: [ { $get_input: l }, { $get_input: r } ] } }
                        beside: { value: { $equal: [ { $get_input: l }, \(right) ] } }

                    """
            try await Fixture.with(["a.yaml": text]) { fixture in
                let service = try await fixture.instantiate().vertex(.vertex(.root, "shop"))
                #expect(service?.properties["output.equal"]?.value == .boolean(isEqual), "\(left) \(right)")
                #expect(service?.properties["output.beside"]?.value == .boolean(isEqual), "\(left) \(right)")
            }
        }
    }

    @Test func `units that cannot be told apart are refused`() async throws {
        let text = """
            tosca_definitions_version: tosca_2_0
            data_types: { Length: { derived_from: scalar, units: { in: 1, min: 60 }, prefixes: { '': 1, m: 0.001 } } }

            """
        try await Fixture.with(["a.yaml": text]) { fixture in
            let problems = try #require(throws: Problems.self) { try fixture.compiler.validate(file: fixture.path("a.yaml")) }
            #expect(fixture.shown(problems).hasPrefix("a.yaml:2:54: ‘min’ means two units of ‘Length’"), "\(problems)")
        }
    }
}
