// SPDX-License-Identifier: Apache-2.0 OR MIT

extension Array {
    /// The first index whose element satisfies a condition, where all after it do; the count if none does. O(log n).
    package func partitioningIndex(_ isSatisfied: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isSatisfied(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
