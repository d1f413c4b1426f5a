// SPDX-License-Identifier: Apache-2.0 OR MIT

extension Value: Comparable {
    /// The total order of values: by kind in the order of declaration, then by content.
    /// Text is ordered by its UTF-8 bytes, so the order does not depend on a locale.
    public static func < (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.integer(let a), .integer(let b)): a < b
        case (.unsigned(let a), .unsigned(let b)): a < b
        case (.integer(let a), .unsigned(let b)): a < 0 || UInt64(a) < b
        case (.unsigned(let a), .integer(let b)): b > 0 && a < UInt64(b)
        case (.float(let a), .float(let b)): precedes(a, b)
        case (.boolean(let a), .boolean(let b)): !a && b
        case (.text(let a), .text(let b)): bytesPrecede(a, b)
        case (.blob(let a), .blob(let b)): a.lexicographicallyPrecedes(b)
        case (.list(let a), .list(let b)): a.lexicographicallyPrecedes(b)
        case (.map(let a), .map(let b)): a.lexicographicallyPrecedes(b) { ($0.key, $0.value) < ($1.key, $1.value) }
        case (.custom(let kindA, let a), .custom(let kindB, let b)):
            bytesEqual(kindA, kindB) ? a < b : bytesPrecede(kindA, kindB)
        case (.call(let a), .call(let b)): a.precedes(b)
        default: left.rank < right.rank
        }
    }

    /// Structural, kind-strict equality. Texts and names are equal if their bytes are; not-a-number equals itself.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.integer(let a), .integer(let b)): a == b
        case (.unsigned(let a), .unsigned(let b)): a == b
        case (.integer(let a), .unsigned(let b)), (.unsigned(let b), .integer(let a)): a >= 0 && UInt64(a) == b
        case (.float(let a), .float(let b)): a == b || (a.isNaN && b.isNaN)
        case (.boolean(let a), .boolean(let b)): a == b
        case (.text(let a), .text(let b)): bytesEqual(a, b)
        case (.blob(let a), .blob(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.map(let a), .map(let b)): a == b
        case (.custom(let kindA, let a), .custom(let kindB, let b)): bytesEqual(kindA, kindB) && a == b
        case (.call(let a), .call(let b)): a == b
        default: false
        }
    }

    /// Hashes the kind and the content.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(rank)
        switch self {
        case .null: break
        case .integer(let number): hasher.combine(number)
        case .unsigned(let number): hasher.combine(Int64(truncatingIfNeeded: number))
        case .float(let number): hasher.combine(number.isNaN ? .nan : number)
        case .boolean(let flag): hasher.combine(flag)
        case .text(var text):
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            hasher.combine(text.utf8.count)
        case .blob(let bytes): hasher.combine(bytes)
        case .list(let items): hasher.combine(items)
        case .map(let map): hasher.combine(map)
        case .custom(let kind, let inner):
            hasher.combine(kind)
            hasher.combine(inner)
        case .call(let call): hasher.combine(call)
        }
    }

    private static func precedes(_ a: Double, _ b: Double) -> Bool {
        a.isNaN ? false : b.isNaN ? true : a < b
    }

    private var rank: Int {
        switch self {
        case .null: 0
        case .integer, .unsigned: 1
        case .float: 3
        case .boolean: 4
        case .text: 5
        case .blob: 6
        case .list: 7
        case .map: 8
        case .custom: 9
        case .call: 10
        }
    }
}

extension Call {
    fileprivate func precedes(_ other: Call) -> Bool {
        if function != other.function { return bytesPrecede(function.description, other.function.description) }
        if mode != other.mode { return mode.rawValue < other.mode.rawValue }
        return arguments.lexicographicallyPrecedes(other.arguments)
    }
}

extension FunctionName {
    /// Names are equal if their bytes are, as texts are.
    public static func == (left: FunctionName, right: FunctionName) -> Bool {
        bytesEqual(left.plugin, right.plugin) && bytesEqual(left.name, right.name)
    }
}

extension ValueMap {
    /// Whether both hold equal entries.
    public static func == (left: ValueMap, right: ValueMap) -> Bool {
        left.count == right.count && left.elementsEqual(right) { $0.key == $1.key && $0.value == $1.value }
    }

    /// Hashes every entry.
    public func hash(into hasher: inout Hasher) {
        for (key, value) in self {
            hasher.combine(key)
            hasher.combine(value)
        }
    }
}
