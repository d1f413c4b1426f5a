// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The ports that come into question, best first: each once, beginning at a place that depends on who asks, so that
/// many who ask at once seldom want the same one.
struct Candidates: Sequence, IteratorProtocol {
    private let range: PortRange
    private let excluded: PortRange?
    private let start: Int
    private var step = 0

    /// The ports of a range without the excluded ones.
    init(_ range: PortRange, excluding excluded: PortRange?, for name: String) {
        self.range = range
        self.excluded = excluded
        start = Int(stableHash(name) % UInt64(range.count))
    }

    mutating func next() -> Int? {
        while step < range.count {
            let port = range.first + (start + step) % range.count
            step += 1
            if excluded?.contains(port) != true { return port }
        }
        return nil
    }
}

/// FNV-1a: a hash that is the same everywhere and always.
func stableHash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
}
