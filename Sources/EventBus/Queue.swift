// SPDX-License-Identifier: Apache-2.0 OR MIT

/// First in, first out; both at a constant cost on average.
struct Queue<Item> {
    private var items: [Item?] = []
    private var head = 0

    var isEmpty: Bool { head == items.count }

    mutating func append(_ item: Item) { items.append(item) }

    mutating func popFirst() -> Item? {
        guard head < items.count else { return nil }
        let item = items[head].take()
        head += 1
        if head * 2 > items.count {
            items.removeFirst(head)
            head = 0
        }
        return item
    }
}
