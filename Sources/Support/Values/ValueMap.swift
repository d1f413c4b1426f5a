// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A map from values to values, kept sorted by key, so that equal maps have equal encodings.
///
/// Look-ups are O(log n); changing one entry is O(n); making one from n entries is O(n log n).
public struct ValueMap: Sendable, Hashable, RandomAccessCollection {
    /// One entry.
    public typealias Element = (key: Value, value: Value)

    private var keys: [Value]
    private var items: [Value]

    /// An empty map.
    public init() {
        keys = []
        items = []
    }

    /// A map of the entries; the last of several entries with one key wins. O(n) if they are in order.
    public init(_ entries: some Sequence<(Value, Value)>) {
        self.init()
        keys.reserveCapacity(entries.underestimatedCount)
        items.reserveCapacity(entries.underestimatedCount)
        var isOrdered = true
        for (key, value) in entries {
            if isOrdered, let last = keys.last { isOrdered = last < key }
            keys.append(key)
            items.append(value)
        }
        if !isOrdered { sort() }
    }

    private mutating func sort() {
        let (keys, items) = (keys, items)
        let order = keys.indices.sorted { keys[$0] < keys[$1] || (!(keys[$1] < keys[$0]) && $0 < $1) }
        self.keys.removeAll(keepingCapacity: true)
        self.items.removeAll(keepingCapacity: true)
        for position in order {
            if self.keys.last == keys[position] {
                self.items[self.items.count - 1] = items[position]
            } else {
                self.keys.append(keys[position])
                self.items.append(items[position])
            }
        }
    }

    /// A map of entries whose keys are known to be in order and different from each other.
    init(sortedKeys keys: [Value], _ items: [Value]) {
        self.keys = keys
        self.items = items
    }

    /// The first position, always 0.
    public var startIndex: Int { 0 }
    /// The position after the last entry.
    public var endIndex: Int { keys.count }

    /// The entry at a position.
    public subscript(position: Int) -> Element { (keys[position], items[position]) }

    /// The number of bytes of the key at a position; nil if it is no text.
    func textSize(at position: Int) -> Int? { if case .text(let text) = keys[position] { text.utf8.count } else { nil } }

    /// The value of a key; setting nil removes the entry.
    public subscript(key: Value) -> Value? {
        get {
            let (index, found) = find(key)
            return found ? items[index] : nil
        }
        set {
            let (index, found) = find(key)
            switch (found, newValue) {
            case (true, let value?): items[index] = value
            case (true, nil):
                keys.remove(at: index)
                items.remove(at: index)
            case (false, let value?):
                keys.insert(key, at: index)
                items.insert(value, at: index)
            case (false, nil): break
            }
        }
    }

    /// The value of a text key; setting nil removes the entry.
    public subscript(key: String) -> Value? {
        get { self[Value.text(key)] }
        set { self[Value.text(key)] = newValue }
    }

    private func find(_ key: Value) -> (index: Int, found: Bool) {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return (low, low < keys.count && keys[low] == key)
    }
}
