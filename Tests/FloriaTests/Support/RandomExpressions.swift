// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Random values of every kind, with a liking for what a notation gets wrong.
struct RandomExpressions {
    var random: RandomEntities

    init(seed: UInt64) { random = RandomEntities(seed: seed) }

    private static let texts = [
        "", " ", "a", "null", "true", "nan", "inf", "-inf", "1", "-1.0", "a:b", ":", "a:", ":a", "a:b:c", "a(", "(", ")", "#",
        "a#b",
        "*a", "&a", "@a", "<>", "[", "{", "}", ",", "\"", "\\", "\n", "\r\n", "\t", "\u{0}", "\u{7f}", "\u{85}", "\u{2028}",
        "\u{feff}",
        "\u{202e}", "é", "e\u{301}", "😀", "\u{10ffff}", "a b", "a-b.c_d", "-a", "1a", "_", "$call", "K", "\u{212a}",
    ]

    private static let floats: [Double] = [
        0, -0.0, .infinity, -.infinity, .nan, 1, -1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e15, 1e16, 0.1,
    ]

    private mutating func pick<Item>(_ items: [Item]) -> Item { items[Int(random.next() % UInt64(items.count))] }

    mutating func text() -> String { pick(Self.texts) + (random.next() % 4 == 0 ? pick(Self.texts) : "") }

    private mutating func list(_ depth: Int) -> [Value] { (0..<random.next() % 4).map { _ in value(depth: depth - 1) } }

    mutating func value(depth: Int = 4) -> Value {
        switch random.next() % (depth > 0 ? 16 : 9) {
        case 0: .null
        case 1: .boolean(random.next() % 2 == 0)
        case 2: .integer(Int64(bitPattern: random.next()) >> Int64(random.next() % 64))
        case 3: .number(random.next())
        case 4: .float(pick(Self.floats))
        case 5: .float(Double(bitPattern: random.next()))
        case 6: .blob((0..<random.next() % 7).map { _ in UInt8(truncatingIfNeeded: random.next() >> 8) })
        case 7, 8: .text(text())
        case 9, 10: .list(list(depth))
        case 11: .map(ValueMap(list(depth).map { (.text(text()), $0) }))
        case 12: .map(ValueMap(list(depth).map { ($0, value(depth: depth - 1)) }))
        case 13: .custom(kind: text(), value: value(depth: depth - 1))
        default: .call(Call(function(), list(depth), mode: pick(Call.Mode.allCases)))
        }
    }

    private mutating func function() -> FunctionName {
        let plugin = text().replacing(":", with: "")
        let name = text()
        return FunctionName(plugin: plugin.isEmpty ? "p" : plugin, name: name.isEmpty ? "f" : name)
    }
}
