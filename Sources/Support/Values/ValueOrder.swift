// SPDX-License-Identifier: Apache-2.0 OR MIT

extension Value: Comparable {
    /// The total order of values: by kind in the order of declaration, then by content.
    /// Text is ordered by its UTF-8 bytes, so the order does not depend on a locale.
    public static func < (left: Value, right: Value) -> Bool { left.order(to: right) < 0 }

    /// Below 0 if the value precedes the other one, above 0 if it follows, 0 if they are equal. Each part is looked at once:
    /// asking for `<` both ways would take twice as long on each level of nesting.
    fileprivate func order(to other: Value) -> Int {
        switch (self, other) {
        case (.integer(let a), .integer(let b)): Self.order(a, b)
        case (.unsigned(let a), .unsigned(let b)): Self.order(a, b)
        case (.integer(let a), .unsigned(let b)): a < 0 ? -1 : Self.order(UInt64(a), b)
        case (.unsigned(let a), .integer(let b)): b < 0 ? 1 : Self.order(a, UInt64(b))
        case (.float(let a), .float(let b)):
            a.isNaN || b.isNaN ? Self.order(a.isNaN ? 1 : 0, b.isNaN ? 1 : 0) : Self.order(a, b)
        case (.boolean(let a), .boolean(let b)): Self.order(a ? 1 : 0, b ? 1 : 0)
        case (.text(let a), .text(let b)): bytesOrder(a, b)
        case (.blob(let a), .blob(let b)): a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
        case (.list(let a), .list(let b)): Self.order(a, b)
        case (.map(let a), .map(let b)): a.order(to: b)
        case (.custom(let kindA, let a), .custom(let kindB, let b)):
            bytesEqual(kindA, kindB) ? a.order(to: b) : bytesOrder(kindA, kindB)
        case (.call(let a), .call(let b)): a.order(to: b)
        default: Self.order(rank, other.rank)
        }
    }

    private static func order<Item: Comparable>(_ left: Item, _ right: Item) -> Int {
        left < right ? -1 : left == right ? 0 : 1
    }

    fileprivate static func order(_ left: [Value], _ right: [Value]) -> Int {
        for index in 0..<min(left.count, right.count) {
            let order = left[index].order(to: right[index])
            if order != 0 { return order }
        }
        return order(left.count, right.count)
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
    fileprivate func order(to other: Call) -> Int {
        if function != other.function { return bytesOrder(function.description, other.function.description) }
        if mode != other.mode { return mode.rawValue < other.mode.rawValue ? -1 : 1 }
        return Value.order(arguments, other.arguments)
    }
}

extension ValueMap {
    fileprivate func order(to other: ValueMap) -> Int {
        for (left, right) in zip(self, other) {
            let byKey = left.key.order(to: right.key)
            let order = byKey == 0 ? left.value.order(to: right.value) : byKey
            if order != 0 { return order }
        }
        return count - other.count
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
