// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Whether steps can be carried out in some order.
enum StepOrder {
    /// The positions of the steps that wait for themselves, or for such a step.
    static func waitingForever(_ steps: [OperationPlanner.Step]) -> Set<Int> {
        var waiting: [[Int]] = Array(repeating: [], count: steps.count)
        for (position, step) in steps.enumerated() {
            for other in step.waitsFor { waiting[other].append(position) }
        }
        var open = steps.map(\.waitsFor.count)
        var ready = open.indices.filter { open[$0] == 0 }
        var left = Set(steps.indices)
        while let next = ready.popLast() {
            left.remove(next)
            for position in waiting[next] {
                open[position] -= 1
                if open[position] == 0 { ready.append(position) }
            }
        }
        return left
    }

    /// Whether one step waits for another, or for one that does.
    static func waits(_ step: Int, for other: Int, in steps: [OperationPlanner.Step]) -> Bool {
        var seen: Set<Int> = []
        var open = [step]
        while let next = open.popLast() {
            if next == other { return true }
            if seen.insert(next).inserted { open += steps[next].waitsFor }
        }
        return false
    }

    /// Steps of which each waits for the next, and the last for the first.
    static func circle(_ steps: [OperationPlanner.Step], among stuck: Set<Int>) -> [OperationPlanner.Step] {
        var path: [Int] = []
        var next = stuck.min()
        while let position = next {
            if let first = path.firstIndex(of: position) { return path[first...].map { steps[$0] } }
            path.append(position)
            next = steps[position].waitsFor.filter(stuck.contains).min()
        }
        return path.map { steps[$0] }
    }
}
