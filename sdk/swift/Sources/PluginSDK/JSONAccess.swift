// SPDX-License-Identifier: Apache-2.0 OR MIT

extension JSON {
    /// The text, if it is one.
    public var text: String? { if case .text(let text) = self { text } else { nil } }
    /// The integer, if it is one that fits.
    public var integer: Int? { if case .integer(let number) = self { Int(exactly: number) } else { nil } }
    /// The integer in full width, if it is one that fits.
    public var int64: Int64? { if case .integer(let number) = self { number } else { nil } }
    /// The number as a float, if it is a number.
    public var float: Double? {
        switch self {
        case .float(let number): number
        case .integer(let number): Double(number)
        case .unsigned(let number): Double(number)
        default: nil
        }
    }
    /// The truth value, if it is one.
    public var boolean: Bool? { if case .boolean(let flag) = self { flag } else { nil } }
    /// The items, if it is a list.
    public var list: [JSON]? { if case .list(let items) = self { items } else { nil } }
    /// The texts of a list, leaving out what is no text; nil if it is no list.
    public var texts: [String]? { list?.compactMap { $0.text } }
    /// The members, if it is an object.
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    /// Whether it is null.
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// The value of a key, if this is an object that has it. Setting it makes an object of whatever this was.
    public subscript(key: String) -> JSON? {
        get { object?[key] }
        set {
            var object = self.object ?? JSONObject()
            object[key] = newValue
            self = .object(object)
        }
    }

    /// The item at a position, if this is a list that has it.
    public subscript(position: Int) -> JSON? {
        guard let list, list.indices.contains(position) else { return nil }
        return list[position]
    }

    /// Raw bytes: `{"$bytes": BASE64}`.
    public static func bytes(_ bytes: [UInt8]) -> JSON { ["$bytes": .text(Base64.encode(bytes))] }

    /// The bytes, if it is `{"$bytes": BASE64}`.
    public var bytes: [UInt8]? { reserved("$bytes")?.text.flatMap(Base64.decode) }

    /// A call of a function, `plugin:name`, to be evaluated by ``Host/evaluate(_:site:)``.
    public static func call(_ function: String, _ arguments: [JSON] = []) -> JSON {
        ["$call": ["function": .text(function), "arguments": .list(arguments)]]
    }

    /// The value within a custom value and its kind, if it is one.
    public var custom: (kind: String, value: JSON)? {
        guard let custom = reserved("$custom"), let kind = custom["kind"]?.text, let value = custom["value"] else { return nil }
        return (kind, value)
    }

    /// Whether it is a reference to a secret, which can be passed on but not read.
    public var isSecret: Bool { custom?.kind == "floria:secret" }

    private func reserved(_ key: String) -> JSON? {
        guard let object, object.count == 1 else { return nil }
        return object[key]
    }
}

enum Base64 {
    private static let digits = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? Int(bytes[start + offset]) : 0) }
            for digit in 0..<4 {
                text.append(digit <= count ? digits[group >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var group: UInt32 = 0
        var bits = 0
        for character in text.utf8 where character != UInt8(ascii: "=") {
            guard let digit = digits.firstIndex(of: character) else { return nil }
            group = group << 6 | UInt32(digit)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> bits))
            }
        }
        return bytes
    }
}
