// SPDX-License-Identifier: Apache-2.0 OR MIT

extension JSON {
    /// Parses a JSON text. Throws the problem `plugin.malformed-json`.
    public init(parsing text: String) throws(PluginError) {
        let bytes = Array(text.utf8)
        self = try bytes.withUnsafeBufferPointer { bytes throws(PluginError) in try JSON(parsing: bytes) }
    }

    /// Parses the UTF-8 bytes of a JSON text. Throws the problem `plugin.malformed-json`.
    public init(parsing bytes: UnsafeBufferPointer<UInt8>) throws(PluginError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.parseDocument()
    }
}

struct JSONParser {
    /// The deepest nesting that is read: the host's own.
    private static let depthLimit = 128

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func parseDocument() throws(PluginError) -> JSON {
        let value = try parseValue()
        guard next() == nil else { throw malformed("there is more than one value") }
        return value
    }

    private mutating func parseValue() throws(PluginError) -> JSON {
        switch next() ?? 0 {
        case UInt8(ascii: "{"): try parseObject()
        case UInt8(ascii: "["): try parseList()
        case UInt8(ascii: "\""): .text(try parseText())
        case UInt8(ascii: "t"): try parse("true", .boolean(true))
        case UInt8(ascii: "f"): try parse("false", .boolean(false))
        case UInt8(ascii: "n"): try parse("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try parseNumber()
        default: throw malformed("a value was expected")
        }
    }

    private mutating func parseObject() throws(PluginError) -> JSON {
        var members: [JSONObject.Member] = []
        try enter()
        while try !leaves(UInt8(ascii: "}"), isFirst: members.isEmpty) {
            guard next() == UInt8(ascii: "\"") else { throw malformed("a key was expected") }
            let key = try parseText()
            guard next() == UInt8(ascii: ":") else { throw malformed("‘:’ was expected") }
            position += 1
            members.append(JSONObject.Member(key: key, value: try parseValue()))
        }
        if members.count == 1, members[0].key == "$float", let number = specialFloat(members[0].value) { return .float(number) }
        return .object(JSONObject(unchecked: members))
    }

    private func specialFloat(_ value: JSON) -> Double? {
        switch value.text {
        case "nan": .nan
        case "inf": .infinity
        case "-inf": -.infinity
        default: nil
        }
    }

    private mutating func parseList() throws(PluginError) -> JSON {
        var items: [JSON] = []
        try enter()
        while try !leaves(UInt8(ascii: "]"), isFirst: items.isEmpty) { items.append(try parseValue()) }
        return .list(items)
    }

    private mutating func enter() throws(PluginError) {
        position += 1
        depth += 1
        if depth > Self.depthLimit { throw malformed("it is nested too deeply") }
    }

    /// Whether the list or object ends here; otherwise what separates its items has been read.
    private mutating func leaves(_ end: UInt8, isFirst: Bool) throws(PluginError) -> Bool {
        let byte = next()
        if byte == end {
            position += 1
            depth -= 1
            return true
        }
        if !isFirst {
            guard byte == UInt8(ascii: ",") else { throw malformed("‘,’ was expected") }
            position += 1
        }
        return false
    }

    private mutating func parse(_ word: StaticString, _ value: JSON) throws(PluginError) -> JSON {
        for offset in 0..<word.utf8CodeUnitCount {
            guard position < bytes.count, bytes[position] == word.utf8Start[offset] else {
                throw malformed("a value was expected")
            }
            position += 1
        }
        return value
    }

    private mutating func parseNumber() throws(PluginError) -> JSON {
        var decimal = Decimal()
        let start = position
        var isFloat = false
        while position < bytes.count, decimal.accepts(bytes[position], isFloat: &isFloat) { position += 1 }
        if !isFloat, let integer = decimal.integer { return integer }
        guard let number = decimal.float else {
            position = start
            throw malformed("a number is malformed")
        }
        return .float(number)
    }

    private mutating func parseText() throws(PluginError) -> String {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
            position += 1
        }
        guard position < bytes.count else { throw malformed("a text has no end") }
        if bytes[position] == UInt8(ascii: "\"") {
            position += 1
            return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position - 1]), as: UTF8.self)
        }
        return try parseEscapedText(Array(bytes[start..<position]))
    }

    private mutating func parseEscapedText(_ begun: [UInt8]) throws(PluginError) -> String {
        var text = begun
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte != UInt8(ascii: "\\") {
                text.append(byte)
            } else {
                try parseEscape(into: &text)
            }
        }
        throw malformed("a text has no end")
    }

    private mutating func parseEscape(into text: inout [UInt8]) throws(PluginError) {
        guard position < bytes.count else { throw malformed("a text has no end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "u"): text.append(contentsOf: Array(String(Character(try parseUnicodeEscape())).utf8))
        default: throw malformed("an escape is unknown")
        }
    }

    private mutating func parseUnicodeEscape() throws(PluginError) -> Unicode.Scalar {
        var code = try parseHexadecimal()
        if 0xd800..<0xdc00 ~= code, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            let low = try parseHexadecimal()
            guard 0xdc00..<0xe000 ~= low else { throw malformed("a surrogate stands alone") }
            code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw malformed("a surrogate stands alone") }
        return scalar
    }

    private mutating func parseHexadecimal() throws(PluginError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw malformed("a text has no end") }
        var code: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): code = code << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): code = code << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): code = code << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: throw malformed("an escape is unknown")
            }
        }
        return code
    }

    /// The next byte that is no white space, without reading it.
    private mutating func next() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            case let byte: return byte
            }
        }
        return nil
    }

    private func malformed(_ what: String) -> PluginError {
        PluginError("plugin.malformed-json", "\(what), at byte \(position) of a JSON text")
    }
}
