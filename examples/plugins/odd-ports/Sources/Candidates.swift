// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The ports that come into question: the odd ones, from the highest down.
struct Candidates: Sequence, IteratorProtocol {
    private let range: PortRange
    private let excluded: PortRange?
    private var following: Int

    /// The odd ports of a range without the excluded ones.
    init(_ range: PortRange, excluding excluded: PortRange?, for name: String) {
        self.range = range
        self.excluded = excluded
        following = range.last % 2 == 1 ? range.last : range.last - 1
    }

    mutating func next() -> Int? {
        while following >= range.first {
            let port = following
            following -= 2
            if excluded?.contains(port) != true { return port }
        }
        return nil
    }
}
