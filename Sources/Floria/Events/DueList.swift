// SPDX-License-Identifier: Apache-2.0 OR MIT

/// What is due when.
package struct DueList<Item> {
    /// The latest first, so that what is due is taken from the end.
    private var entries: [(time: Int64, item: Item)] = []

    /// Nothing.
    package init() {}

    /// When the first is due; nil if there is nothing.
    package var earliest: Int64? { entries.last?.time }

    /// Adds something, after what is due at the same time. O(n), but fast.
    package mutating func add(_ item: Item, at time: Int64) {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].time <= time { high = middle } else { low = middle + 1 }
        }
        entries.insert((time, item), at: low)
    }

    /// Takes what is due first; nil if nothing is.
    package mutating func takeDue(_ now: Int64) -> Item? {
        guard let last = entries.last, last.time <= now else { return nil }
        entries.removeLast()
        return last.item
    }

    /// Removes what satisfies a condition. O(n).
    package mutating func remove(where isUnwanted: (Item) -> Bool) { entries.removeAll { isUnwanted($0.item) } }
}

extension DueList: Sendable where Item: Sendable {}
