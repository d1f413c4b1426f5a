// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Reads one value from JSON. The source is passed to every step, as a span cannot be kept.
struct JSONReader {
    private let limits: CodecLimits
    private var scalars: ScalarReader
    /// Where the nesting first was deeper than values may be. Reserved forms have up to three levels for one of the value's.
    private var deepest: Int?
    /// Where the keys of the objects under way begin, for messages; one stack for all levels.
    private var keyPositions: [Int] = []

    init(limits: CodecLimits, file: String) {
        self.limits = limits
        scalars = ScalarReader(area: "json", limits: limits, file: file)
    }

    private var position: Int {
        get { scalars.position }
        set { scalars.position = newValue }
    }

    /// Reads a whole document.
    mutating func document(_ source: Span<UInt8>) throws(Problem) -> Value {
        try scalars.check(source)
        skipSpace(source)
        let value = try self.value(source, depth: 0)
        skipSpace(source)
        if let deepest, value.isDeeper(than: limits.depth) { throw scalars.tooDeep(at: deepest, source) }
        try scalars.checkEnd(of: "value", source)
        return value
    }

    private mutating func value(_ source: Span<UInt8>, depth: Int) throws(Problem) -> Value {
        try scalars.spend(source)
        guard position < source.count else { throw scalars.expected("a value", source) }
        switch source[position] {
        case UInt8(ascii: "\""): return .text(try scalars.string(source))
        case UInt8(ascii: "{"): return try object(source, depth: depth + 1)
        case UInt8(ascii: "["): return try list(source, depth: depth + 1)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try scalars.number(source)
        case UInt8(ascii: "t"): return try word("true", .boolean(true), source)
        case UInt8(ascii: "f"): return try word("false", .boolean(false), source)
        case UInt8(ascii: "n"): return try word("null", .null, source)
        default: throw scalars.expected("a value", source)
        }
    }

    private mutating func list(_ source: Span<UInt8>, depth: Int) throws(Problem) -> Value {
        try enter(depth, source)
        var items: [Value] = []
        if scalars.take(UInt8(ascii: "]"), source) { return .list(items) }
        items.reserveCapacity(4)
        repeat {
            skipSpace(source)
            items.append(try value(source, depth: depth))
            skipSpace(source)
        } while scalars.take(UInt8(ascii: ","), source)
        guard scalars.take(UInt8(ascii: "]"), source) else { throw scalars.expected("‘,’ or ‘]’", source) }
        return .list(items)
    }

    private mutating func object(_ source: Span<UInt8>, depth: Int) throws(Problem) -> Value {
        let start = position
        try enter(depth, source)
        if scalars.take(UInt8(ascii: "}"), source) { return .map(ValueMap()) }
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
                throw scalars.expected("a key in quotes", source)
            }
            keyPositions.append(position)
            let key = try scalars.string(source)
            skipSpace(source)
            guard scalars.take(UInt8(ascii: ":"), source) else { throw scalars.expected("‘:’", source) }
            skipSpace(source)
            items.append(try value(source, depth: depth))
            if isSorted, let last { isSorted = bytesOrder(last, key) < 0 }
            last = key
            keys.append(.text(key))
            skipSpace(source)
        } while scalars.take(UInt8(ascii: ","), source)
        guard scalars.take(UInt8(ascii: "}"), source) else { throw scalars.expected("‘,’ or ‘}’", source) }
        defer { keyPositions.removeLast(keyPositions.count - base) }
        scalars.remaining -= keys.count
        if keys.count == 1, let last, last.utf8.first == UInt8(ascii: "$") {
            return try reserved(last, items[0], at: start, source)
        }
        return .map(isSorted ? ValueMap(sortedKeys: keys, items) : try sorted(keys, items, base, source))
    }

    private mutating func enter(_ depth: Int, _ source: Span<UInt8>) throws(Problem) {
        if depth > limits.depth && deepest == nil { deepest = position }
        guard depth <= 3 * limits.depth else { throw scalars.tooDeep(at: deepest ?? position, source) }
        position += 1
        skipSpace(source)
    }

    private func sorted(_ keys: [Value], _ items: [Value], _ base: Int, _ source: Span<UInt8>) throws(Problem) -> ValueMap {
        let order = keys.indices.sorted { keys[$0] < keys[$1] || (!(keys[$1] < keys[$0]) && $0 < $1) }
        for (first, second) in zip(order, order.dropFirst()) where keys[first] == keys[second] {
            var problem = scalars.failure(
                "duplicate-key", "the key ‘\(keys[second].text ?? "")’ stands twice in one object",
                at: keyPositions[base + second],
                source)
            problem.related = [Problem.Related("first here", at: scalars.place(at: keyPositions[base + first], source))]
            throw problem
        }
        return ValueMap(sortedKeys: order.map { keys[$0] }, order.map { items[$0] })
    }

    private func reserved(_ key: String, _ content: Value, at start: Int, _ source: Span<UInt8>) throws(Problem) -> Value {
        do {
            return try ReservedForm.decode(key, content)
        } catch {
            throw scalars.failure("reserved", error.message, at: start, source, hint: error.hint)
        }
    }

    private mutating func word(_ word: StaticString, _ value: Value, _ source: Span<UInt8>) throws(Problem) -> Value {
        let start = position
        for index in 0..<word.utf8CodeUnitCount {
            guard position < source.count, source[position] == word.utf8Start[index] else {
                position = start
                throw scalars.expected("a value", source)
            }
            position += 1
        }
        return value
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
