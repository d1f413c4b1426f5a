// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Reads what languages with the scalars of JSON have in common: texts in quotes, numbers, and where something stands.
/// The source is passed to every step, as a span cannot be kept; it is valid UTF-8.
package struct ScalarReader {
    /// The first part of the codes of problems.
    private let area: String
    private let limits: CodecLimits
    private let file: String
    /// The byte that is read next.
    package var position = 0
    /// How many values may still be read.
    package var remaining: Int

    /// Begins at the first byte.
    package init(area: String, limits: CodecLimits, file: String) {
        self.area = area
        self.limits = limits
        self.file = file
        remaining = limits.count
    }

    /// Counts a value that begins at the position.
    package mutating func spend(_ source: Span<UInt8>) throws(Problem) {
        remaining -= 1
        guard remaining >= 0 else {
            throw failure("limit", "there are more than the \(limits.count) values that are allowed", at: position, source)
        }
    }

    /// Fails if something follows the one thing that a text holds.
    package func checkEnd(of what: String, _ source: Span<UInt8>) throws(Problem) {
        guard position == source.count else {
            throw failure(
                "trailing", "\(found(source)) follows the \(what)", at: position, source, hint: "a text holds one \(what)")
        }
    }

    /// The problem that something stands within too much.
    package func tooDeep(at offset: Int, _ source: Span<UInt8>) -> Problem {
        failure("limit", "the nesting is deeper than the \(limits.depth) levels that are allowed", at: offset, source)
    }

    /// Fails if the source is too large or isn't UTF-8. To be called before anything is read.
    package func check(_ source: Span<UInt8>) throws(Problem) {
        guard source.count <= limits.size else {
            throw Problem("\(area).limit", "the text has \(source.count) bytes, more than the \(limits.size) that are allowed")
        }
        do {
            _ = try UTF8Span(validating: source)
        } catch {
            throw failure("utf8", "the text is not valid UTF-8", at: error.byteOffsets.lowerBound, source)
        }
    }

    /// Passes a byte if it is the one at the position.
    package mutating func take(_ byte: UInt8, _ source: Span<UInt8>) -> Bool {
        guard position < source.count, source[position] == byte else { return false }
        position += 1
        return true
    }

    /// Reads a text in quotes.
    package mutating func string(_ source: Span<UInt8>) throws(Problem) -> String {
        position += 1
        let start = position
        while position < source.count {
            switch source[position] {
            case UInt8(ascii: "\""):
                let text = Self.text(source, start..<position)
                position += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(source, start: start)
            case 0..<0x20: throw controlCharacter(source)
            default: position += 1
            }
        }
        throw expected("the closing quote", source)
    }

    private mutating func escapedString(_ source: Span<UInt8>, start: Int) throws(Problem) -> String {
        var text = Self.text(source, start..<position)
        while position < source.count {
            switch source[position] {
            case UInt8(ascii: "\""):
                position += 1
                return text
            case UInt8(ascii: "\\"): text.unicodeScalars.append(try escape(source))
            case 0..<0x20: throw controlCharacter(source)
            default:
                let start = position
                while position < source.count, Self.isPlain(source[position]) { position += 1 }
                text += Self.text(source, start..<position)
            }
        }
        throw expected("the closing quote", source)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// The whole source was checked before, and the range ends at ASCII characters.
    private static func text(_ source: Span<UInt8>, _ range: Range<Int>) -> String {
        String(copying: UTF8Span(unchecked: source.extracting(range)))
    }

    private mutating func escape(_ source: Span<UInt8>) throws(Problem) -> Unicode.Scalar {
        let start = position
        guard position + 1 < source.count else {
            position = source.count
            throw expected("the rest of the escape sequence", source)
        }
        position += 2
        switch source[position - 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(source, start: start)
        default:
            position = start + 1
            throw failure("syntax", "\(found(source)) cannot follow ‘\\’ in a text", at: start, source)
        }
    }

    private mutating func unicodeEscape(_ source: Span<UInt8>, start: Int) throws(Problem) -> Unicode.Scalar {
        let first = try hexadecimal(source)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let isPaired =
            first < 0xdc00 && position + 1 < source.count && source[position] == UInt8(ascii: "\\")
            && source[position + 1] == UInt8(ascii: "u")
        if isPaired {
            position += 2
            let second = try hexadecimal(source)
            let code = 0x10000 + (first - 0xd800) << 10 + (UInt32(second) &- 0xdc00)
            if (0xdc00...0xdfff).contains(second), let scalar = Unicode.Scalar(code) { return scalar }
        }
        throw failure(
            "surrogate", "the escape sequence is half of a surrogate pair, which is no character", at: start, source)
    }

    private mutating func hexadecimal(_ source: Span<UInt8>) throws(Problem) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard position < source.count, let digit = Character(Unicode.Scalar(source[position])).hexDigitValue else {
                throw expected("a hexadecimal digit", source)
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    /// Reads a number: an integer if it has neither fraction nor exponent.
    package mutating func number(_ source: Span<UInt8>) throws(Problem) -> Value {
        let start = position
        let isNegative = source[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let digits = position
        var magnitude: UInt64 = 0
        var overflows = false
        while position < source.count, let digit = Self.digit(source[position]) {
            let (product, tooMuch) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, stillTooMuch) = product.addingReportingOverflow(digit)
            overflows = overflows || tooMuch || stillTooMuch
            magnitude = sum
            position += 1
        }
        guard position > digits else { throw expected("a digit", source) }
        guard source[digits] != UInt8(ascii: "0") || position == digits + 1 else {
            throw failure("number", "a number cannot begin with an additional ‘0’", at: start, source)
        }
        if try skipFraction(source) { return .float(try float(source, start..<position)) }
        if !overflows, !isNegative { return .number(magnitude) }
        if !overflows, magnitude <= Int64.min.magnitude { return .integer(0 &- Int64(truncatingIfNeeded: magnitude)) }
        throw failure(
            "number", "\(Self.shown(source, start..<position)) does not fit in 64 bits", at: start, source,
            hint: "write it as text, or as a float if the exact value does not matter")
    }

    private mutating func skipFraction(_ source: Span<UInt8>) throws(Problem) -> Bool {
        var isFloat = false
        if position < source.count, source[position] == UInt8(ascii: ".") {
            isFloat = true
            position += 1
            try skipDigits(source)
        }
        if position < source.count, source[position] | 0x20 == UInt8(ascii: "e") {
            isFloat = true
            position += 1
            if position < source.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(source[position]) { position += 1 }
            try skipDigits(source)
        }
        return isFloat
    }

    private mutating func skipDigits(_ source: Span<UInt8>) throws(Problem) {
        let start = position
        while position < source.count, Self.digit(source[position]) != nil { position += 1 }
        if position == start { throw expected("a digit", source) }
    }

    private func float(_ source: Span<UInt8>, _ range: Range<Int>) throws(Problem) -> Double {
        let text = Self.text(source, range)
        guard let number = Double(text), number.isFinite else {
            throw failure("number", "\(Self.shown(source, range)) is too large for a float", at: range.lowerBound, source)
        }
        return number
    }

    private static func shown(_ source: Span<UInt8>, _ range: Range<Int>) -> String {
        range.count > 40 ? text(source, range.prefix(39)) + "…" : text(source, range)
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        let digit = byte &- UInt8(ascii: "0")
        return digit < 10 ? UInt64(digit) : nil
    }
}

// Problems
extension ScalarReader {
    /// The place of a byte of the source.
    package func place(at offset: Int, _ source: Span<UInt8>) -> Problem.Place {
        .source(SourceLocation(file: file, byte: offset, of: source))
    }

    /// A problem at a byte of the source; `code` lacks the area.
    package func failure(_ code: String, _ message: String, at offset: Int, _ source: Span<UInt8>, hint: String? = nil)
        -> Problem
    {
        Problem("\(area).\(code)", message, at: place(at: offset, source), hint: hint)
    }

    /// The problem that something else stands at the position.
    package func expected(_ what: String, _ source: Span<UInt8>) -> Problem {
        failure("syntax", "expected \(what), found \(found(source))", at: position, source)
    }

    /// What stands at the position, in words.
    package func found(_ source: Span<UInt8>) -> String {
        guard position < source.count else { return "the end of the text" }
        let rest = source.extracting(position..<min(position + 4, source.count))
        var decoder = UTF8()
        var bytes = (0..<rest.count).map { rest[$0] }.makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return "a byte that is no character" }
        if scalar == "\n" { return "the end of the line" }
        return scalar.value < 0x20 || scalar.value == 0x7f ? "the control character \(codeName(scalar))" : "‘\(scalar)’"
    }

    private func controlCharacter(_ source: Span<UInt8>) -> Problem {
        failure(
            "syntax", "\(found(source)) stands within a text", at: position, source,
            hint: "write control characters as escape sequences, for example \\n")
    }
}

/// The usual name of a Unicode scalar, for example `U+0085`.
package func codeName(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
