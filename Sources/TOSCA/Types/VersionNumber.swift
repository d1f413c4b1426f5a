// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A TOSCA version: `major.minor[.fix[.qualifier[-build]]]`.
struct VersionNumber {
    let numbers: [Int]
    let qualifier: String?
    let build: Int

    /// Parses a version; nil if it is none.
    init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        let numbers = parts.prefix(3).map { Self.number($0) }
        guard parts.count >= 2, !numbers.contains(nil) else { return nil }
        self.numbers = numbers.compactMap { $0 } + (parts.count == 2 ? [0] : [])
        guard parts.count == 4 else {
            (qualifier, build) = (nil, 0)
            return
        }
        let tail = parts[3].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = tail.first, !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else {
            return nil
        }
        qualifier = String(name)
        guard tail.count == 2 else {
            build = 0
            return
        }
        guard let build = Self.number(tail[1]) else { return nil }
        self.build = build
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    /// Whether this is older; nil if two branches have nothing to do with each other.
    func isOlder(than other: VersionNumber) -> Bool? {
        for (left, right) in zip(numbers, other.numbers) where left != right { return left < right }
        switch (qualifier, other.qualifier) {
        case (nil, nil): return false
        case (_?, nil): return true
        case (nil, _?): return false
        case (let left?, let right?): return left == right ? build < other.build : nil
        }
    }
}
