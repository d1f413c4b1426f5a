// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What a scalar of YAML means by the core schema of YAML 1.2, and by its tag if it has one.
struct PlainScalar {
    /// The value; nil if it isn't a scalar, or if its tag does not fit its text.
    let value: Value?

    init(_ node: YAMLNode) {
        guard let text = node.text else {
            value = nil
            return
        }
        switch node.tag {
        case nil, "": value = node.style == .plain ? Self.resolve(text) : .text(text)
        case "!", "tag:yaml.org,2002:str": value = .text(text)
        case "tag:yaml.org,2002:int": value = Self.integer(text)
        case "tag:yaml.org,2002:float": value = Self.float(text) ?? Self.integer(text)?.float.map(Value.float)
        case "tag:yaml.org,2002:bool": value = text == "true" ? true : text == "false" ? false : nil
        case "tag:yaml.org,2002:null": value = .null
        case "tag:yaml.org,2002:binary": value = .text(text)
        default: value = nil
        }
    }

    private static func resolve(_ text: String) -> Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true": return true
        case "false": return false
        default: return integer(text) ?? float(text) ?? .text(text)
        }
    }

    private static func integer(_ text: String) -> Value? {
        if text.hasPrefix("0x") { return number(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return number(text.dropFirst(2), radix: 8) }
        let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        if let small = Int64(text) { return .integer(small) }
        return UInt64(text).map(Value.number)
    }

    private static func number(_ digits: Substring, radix: Int) -> Value? {
        guard let first = digits.first, first != "-", first != "+" else { return nil }
        return UInt64(digits, radix: radix).map(Value.number)
    }

    private static func float(_ text: String) -> Value? {
        switch text {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
        case ".nan", ".NaN", ".NAN": return .float(.nan)
        default: break
        }
        let isNumeric = text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
        guard isNumeric, text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return nil }
        return Double(text.hasSuffix(".") ? text + "0" : text).map(Value.float)
    }
}
