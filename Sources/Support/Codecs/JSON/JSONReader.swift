// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Reads one value from JSON. The source is passed to every step, as a span cannot be kept.
struct JSONReader {
    let limits: CodecLimits
    let file: String
    var position = 0
    private var remaining: Int
    /// Where the keys of the objects under way begin, for messages; one stack for all levels.
    private var keyPositions: [Int] = []

    init(limits: CodecLimits, file: String) {
        self.limits = limits
        self.file = file
        remaining = limits.count
    }

    /// Reads a whole document.
    mutating func document(_ source: Span<UInt8>) throws(Problem) -> Value {
        guard source.count <= limits.size else {
            throw Problem("json.limit", "the text has \(source.count) bytes, more than the \(limits.size) that are allowed")
        }
        do {
            _ = try UTF8Span(validating: source)
        } catch {
            throw failure("json.utf8", "the text is not valid UTF-8", at: error.byteOffsets.lowerBound, source)
        }
        skipSpace(source)
        let value = try self.value(source, depth: 0)
        skipSpace(source)
        guard position == source.count else {
            throw failure(
                "json.trailing", "\(found(source)) follows the value", at: position, source, hint: "a text holds one value")
        }
        return value
    }

    private mutating func value(_ source: Span<UInt8>, depth: Int) throws(Problem) -> Value {
        remaining -= 1
        guard remaining >= 0 else {
            throw failure("json.limit", "there are more than the \(limits.count) values that are allowed", at: position, source)
        }
        guard position < source.count else { throw expected("a value", source) }
        switch source[position] {
        case UInt8(ascii: "\""): return .text(try string(source))
        case UInt8(ascii: "{"): return try object(source, depth: depth + 1)
        case UInt8(ascii: "["): return try list(source, depth: depth + 1)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number(source)
        case UInt8(ascii: "t"): return try word("true", .boolean(true), source)
        case UInt8(ascii: "f"): return try word("false", .boolean(false), source)
        case UInt8(ascii: "n"): return try word("null", .null, source)
        default: throw expected("a value", source)
        }
    }

    private mutating func list(_ source: Span<UInt8>, depth: Int) throws(Problem) -> Value {
        try enter(depth, source)
        var items: [Value] = []
        if take(UInt8(ascii: "]"), source) { return .list(items) }
        items.reserveCapacity(4)
        repeat {
            skipSpace(source)
            items.append(try value(source, depth: depth))
            skipSpace(source)
        } while take(UInt8(ascii: ","), source)
        guard take(UInt8(ascii: "]"), source) else { throw expected("‘,’ or ‘]’", source) }
        return .list(items)
    }

    private mutating func object(_ source: Span<UInt8>, depth: Int) throws(Problem) -> Value {
        let start = position
        try enter(depth, source)
        if take(UInt8(ascii: "}"), source) { return .map(ValueMap()) }
        var keys: [Value] = []
        var items: [Value] = []
        keys.reserveCapacity(4)
        items.reserveCapacity(4)
        var last: String?
        var isSorted = true
        let base = keyPositions.count
        repeat {
            skipSpace(source)
            guard position < source.count, source[position] == UInt8(ascii: "\"") else {
                throw expected("a key in quotes", source)
            }
            keyPositions.append(position)
            let key = try string(source)
            skipSpace(source)
            guard take(UInt8(ascii: ":"), source) else { throw expected("‘:’", source) }
            skipSpace(source)
            items.append(try value(source, depth: depth))
            if isSorted, let last { isSorted = bytesPrecede(last, key) }
            last = key
            keys.append(.text(key))
            skipSpace(source)
        } while take(UInt8(ascii: ","), source)
        guard take(UInt8(ascii: "}"), source) else { throw expected("‘,’ or ‘}’", source) }
        defer { keyPositions.removeLast(keyPositions.count - base) }
        remaining -= keys.count
        if keys.count == 1, let last, last.utf8.first == UInt8(ascii: "$") {
            return try reserved(last, items[0], at: start, source)
        }
        return .map(isSorted ? ValueMap(sortedKeys: keys, items) : try sorted(keys, items, base, source))
    }

    private mutating func enter(_ depth: Int, _ source: Span<UInt8>) throws(Problem) {
        guard depth <= limits.depth else {
            throw failure(
                "json.limit", "the nesting is deeper than the \(limits.depth) levels that are allowed", at: position, source)
        }
        position += 1
        skipSpace(source)
    }

    private func sorted(_ keys: [Value], _ items: [Value], _ base: Int, _ source: Span<UInt8>) throws(Problem) -> ValueMap {
        let order = keys.indices.sorted { keys[$0] < keys[$1] || (!(keys[$1] < keys[$0]) && $0 < $1) }
        for (first, second) in zip(order, order.dropFirst()) where keys[first] == keys[second] {
            let original = SourceLocation(file: file, byte: keyPositions[base + first], of: source)
            var problem = failure(
                "json.duplicate-key", "the key ‘\(keys[second].text ?? "")’ stands twice in one object",
                at: keyPositions[base + second],
                source)
            problem.related = [Problem.Related("first here", at: .source(original))]
            throw problem
        }
        return ValueMap(sortedKeys: order.map { keys[$0] }, order.map { items[$0] })
    }

    private func reserved(_ key: String, _ content: Value, at start: Int, _ source: Span<UInt8>) throws(Problem) -> Value {
        do {
            return try ReservedForm.decode(key, content)
        } catch {
            throw failure("json.reserved", error.message, at: start, source, hint: error.hint)
        }
    }

    private mutating func word(_ word: StaticString, _ value: Value, _ source: Span<UInt8>) throws(Problem) -> Value {
        let start = position
        for index in 0..<word.utf8CodeUnitCount {
            guard position < source.count, source[position] == word.utf8Start[index] else {
                position = start
                throw expected("a value", source)
            }
            position += 1
        }
        return value
    }

    private mutating func take(_ byte: UInt8, _ source: Span<UInt8>) -> Bool {
        guard position < source.count, source[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace(_ source: Span<UInt8>) {
        while position < source.count {
            switch source[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            default: return
            }
        }
    }
}
