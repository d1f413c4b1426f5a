// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// A small generator whose numbers follow from its seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
        return bits ^ bits >> 31
    }

    /// Whether something that happens once in so many times happens.
    mutating func chance(_ times: Int) -> Bool { Int.random(in: 0..<times, using: &self) == 0 }
}

/// Makes values of all kinds, with a liking for what codecs get wrong.
struct RandomValues {
    var generator: SeededGenerator

    private static let texts = [
        "", " ", "a", "true", "True", "null", "~", "yes", "No", "0", "-1", "1.0", "1e3", ".5", "0x1f", "0o7", "017", "1:30",
        "2001-01-01", "1_000", "<<", "=", "-", "- a", "a: b", "a:", "a #b", "#", "*a", "&a", "!a", "%a", "@a", "`a", "[", "]",
        "{}", "|", ">", "'", "\"", "\\", "a\nb", "a\nb\n", "a\n\n", "\na", " a\nb", "a \nb", "a\n b\n", "\n", "a\tb", "\r\n",
        "\u{0}", "\u{7f}", "\u{85}", "\u{2028}", "\u{feff}", "\u{ffff}", "é", "e\u{301}", "😀", "\u{10ffff}", "---", "...",
        "$", "$call", "$x", "?", "? a", "key with spaces", ".inf", "-.INF", ".nan", "+", ".", "\u{200f}x", "e5", "1e",
        "x\n\n\ny",
    ]

    mutating func text() -> String {
        if generator.chance(3) { return Self.texts[Int.random(in: 0..<Self.texts.count, using: &generator)] }
        if generator.chance(40) { return String(repeating: "long ", count: 300) }
        let length = Int.random(in: 0..<12, using: &generator)
        var scalars = String.UnicodeScalarView()
        for _ in 0..<length {
            let code =
                generator.chance(4)
                ? UInt32.random(in: 0..<0x11_0000, using: &generator) : .random(in: 0x20..<0x7f, using: &generator)
            scalars.append(Unicode.Scalar(code) ?? "\n")
        }
        return String(scalars)
    }

    mutating func value(depth: Int = 0) -> Value {
        switch Int.random(in: 0..<(depth < 5 ? 14 : 8), using: &generator) {
        case 0: .null
        case 1: .boolean(Bool.random(using: &generator))
        case 2: .integer(Int64(bitPattern: generator.next()) >> Int64.random(in: 0..<64, using: &generator))
        case 3: .number(generator.next())
        case 4: .float(float())
        case 5: .blob((0..<Int.random(in: 0..<9, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) })
        case 6, 7: .text(text())
        case 8, 9: .list(list(depth))
        case 10, 11: .map(ValueMap(list(depth).map { (.text(text()), $0) }))
        case 12:
            generator.chance(2)
                ? .map(ValueMap(list(depth).map { ($0, value(depth: depth + 1)) }))
                : .custom(kind: text(), value: value(depth: depth + 1))
        default:
            .call(
                Call(
                    FunctionName(plugin: "p" + String(depth), name: "f:" + text()), list(depth),
                    mode: Call.Mode.allCases.randomElement(using: &generator) ?? .normal))
        }
    }

    private mutating func list(_ depth: Int) -> [Value] {
        (0..<Int.random(in: 0..<5, using: &generator)).map { _ in value(depth: depth + 1) }
    }

    private mutating func float() -> Double {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: Double(bitPattern: generator.next())
        case 1: Double(Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())))
        case 2:
            Double(Int.random(in: -70000...70000, using: &generator)) / Double(1 << Int.random(in: 0..<30, using: &generator))
        case 3:
            [0.0, -0.0, .infinity, -.infinity, .nan, 65504, 65536, 5.960464477539063e-8, 6.103515625e-5][
                Int.random(in: 0..<9, using: &generator)]
        default: Double.random(in: -1000...1000, using: &generator)
        }
    }
}
