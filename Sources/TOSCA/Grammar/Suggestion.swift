// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Finds what a person may have meant.
enum Suggestion {
    /// The name that is nearest to a misspelt one, if one is near enough; ties go to the first in order.
    static func nearest(to name: String, among names: some Sequence<String>) -> String? {
        let limit = max(1, name.count / 3)
        let letters = Array(name.unicodeScalars)
        var best: (distance: Int, name: String)?
        for other in names {
            let others = Array(other.unicodeScalars)
            guard abs(others.count - letters.count) <= limit, let distance = distance(letters, others, limit) else { continue }
            if best.map({ (distance, other) < $0 }) ?? true { best = (distance, other) }
        }
        return best?.name
    }

    /// A hint that names the nearest, or else all there are, if they are not too many.
    static func hint(for name: String, among names: some Sequence<String>, noun: String) -> String? {
        if let nearest = nearest(to: name, among: names) { return "did you mean ‘\(nearest)’?" }
        let sorted = names.sorted()
        if sorted.isEmpty { return "there are no \(noun)" }
        return sorted.count <= 20 ? "the \(noun) are \(sorted.joined(separator: ", "))" : nil
    }

    /// The number of letters to insert, remove, replace or swap; nil if it is above a limit.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], _ limit: Int) -> Int? {
        var older: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            var nearest = row + 1
            for column in right.indices {
                let same = left[row] == right[column]
                var best = min(previous[column + 1] + 1, current[column] + 1, previous[column] + (same ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, older[column - 1] + 1)
                }
                current.append(best)
                nearest = min(nearest, best)
            }
            if nearest > limit + 1 { return nil }
            (older, previous) = (previous, current)
        }
        return previous[right.count] <= limit ? previous[right.count] : nil
    }
}
