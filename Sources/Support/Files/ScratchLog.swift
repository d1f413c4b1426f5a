// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Byte strings that are written one after the other, to be gone through a little later. What it takes in memory doesn't grow.
package struct ScratchLog: Sendable {
    private let file: ScratchFile
    /// How many byte strings there are.
    package private(set) var count = 0

    /// - Parameter folder: Where the file is, if it takes one; nil keeps everything in memory.
    package init(in folder: String?) { file = ScratchFile(in: folder) }

    /// Adds a byte string, of less than 4 GiB.
    ///
    /// - Throws: `file.failed`.
    package mutating func append(_ bytes: [UInt8]) throws(Problem) {
        let length = UInt32(bytes.count)
        try file.append([UInt8(length >> 24), UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255)])
        try file.append(bytes)
        count += 1
    }

    /// Goes through the byte strings, in order.
    ///
    /// - Throws: `file.failed`, and what the body throws.
    package func visit(_ body: ([UInt8]) throws(Problem) -> Void) throws(Problem) {
        var offset = 0
        var buffer: ArraySlice<UInt8> = []
        for _ in 0..<count {
            let head = try Self.take(4, &buffer, file, &offset)
            let length = head.reduce(0) { $0 << 8 | Int($1) }
            try body(Self.take(length, &buffer, file, &offset))
        }
    }

    private static func take(
        _ length: Int, _ buffer: inout ArraySlice<UInt8>, _ file: ScratchFile, _ offset: inout Int
    ) throws(Problem) -> [UInt8] {
        while buffer.count < length {
            let piece = try file.read(at: offset, count: max(ScratchFile.pieceSize, length - buffer.count))
            offset += piece.count
            buffer = buffer.isEmpty ? piece[...] : buffer + piece
        }
        defer { buffer = buffer.dropFirst(length) }
        return Array(buffer.prefix(length))
    }
}
