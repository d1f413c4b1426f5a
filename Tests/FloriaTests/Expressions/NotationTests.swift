// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

@Suite struct NotationTests {
    private static let kinds: [(Value, String)] = [
        (.null, "null"), (true, "true"), (false, "false"), (0, "0"), (-7, "-7"), (.integer(Int64.min), "-9223372036854775808"),
        (.unsigned(.max), "18446744073709551615"), (1.0, "1.0"), (.float(-0.0), "-0.0"), (1e300, "1e+300"),
        (.float(.nan), "nan"),
        (.float(.infinity), "inf"), (.float(-.infinity), "-inf"), ("", #""""#),
        ("a\"\\\n\t\u{1}\u{85}\u{202e}é😀", #""a\"\\\n\t\u0001\u0085\u202eé😀""#),
        (.blob([]), "<>"), (.blob([1, 2, 3, 255]), "<AQID/w==>"), ([], "[]"), ([1, [2], "x"], #"[1, [2], "x"]"#), ([:], "{}"),
        (["b": 1, "a": [:]], #"{"a": {}, "b": 1}"#), ([1: "a", [2]: .null, .null: 3.0], #"{null: 3.0, 1: "a", [2]: null}"#),
        (["$call": 1], #"{"$call": 1}"#), (.custom(kind: "tosca:scalar", value: 1.5), "@tosca:scalar(1.5)"),
        (.custom(kind: "", value: ["x"]), #"@""(["x"])"#), (.custom(kind: "µs", value: .null), #"@"µs"(null)"#),
        (.t("f"), "t:f()"), (.t("f", 1, .t("g", mode: .lazy), mode: .eager), "*t:f(1, &t:g())"),
        (.call(Call(FunctionName(plugin: "a b", name: "c:\"d"), [1], mode: .lazy)), #"&"a b:c:\"d"(1)"#),
        (.call(Call(FunctionName(plugin: "null", name: "x-1.y_"), [true])), "null:x-1.y_(true)"),
        ([.t("f"): .t("g")], "{t:f(): t:g()}"),
    ]

    @Test(arguments: kinds)
    func `every kind of value has one notation, which is read as the same value`(value: Value, text: String) throws {
        #expect(Notation.encode(value) == text)
        #expect(try Notation.decode(text) == value)
        #expect(try Notation.decode(Notation.encode(value, pretty: true)) == value)
    }

    @Test func `numbers stay what they are`() throws {
        #expect(try Notation.decode("1") == .integer(1))
        #expect(try Notation.decode("1.0") == .float(1))
        #expect(try Notation.decode("1e0") == .float(1))
        #expect(try Notation.decode("1") == .unsigned(1))
        #expect(try Notation.decode("1") != Notation.decode("1.0"))
    }

    @Test func `space and comments stand between all parts`() throws {
        let text = """
            # What it is for: “ä”
            *t:list( # the first
              1,\t-2 ,"#" , { "a" : @ kind( null ) , 2:[ ] }
            ) # the end
            """
        #expect(throws: Problem.self) { try Notation.decode(text) }
        #expect(
            try Notation.decode(text.replacing("@ kind", with: "@kind"))
                == .t("list", 1, -2, "#", ["a": .custom(kind: "kind", value: .null), 2: []], mode: .eager))
        #expect(try Notation.decode("\r\n1\r\n#") == 1)
    }

    @Test func `JSON is read as it is`() throws {
        let text = #" { "a" : [ 1 , -0.5e3, "\u00e9\ud83d\ude00\/" ] , "b":null}"#
        #expect(try Notation.decode(text) == JSON.decode(text))
    }

    @Test func `the indented form breaks what is too long, and only that`() throws {
        let long = Value.text(String(repeating: "x", count: 50))
        let value = Value.t("concat", [long, .t("get", "a", 1)], ["key": long, "other": [long, .t("f", mode: .lazy)]], 1)
        let nested = Value.custom(kind: "k", value: .t("only", [long, long], mode: .eager))
        #expect(
            Notation.encode([value, nested, .t("short", [1, 2])], pretty: true) == """
                [
                  t:concat(
                    ["\(long.text ?? "")", t:get("a", 1)],
                    {
                      "key": "\(long.text ?? "")",
                      "other": ["\(long.text ?? "")", &t:f()]
                    },
                    1
                  ),
                  @k(*t:only([
                    "\(long.text ?? "")",
                    "\(long.text ?? "")"
                  ])),
                  t:short([1, 2])
                ]
                """)
    }

    private static let malformed: [(String, String)] = [
        ("", "expected a value, found the end of the text [notation.syntax]"),
        ("[1,]", "4: expected a value, found ‘]’ [notation.syntax]"),
        ("[1 2]", "4: expected ‘,’ or ‘]’, found ‘2’ [notation.syntax]"),
        ("a:b(1", "6: expected ‘,’ or ‘)’, found the end of the text [notation.syntax]"),
        ("a:b (1)", "1: ‘a:b’ is no value [notation.syntax]"), ("yes", "1: ‘yes’ is no value [notation.syntax]"),
        ("f(1)", "1: ‘f’ names no function [notation.syntax]"), ("&f(1)", "2: ‘f’ names no function [notation.syntax]"),
        (#"":x"(1)"#, "1: ‘:x’ names no function [notation.syntax]"), ("*a:b", "5: expected ‘(’, found the end of the text"),
        ("*1", "2: expected a name, found ‘1’ [notation.syntax]"), ("@k[1]", "3: expected ‘(’, found ‘[’ [notation.syntax]"),
        ("@k()", "4: expected a value, found ‘)’ [notation.syntax]"), ("@k(1, 2)", "5: expected ‘)’, found ‘,’"),
        ("{1 2}", "4: expected ‘:’, found ‘2’ [notation.syntax]"),
        (
            #"{"a": 1, 2: 1, "a": 2}"#,
            "16: a key stands twice in one map [notation.duplicate-key]\n  expression:1:2: first here"
        ),
        ("<AB==>", "1: the bytes are not in base64"), ("<A B>", "3: expected base64 or ‘>’, found ‘ ’"),
        ("<AQID", "6: expected ‘>’"),
        ("01", "1: a number cannot begin with an additional ‘0’ [notation.number]"),
        ("-in", "2: expected a digit or ‘inf’, found ‘i’"),
        ("18446744073709551616", "does not fit in 64 bits [notation.number]"),
        ("1e999", "is too large for a float [notation.number]"),
        ("1 x", "3: ‘x’ follows the expression [notation.trailing]"),
        ("\"\u{202e}\"", "2: the character U+202E cannot stand there"),
        ("1 #\u{1b}[2J", "4: the character U+001B cannot stand there as it is [notation.character]"),
        ("\"a\nb\"", "3: the end of the line"),
        (#""\ud800""#, "2: the escape sequence is half of a surrogate pair"),
        ("\u{0}", "1: the character U+0000 cannot stand there"),
    ]

    @Test(arguments: malformed)
    func `malformed text is refused with the place and the cause`(text: String, message: String) throws {
        let problem = try #require(throws: Problem.self) { try Notation.decode(text) }
        #expect(problem.description.contains(message), "\(problem)")
        #expect(problem.description.hasPrefix("expression:1:"))
    }

    @Test func `rows and columns count characters`() throws {
        let problem = try #require(throws: Problem.self) { try Notation.decode("[\n  \"éä\", ]", file: "command line") }
        #expect(problem.description == "command line:2:9: expected a value, found ‘]’ [notation.syntax]")
    }

    @Test func `bytes that are not UTF-8 are refused`() throws {
        let problem = try #require(throws: Problem.self) { try Notation.decode([0x22, 0xc3, 0x28, 0x22]) }
        #expect(problem.description == "expression:1:2: the text is not valid UTF-8 [notation.utf8]")
    }

    @Test(arguments: [
        ("[1,2,3,4]", "expression:1:8: there are more than the 4 values that are allowed [notation.limit]"),
        ("[a:b(@k(1))]", "expression:1:8: the nesting is deeper than the 2 levels that are allowed [notation.limit]"),
        ("\"0123456789ab\"", "the text has 14 bytes, more than the 12 that are allowed [notation.limit]"),
    ])
    func `limits hold`(text: String, message: String) throws {
        let problem = try #require(throws: Problem.self) {
            try Notation.decode(text, limits: CodecLimits(size: 12, depth: 2, count: 4))
        }
        #expect(problem.description == message)
    }

    @Test(arguments: ["[", "{1:", "@k(", "a:b(", "&\"a:b\"(", "{["])
    func `a hundred thousand levels are refused`(open: String) throws {
        let text = String(repeating: open, count: 100_000)
        #expect(try #require(throws: Problem.self) { try Notation.decode(text) }.code == "notation.limit")
    }
}
