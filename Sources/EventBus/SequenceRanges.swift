// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// The sequences that are done: all up to one, and some beyond it.
struct SequenceRanges: Sendable {
    /// All up to this one are done.
    private(set) var until: UInt64
    /// What is done beyond: neither adjacent nor overlapping, in order.
    private var ranges: [ClosedRange<UInt64>] = []

    init(until: UInt64) { self.until = until }

    func contains(_ sequence: UInt64) -> Bool {
        if sequence <= until { return true }
        let index = index(of: sequence)
        return index < ranges.count && ranges[index].contains(sequence)
    }

    mutating func insert(_ sequence: UInt64) {
        if contains(sequence) { return }
        let index = index(of: sequence)
        let joinsNext = index < ranges.count && ranges[index].lowerBound == sequence + 1
        let joinsLast = index > 0 && ranges[index - 1].upperBound + 1 == sequence
        let low = joinsLast ? ranges[index - 1].lowerBound : sequence
        let high = joinsNext ? ranges[index].upperBound : sequence
        ranges.replaceSubrange((joinsLast ? index - 1 : index)..<(joinsNext ? index + 1 : index), with: [low...high])
        if let first = ranges.first, first.lowerBound == until + 1 {
            until = first.upperBound
            ranges.removeFirst()
        }
    }

    /// The first range that doesn't end before a sequence.
    private func index(of sequence: UInt64) -> Int { ranges.partitioningIndex { $0.upperBound >= sequence } }

    /// The ends of all ranges, the first of which begins at 1.
    var document: Value { .list([.number(until)] + ranges.flatMap { [.number($0.lowerBound), .number($0.upperBound)] }) }

    init?(document: Value) {
        guard let list = document.list else { return nil }
        let numbers = list.compactMap { $0.integer.flatMap(UInt64.init(exactly:)) }
        guard numbers.count == list.count, numbers.count % 2 == 1, zip(numbers, numbers.dropFirst()).allSatisfy(<=) else {
            return nil
        }
        until = numbers[0]
        ranges = stride(from: 1, to: numbers.count, by: 2).map { numbers[$0]...numbers[$0 + 1] }
    }
}
