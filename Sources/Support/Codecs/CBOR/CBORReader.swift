// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Reads values from CBOR. The source is passed to every step, as a span cannot be kept.
struct CBORReader {
    var position = 0
    private let limits: CodecLimits
    private var remaining: Int

    init(limits: CodecLimits) {
        self.limits = limits
        remaining = limits.count
    }

    /// Reads the data item at the position.
    mutating func value(_ source: Span<UInt8>, depth: Int) throws(Problem) -> Value {
        let start = position
        try spend(at: start)
        let first = try byte(source)
        guard let type = CBORMajorType(rawValue: first >> 5) else { throw failure("malformed", "an unknown type", at: start) }
        if type == .simple { return try simple(first & 31, source, start) }
        let argument = try argument(first & 31, source, start)
        if type == .array || type == .map || type == .tag {
            guard depth < limits.depth else {
                throw failure("limit", "the nesting is deeper than the \(limits.depth) levels that are allowed", at: start)
            }
        }
        switch type {
        case .unsigned: return .number(argument)
        case .negative:
            guard argument <= UInt64(Int64.max) else {
                throw failure("number", "the integer does not fit in 64 bits", at: start)
            }
            return .integer(-1 - Int64(argument))
        case .bytes:
            let content = source.extracting(try content(argument, source, start))
            return .blob(content.withUnsafeBufferPointer(Array.init))
        case .text: return .text(try text(argument, source, start))
        case .array: return .list(try list(argument, source, start, depth: depth + 1))
        case .map: return .map(try map(argument, source, start, depth: depth + 1))
        case .tag: return try tagged(argument, source, start, depth: depth + 1)
        case .simple: throw failure("malformed", "a simple value in the wrong place", at: start)
        }
    }

    private mutating func list(
        _ count: UInt64, _ source: Span<UInt8>, _ start: Int, depth: Int
    ) throws(Problem) -> [Value] {
        try check(count, source, start)
        var items: [Value] = []
        // What is claimed may be more than what comes.
        items.reserveCapacity(Int(min(count, 64)))
        for _ in 0..<count { items.append(try value(source, depth: depth)) }
        return items
    }

    private mutating func map(
        _ count: UInt64, _ source: Span<UInt8>, _ start: Int, depth: Int
    ) throws(Problem) -> ValueMap {
        try check(count, source, start)
        var entries: [(Value, Value)] = []
        for _ in 0..<count {
            let key = try value(source, depth: depth)
            entries.append((key, try value(source, depth: depth)))
        }
        let map = ValueMap(entries)
        guard map.count == entries.count else { throw failure("duplicate-key", "a key stands twice in one map", at: start) }
        return map
    }

    /// Reads the array that a tag stands before. It is no level of its own.
    private mutating func tagged(
        _ tag: UInt64, _ source: Span<UInt8>, _ start: Int, depth: Int
    ) throws(Problem) -> Value {
        switch tag {
        case CBOR.callTag:
            if let count = try arrayCount(source), count == 2 || count == 3,
                let function = try value(source, depth: depth).text.flatMap(FunctionName.init),
                let argumentCount = try arrayCount(source)
            {
                let arguments = try list(argumentCount, source, start, depth: depth)
                let mode = count == 2 ? .normal : try value(source, depth: depth).text.flatMap(Call.Mode.init(rawValue:))
                if let mode { return .call(Call(function, arguments, mode: mode)) }
            }
            throw failure("malformed", "the content of a call is not [function, arguments, mode]", at: start)
        case CBOR.customTag:
            if try arrayCount(source) == 2, case .text(let kind) = try value(source, depth: depth) {
                return .custom(kind: kind, value: try value(source, depth: depth))
            }
            throw failure("malformed", "the content of a custom value is not [kind, value]", at: start)
        default: throw failure("unsupported", "the tag \(tag) is not supported", at: start)
        }
    }

    /// The number of items of the array whose head stands at the position; nil if there is none.
    mutating func arrayCount(_ source: Span<UInt8>) throws(Problem) -> UInt64? {
        let start = position
        let head = try byte(source)
        guard head >> 5 == CBORMajorType.array.rawValue else { return nil }
        try spend(at: start)
        return try argument(head & 31, source, start)
    }

    /// Passes a text without looking at it.
    mutating func skipText(_ source: Span<UInt8>) throws(Problem) {
        let start = position
        let head = try byte(source)
        guard head >> 5 == CBORMajorType.text.rawValue else { throw failure("malformed", "no text", at: start) }
        _ = try content(argument(head & 31, source, start), source, start)
    }

    /// Passes a data item without making anything of it. Texts and the contents of tags are not looked at.
    mutating func skip(_ source: Span<UInt8>) throws(Problem) {
        var count: UInt64 = 1
        while count > 0 {
            count -= 1
            let start = position
            try spend(at: start)
            let head = try byte(source)
            guard let type = CBORMajorType(rawValue: head >> 5) else {
                throw failure("malformed", "an unknown type", at: start)
            }
            if type == .simple {
                _ = try simple(head & 31, source, start)
                continue
            }
            let argument = try argument(head & 31, source, start)
            switch type {
            case .unsigned, .negative, .simple: break
            case .bytes, .text: _ = try content(argument, source, start)
            case .array, .map:
                try check(argument, source, start)
                count += type == .map ? 2 * argument : argument
            case .tag: count += 1
            }
        }
    }

    private mutating func spend(at start: Int) throws(Problem) {
        remaining -= 1
        guard remaining >= 0 else {
            throw failure("limit", "there are more than the \(limits.count) values that are allowed", at: start)
        }
    }

    private mutating func simple(_ kind: UInt8, _ source: Span<UInt8>, _ start: Int) throws(Problem) -> Value {
        switch kind {
        case 20: return .boolean(false)
        case 21: return .boolean(true)
        case 22: return .null
        case 25: return .float(Self.double(half: UInt16(try integer(2, source))))
        case 26: return .float(Double(Float(bitPattern: UInt32(try integer(4, source)))))
        case 27: return .float(Double(bitPattern: try integer(8, source)))
        default: throw failure("unsupported", "the simple value \(kind) is not supported", at: start)
        }
    }

    private static func double(half bits: UInt16) -> Double {
        let sign: FloatingPointSign = bits & 0x8000 == 0 ? .plus : .minus
        let exponent = Int(bits >> 10 & 31)
        let significand = Double(bits & 0x3ff)
        switch exponent {
        case 0: return Double(sign: sign, exponent: -24, significand: significand)
        case 31 where significand == 0: return sign == .plus ? .infinity : -.infinity
        case 31: return .nan
        default: return Double(sign: sign, exponent: exponent - 25, significand: significand + 1024)
        }
    }

    private mutating func text(_ count: UInt64, _ source: Span<UInt8>, _ start: Int) throws(Problem) -> String {
        let content = source.extracting(try content(count, source, start))
        do {
            return String(copying: try UTF8Span(validating: content))
        } catch {
            throw failure("utf8", "the text is not valid UTF-8", at: position - content.count + error.byteOffsets.lowerBound)
        }
    }

    private mutating func content(_ count: UInt64, _ source: Span<UInt8>, _ start: Int) throws(Problem) -> Range<Int> {
        guard count <= UInt64(source.count - position) else { throw truncated(source) }
        let range = position..<position + Int(count)
        position = range.upperBound
        return range
    }

    /// Every item takes at least one byte, so a count beyond the bytes left is refused before anything is reserved for it.
    private func check(_ count: UInt64, _ source: Span<UInt8>, _ start: Int) throws(Problem) {
        guard count <= UInt64(source.count - position) else { throw truncated(source) }
    }

    private mutating func argument(_ kind: UInt8, _ source: Span<UInt8>, _ start: Int) throws(Problem) -> UInt64 {
        switch kind {
        case 0..<24: return UInt64(kind)
        case 24...27: return try integer(1 << (kind - 24), source)
        case 31: throw failure("unsupported", "indefinite lengths are not supported", at: start)
        default: throw failure("malformed", "the length has the reserved form \(kind)", at: start)
        }
    }

    private mutating func integer(_ length: Int, _ source: Span<UInt8>) throws(Problem) -> UInt64 {
        var number: UInt64 = 0
        for _ in 0..<length { number = number << 8 | UInt64(try byte(source)) }
        return number
    }

    private mutating func byte(_ source: Span<UInt8>) throws(Problem) -> UInt8 {
        guard position < source.count else { throw truncated(source) }
        position += 1
        return source[position - 1]
    }

    private func truncated(_ source: Span<UInt8>) -> Problem {
        failure("truncated", "the data ends within a value", at: source.count)
    }

    private func failure(_ code: String, _ message: String, at position: Int) -> Problem {
        Problem("cbor.\(code)", "byte \(position): \(message)")
    }
}
