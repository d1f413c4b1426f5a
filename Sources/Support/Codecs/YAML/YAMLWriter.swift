// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Writes values as YAML in block style.
struct YAMLWriter {
    private(set) var output: [UInt8] = []

    /// Writes a whole document.
    mutating func document(_ value: Value) {
        let value = Self.prepared(value)
        if isBlock(value) {
            block(value, level: 0, indentsFirst: true)
        } else {
            scalar(value, level: 0)
        }
    }

    /// The value, or the map of one reserved key that stands for it.
    private static func prepared(_ value: Value) -> Value {
        if case .float = value { return value }
        guard let form = ReservedForm.encode(value) else { return value }
        return .map(ValueMap(sortedKeys: [.text(form.key)], [form.content]))
    }

    /// Whether it takes lines of its own.
    private func isBlock(_ value: Value) -> Bool {
        switch value {
        case .list(let items): !items.isEmpty
        case .map(let map): !map.isEmpty
        default: false
        }
    }

    private mutating func block(_ value: Value, level: Int, indentsFirst: Bool) {
        var indents = indentsFirst
        if case .list(let items) = value {
            for item in items {
                if indents { indent(level) }
                append("- ")
                listItem(item, level: level)
                indents = true
            }
        } else if case .map(let map) = value {
            for (key, item) in map {
                if indents { indent(level) }
                entry(key.text ?? "", item, level: level)
                indents = true
            }
        }
    }

    private mutating func listItem(_ item: Value, level: Int) {
        let item = Self.prepared(item)
        if isBlock(item) {
            block(item, level: level + 1, indentsFirst: false)
        } else {
            scalar(item, level: level)
        }
    }

    private mutating func entry(_ key: String, _ value: Value, level: Int) {
        let text = YAMLText.inline(key)
        if text.utf8.count > YAMLText.keyLengthLimit {
            append("? \(text)\n")
            indent(level)
        } else {
            append(text)
        }
        let value = Self.prepared(value)
        if isBlock(value) {
            append(":\n")
            block(value, level: level + 1, indentsFirst: true)
        } else {
            append(": ")
            scalar(value, level: level)
        }
    }

    /// Writes what begins on the line under way, and ends the line.
    private mutating func scalar(_ value: Value, level: Int) {
        switch value {
        case .text(let text):
            if let header = YAMLText.literalHeader(text) { return literal(text, header, level: level + 1) }
            append(YAMLText.inline(text))
        case .float(let number) where !number.isFinite: append(number.isNaN ? ".nan" : number < 0 ? "-.inf" : ".inf")
        case .list: append("[]")
        case .map: append("{}")
        default: output += JSON.encodeBytes(value)
        }
        append("\n")
    }

    private mutating func literal(_ text: String, _ header: String, level: Int) {
        append(header)
        append("\n")
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for line in text.utf8.last == UInt8(ascii: "\n") ? lines.dropLast() : lines[...] {
            if !line.isEmpty { indent(level) }
            output.append(contentsOf: line)
            append("\n")
        }
    }

    private mutating func indent(_ level: Int) {
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
    }

    private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }
}

/// How texts are written in YAML.
enum YAMLText {
    /// Longer keys are written with `?`; YAML lets others have 1024 characters.
    static let keyLengthLimit = 128

    /// What YAML 1.1 takes for other kinds, in lower case.
    private static let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "~", "<<", "="]

    /// The text on one line: plain, or in double quotes.
    static func inline(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

    /// The first line of a literal block that holds the text, if it has several lines and can stand in one.
    static func literalHeader(_ text: String) -> String? {
        guard text.unicodeScalars.contains("\n"), let first = text.unicodeScalars.first, first != " ", first != "\n" else {
            return nil
        }
        let isSafe = text.unicodeScalars.allSatisfy { $0 == "\n" || isPrintable($0) }
        guard isSafe, !holds(text, " ", before: "\n"), text.utf8.last != UInt8(ascii: " ") else { return nil }
        let breaks = text.utf8.reversed().prefix { $0 == UInt8(ascii: "\n") }.count
        return breaks > 1 ? "|+" : breaks == 1 ? "|" : "|-"
    }

    /// Whether the text can stand without quotes and no reader takes it for another kind.
    private static func isPlain(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, let last = scalars.last, isPlainStart(first), last != " ", last != ":" else {
            return false
        }
        guard scalars.allSatisfy(isPrintable), !holds(text, ":", before: " "), !holds(text, " ", before: "#") else {
            return false
        }
        // At the beginning of a line that is the end of a document.
        guard !text.utf8.starts(with: "... ".utf8), !words.contains(text.lowercased()) else { return false }
        return first.value >= 0x41 || !scalars.allSatisfy(isNumeric) && YAMLNode.resolve(plain: text) == .text(text)
    }

    /// Whether one ASCII character follows another one. Characters of Swift would not do: marks combine with what is before them.
    private static func holds(_ text: String, _ first: Unicode.Scalar, before second: Unicode.Scalar) -> Bool {
        zip(text.unicodeScalars, text.unicodeScalars.dropFirst()).contains { $0 == first && $1 == second }
    }

    private static func isPlainStart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "/", ".", "$", "(", "<": true
        default: scalar.value > 0xa0
        }
    }

    /// Whether it occurs in numbers and dates of YAML 1.1.
    private static func isNumeric(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "a"..."f", "A"..."F", "x", "o", "_", ".", ":", "+", "-", "T", "t", "Z", " ": true
        case "i", "n", "I", "N": true
        default: false
        }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7f, 0xa0..<0x2028, 0x202a..<0xd800, 0xe000..<0xfeff, 0xff00..<0xfffe, 0x10000...: true
        default: false
        }
    }

    private static func quoted(_ text: String) -> String {
        quotedText(text) { isPrintable($0) ? nil : "\\u" + codeName($0).dropFirst(2) }
    }
}
