// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria

/// The entries of one entity, which are handled one at a time.
///
/// Every handler has them in the order of their coming. One that fails keeps them back from itself until it has had the one
/// that it failed at, or that was put aside; the other handlers go on.
struct EventLane {
    /// What handlers were kept back from, in order.
    private var held: [SpoolEntry] = []
    private var fresh = Queue<SpoolEntry>()
    /// Whether one is being handled.
    var isBusy = false
    /// Whether it waits to be looked at.
    var isReady = false

    var isEmpty: Bool { held.isEmpty && fresh.isEmpty && !isBusy }

    /// Adds an entry after all others.
    mutating func append(_ entry: SpoolEntry) { fresh.append(entry) }

    /// Adds an entry at the place that it has by its order.
    mutating func hold(_ entry: SpoolEntry) {
        let index = held.firstIndex { ($0.order, $0.key) > (entry.order, entry.key) } ?? held.count
        held.insert(entry, at: index)
    }

    /// Takes the first entry that can be handled, and says who is to have it.
    mutating func take(now: Int64) -> (SpoolEntry, Delivery)? {
        var waiting: Set<String> = []
        for (index, entry) in held.enumerated() {
            guard let pending = entry.pending else {
                // As long as nobody knows who is to have it, nobody can have what came after it.
                return entry.due <= now ? (held.remove(at: index), Delivery(waiting: waiting)) : nil
            }
            let free = Set(pending.keys).subtracting(waiting)
            if entry.due <= now, !free.isEmpty { return (held.remove(at: index), Delivery(only: free)) }
            waiting.formUnion(pending.keys)
        }
        return fresh.popFirst().map { ($0, Delivery(waiting: waiting)) }
    }
}
