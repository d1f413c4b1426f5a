// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

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
        entries.insert((time, item), at: entries.partitioningIndex { $0.time <= time })
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
