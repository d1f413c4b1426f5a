// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Testing

/// Which values are equal, and how they are ordered.
struct ValueTests {
    @Test func `there is one integer 1, and it is no float`() {
        #expect(Value.integer(1) == .unsigned(1))
        #expect(Value.integer(1).hashValue == Value.unsigned(1).hashValue)
        #expect(Value.number(1) == 1)
        #expect(Value.integer(1) != 1.0)
        #expect(Value.integer(-1) != .unsigned(.max))
        #expect(CBOR.encode(.unsigned(1)) == CBOR.encode(1))
        let map: ValueMap = ValueMap([(.unsigned(1), "a"), (.integer(1), "b")])
        #expect(map.count == 1)
    }

    @Test func `integers are in order, whatever range they are of`() {
        let numbers: [Value] = [
            .integer(Int64.min), -1, 0, 1, .unsigned(2), 3, .integer(Int64.max), .unsigned(1 << 63), .unsigned(.max),
        ]
        #expect(numbers.reversed().sorted() == numbers)
        #expect(!(Value.unsigned(1) < .integer(1)) && !(Value.integer(1) < .unsigned(1)))
        #expect(Value.integer(-1) < .unsigned(0) && !(Value.unsigned(0) < .integer(-1)))
    }

    @Test func `texts, kinds and names are equal if their bytes are`() {
        let (short, long) = ("é", "e\u{301}")
        #expect(Value.text(short) != .text(long))
        #expect(Value.custom(kind: short, value: 1) != .custom(kind: long, value: 1))
        let calls = [short, long].map { Value.call(Call(FunctionName(plugin: "p", name: $0))) }
        #expect(calls[0] != calls[1])
        #expect(ValueMap(calls.map { ($0, 1) }).count == 2)
        #expect((calls[0] < calls[1]) != (calls[1] < calls[0]))
    }

    @Test func `comparing what is deep takes no longer than looking at it once`() throws {
        // 100 lists in each other, as two keys: this took 2¹⁰⁰ steps.
        let deep = { (end: Value) in (0..<100).reduce(end) { value, level in level % 2 == 0 ? [value] : [value: 1] } }
        #expect(deep(1) < deep(2) && !(deep(2) < deep(1)) && !(deep(1) < deep(1)))
        let map: Value = [deep(2): "b", deep(1): "a"]
        #expect(try CBOR.decode(CBOR.encode(map)) == map)
    }

    @Test(arguments: ["a: \u{301}b", "a \u{301}#", "a:\u{301}", "a \n\u{301}", "a\n\u{301}b\n", "a \u{301}\n"])
    func `a mark that combines with what is before it is a character of its own in every form`(text: String) throws {
        let value: Value = [.text(text), .object([text: 1]), .call(Call(FunctionName(plugin: "p", name: "\u{301}" + text)))]
        #expect(try YAML.decode(Array(YAML.encode(value).utf8)) == value)
        #expect(try JSON.decode(JSON.encode(value)) == value)
        #expect(try CBOR.decode(CBOR.encode(value)) == value)
    }

    @Test func `the depth counts lists, maps, custom values and calls`() {
        let value: Value = [["a": .custom(kind: "k", value: .call(Call(FunctionName(plugin: "p", name: "f"), [1])))]]
        #expect(value.isDeeper(than: 3))
        #expect(!value.isDeeper(than: 4))
        #expect(!Value.null.isDeeper(than: 0))
        #expect(Value.list([]).isDeeper(than: 0))
        #expect(([[[]]: 1] as Value).isDeeper(than: 2))
    }
}
