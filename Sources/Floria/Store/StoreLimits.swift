// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What stores accept, so that whatever one keeps can be read, shown, exported and imported again.
public enum StoreLimits {
    /// The deepest nesting of a value: each list, map, custom value and call is one level, as for the codecs, which take more because
    /// what holds the value has levels too.
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

    /// Adds a value, if there is one, which lies within so many levels.
    mutating func add(_ value: Value?, depth: Int = 0) {
        guard let value else { return }
        size += 9
        switch value {
        case .null, .integer, .unsigned, .float, .boolean: break
        case .text(let text): size += text.utf8.count
        case .blob(let bytes): size += bytes.count
        case .list(let items): enter(depth) { measure in for item in items { measure.add(item, depth: depth + 1) } }
        case .map(let map): add(map, depth: depth)
        case .custom(let kind, let inner):
            size += kind.utf8.count
            enter(depth) { $0.add(inner, depth: depth + 1) }
        case .call(let call): add(call, depth: depth)
        }
    }

    private mutating func enter(_ depth: Int, _ body: (inout ValueMeasure) -> Void) {
        if depth < StoreLimits.depth { body(&self) } else { isTooDeep = true }
    }

    /// Adds a map.
    mutating func add(_ map: ValueMap, depth: Int = 0) {
        enter(depth) { measure in
            for (key, value) in map {
                measure.add(key, depth: depth + 1)
                measure.add(value, depth: depth + 1)
            }
        }
    }

    /// Adds a call.
    mutating func add(_ call: Call, depth: Int = 0) {
        size += call.function.plugin.utf8.count + call.function.name.utf8.count
        enter(depth) { measure in for argument in call.arguments { measure.add(argument, depth: depth + 1) } }
    }

    /// Adds a text.
    mutating func add(_ text: String) { size += text.utf8.count }

    /// Adds what was measured already.
    mutating func add(_ other: ValueMeasure) {
        size += other.size
        isTooDeep = isTooDeep || other.isTooDeep
    }
}
