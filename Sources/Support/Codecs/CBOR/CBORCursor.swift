// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Reads the items of an encoding one after the other, for those who know what is to come: no tree of values is made.
package struct CBORCursor {
    private let bytes: [UInt8]
    private var reader: CBORReader

    /// Begins with the first item.
    package init(_ bytes: [UInt8], limits: CodecLimits = .standard) {
        self.bytes = bytes
        reader = CBORReader(limits: limits)
    }

    /// Whether everything was read.
    package var isAtEnd: Bool { reader.position == bytes.count }

    /// The next item.
    package mutating func value() throws(Problem) -> Value {
        let bytes = bytes
        return try reader.value(bytes.span, depth: 0)
    }

    /// The number of items of the list that comes next, which follow; nil if it is no list.
    package mutating func list() throws(Problem) -> Int? {
        let bytes = bytes
        return try reader.arrayCount(bytes.span).flatMap(Int.init(exactly:))
    }

    /// The next item if it is an integer.
    package mutating func integer() throws(Problem) -> Int64? {
        if case .integer(let number) = try value() { number } else { nil }
    }

    /// The next item if it is a text.
    package mutating func text() throws(Problem) -> String? {
        if case .text(let text) = try value() { text } else { nil }
    }

    /// Passes so many items, whatever they are.
    package mutating func skip(_ count: Int = 1) throws(Problem) {
        let bytes = bytes
        for _ in 0..<count { try reader.skip(bytes.span) }
    }

    /// Passes a text.
    package mutating func skipText() throws(Problem) {
        let bytes = bytes
        try reader.skipText(bytes.span)
    }

    /// Passes a null; false if something else comes next.
    package mutating func skipNull() -> Bool {
        guard reader.position < bytes.count, bytes[reader.position] == 0xf6 else { return false }
        reader.position += 1
        return true
    }

    /// The next item, which is taken from a memory if that remembers the same bytes.
    package mutating func remembered<Result>(
        _ memory: inout CBORMemory<Result>, read: (inout CBORCursor) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        let start = reader.position
        if let (encoded, result) = memory.last, bytes[start...].starts(with: encoded) {
            reader.position += encoded.count
            return result
        }
        let result = try read(&self)
        memory.last = (bytes[start..<reader.position], result)
        return result
    }
}

/// What was read last, with its encoding. No encoding is the beginning of another one.
package struct CBORMemory<Result> {
    fileprivate var last: (encoded: ArraySlice<UInt8>, result: Result)?

    /// Remembers nothing yet.
    package init() {}
}
