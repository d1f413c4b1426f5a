// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Testing

struct YAMLTests {
    private func parse(_ text: String, limits: YAMLLimits = .standard) throws(Problems) -> [YAMLNode] {
        try YAML.parse(Array(text.utf8), file: "a.yaml", limits: limits)
    }

    @Test func `nodes know where and how they are written`() throws {
        let text = "é: &x !!str 12\nlist:\n- 'a'\n- {b: |\n    c\n   }\n"
        let nodes = try parse("ü: &x !!str 12\nlist:\n  - 'a'\n  - {\"b\": *x}\n  - |\n    c\n")
        #expect(throws: Problems.self) { try parse(text) }
        let root = try #require(nodes.first)
        let scalar = try #require(root["ü"])
        #expect(scalar.location.description == "a.yaml:1:4")
        #expect(scalar.anchor == "x" && scalar.tag == "tag:yaml.org,2002:str" && scalar.style == .plain)
        let items = try #require(root["list"]?.sequence)
        #expect(items.map(\.location.description) == ["a.yaml:3:5", "a.yaml:4:5", "a.yaml:5:5"])
        #expect(items.map(\.style) == [.singleQuoted, .flow, .literal])
        #expect(items[1]["b"]?.location.description == "a.yaml:1:4")
        #expect(root.value == ["ü": "12", "list": ["a", ["b": "12"], "c\n"]])
    }

    @Test(
        arguments: [
            ("", Value.null), ("~", .null), ("null", .null), ("nil", "nil"), ("true", true), ("True", "True"), ("yes", "yes"),
            ("0", 0), ("+7", 7), ("-12", -12), ("0o17", 15), ("0x1F", 31), ("017", 17), ("0x", "0x"), ("0o8", "0o8"),
            ("18446744073709551615", .unsigned(.max)), ("18446744073709551616", "18446744073709551616"),
            ("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("-.inf", .float(-.infinity)), (".NaN", .float(.nan)),
            (".", "."), ("1e", "1e"), ("1_000", "1_000"), ("1:30", "1:30"), ("2001-01-01", "2001-01-01"), ("+", "+"),
            ("-", "-"),
            ("0x-1", "0x-1"), ("1e999", "1e999"),
        ] as [(String, Value)])
    func `plain scalars are resolved by the core schema`(text: String, value: Value) {
        #expect(YAMLNode.resolve(plain: text) == value)
    }

    @Test func `quoted scalars are text and tags decide`() throws {
        #expect(
            try parse("['1', \"true\", !!int '7', !!float 7, !!str 7, ! 7, !!binary 'AQ==', !!null '']")[0].value
                == ["1", "true", 7, 7.0, "7", "7", .blob([1]), .null])
    }

    @Test func `merge keys add what the map does not have`() throws {
        let text = "a: &a {x: 1, y: 2}\nb: &b {x: 3, z: 4}\nc: {<<: [*a, *b], y: 5}\nd:\n  <<: *b\n  \"<<\": 6\n"
        #expect(throws: Problems.self) { try parse(text) }
        let value = try parse(text.replacing("  \"<<\": 6\n", with: ""))[0].value
        #expect(value["c"] == ["x": 1, "y": 5, "z": 4])
        #expect(value["d"] == ["x": 3, "z": 4])
    }

    @Test func `characters that only libyaml takes for line breaks are kept`() throws {
        let nodes = try parse("a: x\u{85}y\u{2028}z\nb: 'p\u{2029}q'\n")
        #expect(nodes[0].value == ["a": "x\u{85}y\u{2028}z", "b": "p\u{2029}q"])
        #expect(nodes[0]["b"]?.location.description == "a.yaml:2:4")
    }

    @Test func `a text holds any number of documents`() throws {
        #expect(try parse("").isEmpty)
        #expect(try parse("# only a comment\n").isEmpty)
        #expect(try parse("---\na: 1\n---\nb\n...\n").map(\.value) == [["a": 1], "b"])
        #expect(try parse("\u{FEFF}a: 1")[0].value == ["a": 1])
        let problems = #expect(throws: Problems.self) { try YAML.decode(Array("a\n---\nb".utf8)) }
        #expect(problems?.description == "YAML:3:1: the text holds more than one document [yaml.documents]")
    }

    @Test func `aliases cost what they repeat`() throws {
        let bomb =
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + zip("bcdefghi", "abcdefgh").map { name, previous in
                "\(name): &\(name) [" + repeatElement("*\(previous)", count: 9).joined(separator: ",") + "]\n"
            }.joined()
        let problems = #expect(throws: Problems.self) { try parse(bomb) }
        #expect(
            problems?.description
                == "a.yaml:7:8: with what this alias repeats, there are more than the 1048576 nodes that are allowed [yaml.limit]"
        )
    }
}
