// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Reads one value from the notation. The source is passed to every step, as a span cannot be kept.
struct NotationReader {
    private let limits: CodecLimits
    private var scalars: ScalarReader

    init(limits: CodecLimits, file: String) {
        self.limits = limits
        scalars = ScalarReader(area: "notation", limits: limits, file: file)
    }

    private var position: Int {
        get { scalars.position }
        set { scalars.position = newValue }
    }

    /// Reads a whole text.
    mutating func document(_ source: Span<UInt8>) throws(Problem) -> Value {
        try scalars.check(source)
        try checkCharacters(source)
        skipSpace(source)
        let value = try self.value(source, depth: 0)
        skipSpace(source)
        try scalars.checkEnd(of: "expression", source)
        return value
    }

    /// Whoever reads the text must see all of it, so what the writer escapes has to be escaped.
    private func checkCharacters(_ source: Span<UInt8>) throws(Problem) {
        var iterator = UTF8Span(unchecked: source).makeUnicodeScalarIterator()
        var offset = 0
        while let scalar = iterator.next() {
            if NotationName.isHidden(scalar), scalar != "\n", scalar != "\r", scalar != "\t" {
                throw scalars.failure(
                    "character", "the character \(codeName(scalar)) cannot stand there as it is", at: offset, source,
                    hint: "write it as an escape sequence, for example \\u0007, within a text")
            }
            offset = iterator.currentCodeUnitOffset
        }
    }

    private mutating func value(_ source: Span<UInt8>, depth: Int) throws(Problem) -> Value {
        try scalars.spend(source)
        guard let next = byte(source) else { throw scalars.expected("a value", source) }
        switch next {
        case UInt8(ascii: "\""): return try textOrCall(source, depth)
        case UInt8(ascii: "["): return .list(try items(UInt8(ascii: "]"), source, depth))
        case UInt8(ascii: "{"): return .map(try map(source, depth))
        case UInt8(ascii: "<"): return .blob(try blob(source))
        case UInt8(ascii: "@"): return try custom(source, depth)
        case UInt8(ascii: "*"): return try call(.eager, source, depth)
        case UInt8(ascii: "&"): return try call(.lazy, source, depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number(source)
        case _ where NotationName.beginsWord(next): return try word(source, depth)
        default: throw scalars.expected("a value", source)
        }
    }

    // MARK: What has parts

    /// Reads the items up to a closing bracket; the opening one stands at the position.
    private mutating func items(_ close: UInt8, _ source: Span<UInt8>, _ depth: Int) throws(Problem) -> [Value] {
        try enter(depth, source)
        var items: [Value] = []
        if scalars.take(close, source) { return items }
        repeat {
            skipSpace(source)
            items.append(try value(source, depth: depth + 1))
            skipSpace(source)
        } while scalars.take(UInt8(ascii: ","), source)
        try expect(close, or: ",", source)
        return items
    }

    private mutating func map(_ source: Span<UInt8>, _ depth: Int) throws(Problem) -> ValueMap {
        try enter(depth, source)
        var entries: [(Value, Value)] = []
        var positions: [Int] = []
        if scalars.take(UInt8(ascii: "}"), source) { return ValueMap() }
        repeat {
            skipSpace(source)
            positions.append(position)
            let key = try value(source, depth: depth + 1)
            skipSpace(source)
            try expect(UInt8(ascii: ":"), or: nil, source)
            skipSpace(source)
            entries.append((key, try value(source, depth: depth + 1)))
            skipSpace(source)
        } while scalars.take(UInt8(ascii: ","), source)
        try expect(UInt8(ascii: "}"), or: ",", source)
        let map = ValueMap(entries)
        guard map.count == entries.count else { throw duplicate(in: entries.map(\.0), positions, source) }
        return map
    }

    private func duplicate(in keys: [Value], _ positions: [Int], _ source: Span<UInt8>) -> Problem {
        var firsts: [Value: Int] = [:]
        var problem = scalars.failure("duplicate-key", "a key stands twice in one map", at: position, source)
        for (key, position) in zip(keys, positions) {
            guard let first = firsts.updateValue(position, forKey: key) else { continue }
            problem.place = scalars.place(at: position, source)
            problem.related = [Problem.Related("first here", at: scalars.place(at: first, source))]
            break
        }
        return problem
    }

    private mutating func custom(_ source: Span<UInt8>, _ depth: Int) throws(Problem) -> Value {
        position += 1
        let kind = try name(source)
        guard byte(source) == UInt8(ascii: "(") else { throw scalars.expected("‘(’", source) }
        try enter(depth, source)
        let inner = try value(source, depth: depth + 1)
        skipSpace(source)
        try expect(UInt8(ascii: ")"), or: nil, source)
        return .custom(kind: kind, value: inner)
    }

    private mutating func call(_ mode: Call.Mode, _ source: Span<UInt8>, _ depth: Int) throws(Problem) -> Value {
        position += 1
        let start = position
        return try call(try name(source), mode, at: start, source, depth)
    }

    private mutating func call(
        _ name: String, _ mode: Call.Mode, at start: Int, _ source: Span<UInt8>, _ depth: Int
    ) throws(Problem) -> Value {
        guard let function = FunctionName(name) else {
            throw scalars.failure("syntax", "‘\(name)’ names no function", at: start, source, hint: "write plugin:function(…)")
        }
        guard byte(source) == UInt8(ascii: "(") else { throw scalars.expected("‘(’", source) }
        return .call(Call(function, try items(UInt8(ascii: ")"), source, depth), mode: mode))
    }

    // MARK: Scalars and names

    private mutating func textOrCall(_ source: Span<UInt8>, _ depth: Int) throws(Problem) -> Value {
        let start = position
        let text = try scalars.string(source)
        guard byte(source) == UInt8(ascii: "(") else { return .text(text) }
        return try call(text, .normal, at: start, source, depth)
    }

    private mutating func word(_ source: Span<UInt8>, _ depth: Int) throws(Problem) -> Value {
        let start = position
        let name = try name(source)
        switch name {
        case "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "nan": return .float(.nan)
        case "inf": return .float(.infinity)
        default: break
        }
        if byte(source) == UInt8(ascii: "(") { return try call(name, .normal, at: start, source, depth) }
        throw scalars.failure(
            "syntax", "‘\(name)’ is no value", at: start, source, hint: "a text stands in quotes, a call has (…) after its name"
        )
    }

    /// Reads a name: words joined by `:`, or a text.
    private mutating func name(_ source: Span<UInt8>) throws(Problem) -> String {
        if byte(source) == UInt8(ascii: "\"") { return try scalars.string(source) }
        let start = position
        repeat {
            guard let first = byte(source), NotationName.beginsWord(first) else { throw scalars.expected("a name", source) }
            while let next = byte(source), NotationName.continuesWord(next) { position += 1 }
        } while isFollowedByWord(source) && scalars.take(UInt8(ascii: ":"), source)
        return source.extracting(start..<position).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    private func isFollowedByWord(_ source: Span<UInt8>) -> Bool {
        position + 1 < source.count && NotationName.beginsWord(source[position + 1])
    }

    private mutating func number(_ source: Span<UInt8>) throws(Problem) -> Value {
        guard byte(source) == UInt8(ascii: "-"), position + 1 < source.count, source[position + 1] == UInt8(ascii: "i") else {
            return try scalars.number(source)
        }
        let start = position
        position += 1
        if try name(source) == "inf" { return .float(-.infinity) }
        position = start + 1
        throw scalars.expected("a digit or ‘inf’", source)
    }

    private mutating func blob(_ source: Span<UInt8>) throws(Problem) -> [UInt8] {
        let start = position
        position += 1
        while let next = byte(source), next != UInt8(ascii: ">") {
            guard NotationName.isBase64(next) else { throw scalars.expected("base64 or ‘>’", source) }
            position += 1
        }
        let text = source.extracting(start + 1..<position).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        try expect(UInt8(ascii: ">"), or: nil, source)
        guard let bytes = Base64.decode(text) else {
            throw scalars.failure("syntax", "the bytes are not in base64", at: start, source)
        }
        return bytes
    }

    // MARK: Steps

    private func byte(_ source: Span<UInt8>) -> UInt8? { position < source.count ? source[position] : nil }

    private mutating func enter(_ depth: Int, _ source: Span<UInt8>) throws(Problem) {
        guard depth < limits.depth else { throw scalars.tooDeep(at: position, source) }
        position += 1
        skipSpace(source)
    }

    private mutating func expect(_ close: UInt8, or other: String?, _ source: Span<UInt8>) throws(Problem) {
        guard !scalars.take(close, source) else { return }
        let closing = "‘\(Unicode.Scalar(close))’"
        throw scalars.expected(other.map { "‘\($0)’ or \(closing)" } ?? closing, source)
    }

    private mutating func skipSpace(_ source: Span<UInt8>) {
        while let next = byte(source) {
            switch next {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            case UInt8(ascii: "#"): while let next = byte(source), next != 0x0a { position += 1 }
            default: return
            }
        }
    }
}
