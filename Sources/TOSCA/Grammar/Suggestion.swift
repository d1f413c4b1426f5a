// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Finds what a person may have meant.
enum Suggestion {
    /// The name that is nearest to a misspelt one, if one is near enough; ties go to the first in order.
    static func nearest(to name: String, among names: some Sequence<String>) -> String? {
        let limit = max(1, name.count / 3)
        let candidates = names.map { (distance: distance(Array(name), Array($0)), name: $0) }
        return candidates.filter { $0.distance <= limit }.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
    }

    /// A hint that names the nearest, or else all there are, if they are not too many.
    static func hint(for name: String, among names: some Sequence<String>, noun: String) -> String? {
        if let nearest = nearest(to: name, among: names) { return "did you mean ‘\(nearest)’?" }
        let sorted = names.sorted()
        if sorted.isEmpty { return "there are no \(noun)" }
        return sorted.count <= 20 ? "the \(noun) are \(sorted.joined(separator: ", "))" : nil
    }

    /// The number of letters to insert, remove, replace or swap.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var older: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let same = left[row] == right[column]
                var best = min(previous[column + 1] + 1, current[column] + 1, previous[column] + (same ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, older[column - 1] + 1)
                }
                current.append(best)
            }
            (older, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
