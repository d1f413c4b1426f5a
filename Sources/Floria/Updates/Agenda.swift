// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Which properties are to be evaluated next, and which wait for which.
struct Agenda {
    /// What a property waits for.
    private struct Wait {
        var blocker: PropertyReference
        /// Whether it is only known to have read that the last time.
        var isPresumed: Bool
    }

    private var stack: [PropertyReference]
    private var waits: [PropertyReference: Wait] = [:]
    private var waiting: [PropertyReference: [PropertyReference]] = [:]
    /// What is being evaluated.
    private var running: Set<PropertyReference> = []
    /// Those for which what they read the last time is no guide: they are to be evaluated to find out.
    private(set) var unguided: Set<PropertyReference> = []

    init(_ references: [PropertyReference]) { stack = references.reversed() }

    /// The next property that waits for nothing.
    mutating func next() -> PropertyReference? {
        while let reference = stack.popLast() {
            if waits[reference] == nil && !running.contains(reference) { return reference }
        }
        return nil
    }

    /// Notes that a property is being evaluated beside the others.
    mutating func begin(_ reference: PropertyReference) { running.insert(reference) }

    /// Notes that the evaluation of a property has ended, whatever came of it.
    mutating func pause(_ reference: PropertyReference) { running.remove(reference) }

    /// How many are being evaluated.
    var runningCount: Int { running.count }

    /// Puts a property on the agenda, as the next.
    mutating func push(_ reference: PropertyReference) { stack.append(reference) }

    /// Lets a property wait for another, which comes next.
    mutating func postpone(_ reference: PropertyReference, until blocker: PropertyReference, isPresumed: Bool = false) {
        waits[reference] = Wait(blocker: blocker, isPresumed: isPresumed)
        waiting[blocker, default: []].append(reference)
        stack.append(blocker)
    }

    /// Notes that a property is settled: those that wait for it come next.
    mutating func end(_ reference: PropertyReference) {
        waits[reference] = nil
        for waiter in (waiting.removeValue(forKey: reference) ?? []).reversed() where waits[waiter]?.blocker == reference {
            waits[waiter] = nil
            stack.append(waiter)
        }
    }

    /// The cycles of what waits, once nothing else is left. If one is only presumed, those in it are put on the agenda without
    /// a guide, and no cycle is told.
    mutating func takeCycles() -> [[PropertyReference]] {
        var cycles: [[PropertyReference]] = []
        var visited: Set<PropertyReference> = []
        for start in waits.keys.sorted() where !visited.contains(start) {
            var path: [PropertyReference] = []
            var positions: [PropertyReference: Int] = [:]
            var next: PropertyReference? = start
            while let current = next, visited.insert(current).inserted {
                positions[current] = path.count
                path.append(current)
                next = waits[current]?.blocker
            }
            if let next, let position = positions[next] { cycles.append(Array(path[position...])) }
        }
        let presumed = cycles.joined().filter { waits[$0]?.isPresumed == true }
        if presumed.isEmpty { return cycles }
        for reference in presumed {
            waits[reference] = nil
            unguided.insert(reference)
            stack.append(reference)
        }
        return []
    }

    /// Whether nothing comes next.
    var isEmpty: Bool { stack.isEmpty }
}
