// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Synchronization
import Testing

struct JSONTests {
    @Test func `what is written piece by piece is the encoding`() {
        let value = Value.list((0..<40_000).map { ["number": .integer($0), "text": "some text", "deep": [[[.null]]]] })
        let pieces = Mutex<[[UInt8]]>([])
        JSON.write(value, pretty: true) { piece in pieces.withLock { $0.append(piece) } }
        let all = pieces.withLock { $0 }
        #expect(all.count > 4 && all.allSatisfy { $0.count < 1 << 19 })
        #expect(Array(all.joined()) == JSON.encodeBytes(value, pretty: true))
    }

    @Test(
        arguments: [
            (Value.null, "null"), (true, "true"), (-5, "-5"), (.integer(Int64.min), "-9223372036854775808"),
            (.unsigned(.max), "18446744073709551615"), (1.0, "1.0"), (1e300, "1e+300"), (.float(-0.0), "-0.0"),
            (.float(.nan), #"{"$float":"nan"}"#), (.float(-.infinity), #"{"$float":"-inf"}"#),
            ("a\"\\\n\u{1}é", #""a\"\\\n\u0001é""#), (.blob([1, 2, 3, 255]), #"{"$bytes":"AQID/w=="}"#),
            ([1, [], [:]], "[1,[],{}]"), (["b": 1, "a": 2], #"{"a":2,"b":1}"#),
            (["$x": 1], #"{"$map":[["$x",1]]}"#), (["$x": 1, "y": 2], #"{"$x":1,"y":2}"#),
            ([1: "a", [2]: "b"], #"{"$map":[[1,"a"],[[2],"b"]]}"#),
            (.custom(kind: "tosca:scalar", value: 1), #"{"$custom":{"kind":"tosca:scalar","value":1}}"#),
            (.call(Call(FunctionName(plugin: "p", name: "f"))), #"{"$call":{"function":"p:f"}}"#),
            (
                .call(Call(FunctionName(plugin: "p", name: "f"), [1], mode: .lazy)),
                #"{"$call":{"arguments":[1],"function":"p:f","mode":"lazy"}}"#
            ),
        ] as [(Value, String)])
    func `every kind has one encoding that decodes to the same value`(value: Value, text: String) throws {
        #expect(JSON.encode(value) == text)
        #expect(try JSON.decode(text) == value)
        #expect(try JSON.decode(JSON.encode(value, pretty: true)) == value)
    }

    @Test func `the pretty form puts every item on its own line`() {
        let value: Value = ["a": [1, ["b": [:]]], "c": []]
        #expect(
            JSON.encode(value, pretty: true) == """
                {
                  "a": [
                    1,
                    {
                      "b": {}
                    }
                  ],
                  "c": []
                }
                """)
    }

    @Test func `spaces and escapes are read`() throws {
        #expect(try JSON.decode(" \r\n\t[ 1 , \"\\u00e9\\ud83d\\ude00\\/x\" ] ") == [1, "é😀/x"])
        #expect(try JSON.decode("-0") == 0)
        #expect(try JSON.decode("1E2") == 100.0)
    }

    @Test(arguments: [
        ("", "JSON:1:1: expected a value, found the end of the text [json.syntax]"),
        ("[1,]", "JSON:1:4: expected a value, found ‘]’ [json.syntax]"),
        ("[1 2]", "JSON:1:4: expected ‘,’ or ‘]’, found ‘2’ [json.syntax]"),
        ("{\n  a: 1}", "JSON:2:3: expected a key in quotes, found ‘a’ [json.syntax]"),
        ("{\"a\" 1}", "JSON:1:6: expected ‘:’, found ‘1’ [json.syntax]"),
        ("{\"a\": 1", "JSON:1:8: expected ‘,’ or ‘}’, found the end of the text [json.syntax]"),
        ("nul", "JSON:1:1: expected a value, found ‘n’ [json.syntax]"),
        ("\"é", "JSON:1:3: expected the closing quote, found the end of the text [json.syntax]"),
        ("\"\\x\"", "JSON:1:2: ‘x’ cannot follow ‘\\’ in a text [json.syntax]"),
        ("01", "JSON:1:1: a number cannot begin with an additional ‘0’ [json.number]"),
        ("1.", "JSON:1:3: expected a digit, found the end of the text [json.syntax]"),
        ("1e999", "JSON:1:1: 1e999 is too large for a float [json.number]"),
        ("1 x", "JSON:1:3: ‘x’ follows the value [json.trailing]\n  hint: a text holds one value"),
        ("\"\\ud800\"", "JSON:1:2: the escape sequence is half of a surrogate pair, which is no character [json.surrogate]"),
        (
            "\"\\udc00\\ud800\"",
            "JSON:1:2: the escape sequence is half of a surrogate pair, which is no character [json.surrogate]"
        ),
        (
            "{\"b\": 1,\n \"a\": 2, \"b\": 3}",
            "JSON:2:10: the key ‘b’ stands twice in one object [json.duplicate-key]\n  JSON:1:2: first here"
        ),
        (
            "18446744073709551616",
            """
            JSON:1:1: 18446744073709551616 does not fit in 64 bits [json.number]
              hint: write it as text, or as a float if the exact value does not matter
            """
        ),
        (
            "\"a\nb\"",
            """
            JSON:1:3: the end of the line stands within a text [json.syntax]
              hint: write control characters as escape sequences, for example \\n
            """
        ),
        (
            "{\"$x\": 1}",
            """
            JSON:1:1: ‘$x’ is not a reserved key [json.reserved]
              hint: a map whose only key begins with ‘$’ is written {"$map": [["$x", …]]}
            """
        ),
        ("{\"$bytes\": \"A\"}", "JSON:1:1: the content of ‘$bytes’ is not base64 text [json.reserved]"),
        ("{\"$bytes\": \"AB==\"}", "JSON:1:1: the content of ‘$bytes’ is not base64 text [json.reserved]"),
        (
            "{\"$map\": [[1, 2], [1, 3]]}",
            "JSON:1:1: the content of ‘$map’ is not a list of [key, value] lists with different keys [json.reserved]"
        ),
    ])
    func `malformed text is refused with the place and the cause`(text: String, message: String) {
        let problem = #expect(throws: Problem.self) { try JSON.decode(text) }
        #expect(problem?.description == message)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        let problem = #expect(throws: Problem.self) { try JSON.decode([0x22, 0xc3, 0x28, 0x22]) }
        #expect(problem?.description == "JSON:1:2: the text is not valid UTF-8 [json.utf8]")
    }

    @Test(arguments: [
        ("[1,2,3,4]", "JSON:1:8: there are more than the 4 values that are allowed [json.limit]"),
        ("[[[1]]]", "JSON:1:3: the nesting is deeper than the 2 levels that are allowed [json.limit]"),
        ("\"0123456789\"", "the text has 12 bytes, more than the 10 that are allowed [json.limit]"),
    ])
    func `limits hold`(text: String, message: String) {
        let limits = CodecLimits(size: 10, depth: 2, count: 4)
        let problem = #expect(throws: Problem.self) { try JSON.decode(text, limits: limits) }
        #expect(problem?.description == message)
    }
}
