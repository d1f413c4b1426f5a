// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Runs what doesn't depend on each other at the same time.
enum SideBySide {
    /// How many run at once at most.
    static let limit = 32

    /// The results of a body for each item, in the items' order.
    static func run<Item: Sendable, Result: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable (Item) async -> Result
    ) async -> [Result] {
        var results: [Result?] = Array(repeating: nil, count: items.count)
        await withTaskGroup(of: (Int, Result).self) { group in
            for (index, item) in items.enumerated() {
                if index >= limit, let (done, result) = await group.next() { results[done] = result }
                group.addImmediateTask { (index, await body(item)) }
            }
            for await (done, result) in group { results[done] = result }
        }
        return results.compactMap { $0 }
    }
}
