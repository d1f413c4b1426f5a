// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What stores accept, so that whatever one keeps can be read, shown, exported and imported again.
public enum StoreLimits {
    /// The deepest nesting of a value. It is counted as JSON nests: a call, and a map that has other keys than texts, are three
    /// levels, a custom value is two.
    public static let depth = 100
    /// The largest entity, record or event, in bytes of its encoded form, about.
    public static let size = 16 << 20
    /// The longest name of a record's collection, key of a record and name of an event, in UTF-8 bytes.
    public static let keyLength = 1024
}

/// How large and deep values are, together. It looks no deeper than is allowed.
struct ValueMeasure {
    private(set) var size = 0
    private(set) var isTooDeep = false

    /// What is wrong with what was added, as the end of a sentence; nil if nothing is.
    var complaint: String? {
        if isTooDeep { return "is nested deeper than \(StoreLimits.depth) levels" }
        return size > StoreLimits.size ? "is larger than \(StoreLimits.size >> 20) MiB" : nil
    }

    /// Adds a value, if there is one.
    mutating func add(_ value: Value?, depth: Int = 1) {
        guard let value else { return }
        size += 9
        guard depth <= StoreLimits.depth else {
            isTooDeep = true
            return
        }
        switch value {
        case .null, .integer, .unsigned, .float, .boolean: break
        case .text(let text): size += text.utf8.count
        case .blob(let bytes): size += bytes.count
        case .list(let items): for item in items { add(item, depth: depth + 1) }
        case .map(let map): add(map, depth: depth)
        case .custom(let kind, let inner):
            size += kind.utf8.count
            add(inner, depth: depth + 2)
        case .call(let call): add(call, depth: depth)
        }
    }

    /// Adds a map.
    mutating func add(_ map: ValueMap, depth: Int = 1) {
        let inner = depth + (map.hasOnlyNames ? 1 : 3)
        for (key, value) in map {
            add(key, depth: inner)
            add(value, depth: inner)
        }
    }

    /// Adds a call.
    mutating func add(_ call: Call, depth: Int = 1) {
        size += call.function.plugin.utf8.count + call.function.name.utf8.count
        for argument in call.arguments { add(argument, depth: depth + 3) }
    }

    /// Adds a text.
    mutating func add(_ text: String) { size += text.utf8.count }

    /// Adds what was measured already.
    mutating func add(_ other: ValueMeasure) {
        size += other.size
        isTooDeep = isTooDeep || other.isTooDeep
    }
}

extension ValueMap {
    /// Whether JSON can hold it as an object.
    fileprivate var hasOnlyNames: Bool {
        for (key, _) in self {
            guard case .text(let text) = key, count > 1 || text.utf8.first != UInt8(ascii: "$") else { return false }
        }
        return true
    }
}
