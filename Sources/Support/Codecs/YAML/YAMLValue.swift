// SPDX-License-Identifier: Apache-2.0 OR MIT

extension YAMLNode {
    private static let tagPrefix = "tag:yaml.org,2002:"

    /// The value that the node stands for by the core schema of YAML 1.2.
    ///
    /// Plain scalars are resolved (see ``resolve(plain:)``), all others are text, unless a tag says otherwise.
    /// The order of a mapping's entries is lost.
    public var value: Value {
        switch content {
        case .scalar(let text): resolved(text)
        case .sequence(let items): .list(items.map(\.value))
        case .mapping(let entries): .map(ValueMap(entries.map { ($0.key.value, $0.value.value) }))
        }
    }

    /// The value of a plain scalar:
    ///
    /// * nothing, `~`, `null`, `Null`, `NULL` are null
    /// * `true` and `false` are truth values, only in lower case, as TOSCA wants
    /// * decimal digits with an optional sign, `0o` and octal, `0x` and hexadecimal digits are integers; what does not fit in
    ///   64 bits stays text, so that nothing is lost
    /// * decimal numbers with a point or an exponent, `.inf`, `-.inf`, `.nan` (also `.Inf`, `.INF`, `.NaN`, `.NAN`) are floats
    /// * all else is text
    public static func resolve(plain text: String) -> Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true": return true
        case "false": return false
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
        case ".nan", ".NaN", ".NAN": return .float(.nan)
        default: return number(text) ?? .text(text)
        }
    }

    /// The value of the node, with maps of one reserved key (`$call` and so on) taken for what they stand for.
    func decoded() throws(Problems) -> Value {
        var problems: [Problem] = []
        let value = decoded(&problems)
        guard problems.isEmpty else { throw Problems(problems) }
        return value
    }

    /// What is wrong with the node's tag.
    var tagProblem: Problem? {
        guard let tag, tag != "!" else { return nil }
        let name = tag.hasPrefix(Self.tagPrefix) ? String(tag.dropFirst(Self.tagPrefix.count)) : tag
        let shown = name == tag ? tag : "!!\(name)"
        switch (name, content) {
        case ("seq", .sequence), ("map", .mapping), ("str", .scalar), ("timestamp", .scalar), ("merge", .scalar("<<")):
            return nil
        case ("int", .scalar(let text)), ("float", .scalar(let text)), ("bool", .scalar(let text)), ("null", .scalar(let text)),
            ("binary", .scalar(let text)):
            if tagged(name, text) != nil { return nil }
        case ("seq", _), ("map", _), ("str", _), ("timestamp", _), ("int", _), ("float", _), ("bool", _), ("null", _),
            ("binary", _):
            break
        default: return Problem("yaml.unknown-tag", "the tag ‘\(shown)’ is unknown", at: .source(location))
        }
        return Problem("yaml.tag-mismatch", "what follows is not what the tag ‘\(shown)’ says", at: .source(location))
    }

    private func decoded(_ problems: inout [Problem]) -> Value {
        switch content {
        case .scalar: return value
        case .sequence(let items): return .list(items.map { $0.decoded(&problems) })
        case .mapping(let entries):
            if entries.count == 1, let key = entries[0].key.scalar, key.utf8.first == UInt8(ascii: "$") {
                let content = entries[0].value.decoded(&problems)
                do {
                    return try ReservedForm.decode(key, content)
                } catch {
                    problems.append(Problem("yaml.reserved", error.message, at: .source(location), hint: error.hint))
                    return .null
                }
            }
            return .map(ValueMap(entries.map { ($0.key.decoded(&problems), $0.value.decoded(&problems)) }))
        }
    }

    private func resolved(_ text: String) -> Value {
        guard let tag else { return style == .plain ? Self.resolve(plain: text) : .text(text) }
        return tag.hasPrefix(Self.tagPrefix) ? tagged(tag.dropFirst(Self.tagPrefix.count), text) ?? .text(text) : .text(text)
    }

    private func tagged(_ name: some StringProtocol, _ text: String) -> Value? {
        let plain = Self.resolve(plain: text)
        switch (name, plain) {
        case ("int", .integer), ("int", .unsigned), ("float", .float), ("bool", .boolean), ("null", .null): return plain
        case ("float", .integer), ("float", .unsigned): return plain.float.map(Value.float)
        case ("binary", _): return Base64.decode(text.filter { !$0.isWhitespace }).map(Value.blob)
        default: return nil
        }
    }

    private static func number(_ text: String) -> Value? {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, first < UInt8(ascii: ":") else { return nil }
        if text.hasPrefix("0o") { return digits(bytes.dropFirst(2), radix: 8) }
        if text.hasPrefix("0x") { return digits(bytes.dropFirst(2), radix: 16) }
        let isSigned = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
        let unsigned = isSigned ? bytes.dropFirst() : bytes[...]
        if unsigned.allSatisfy(isDigit) {
            guard !unsigned.isEmpty else { return nil }
            if let number = Int64(text) { return .integer(number) }
            return UInt64(text).map(Value.number)
        }
        guard isDecimal(unsigned), let number = Double(text), number.isFinite else { return nil }
        return .float(number)
    }

    private static func digits(_ bytes: ArraySlice<UInt8>, radix: Int) -> Value? {
        guard let first = bytes.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        return UInt64(String(decoding: bytes, as: UTF8.self), radix: radix).map(Value.number)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Whether it is digits with a point or an exponent or both, at least one digit among them.
    private static func isDecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
        let whole = bytes.prefix(while: isDigit)
        var rest = bytes.dropFirst(whole.count)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: isDigit)
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return false }
        guard let exponent = rest.first else { return true }
        guard exponent | 0x20 == UInt8(ascii: "e") else { return false }
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }
}
