// SPDX-License-Identifier: Apache-2.0 OR MIT

extension SourceLocation {
    /// The place of a byte of a text: its row, and its column in Unicode scalars.
    init(file: String, byte offset: Int, of source: Span<UInt8>) {
        var row = 1
        var column = 1
        for index in 0..<min(offset, source.count) {
            if source[index] == UInt8(ascii: "\n") {
                row += 1
                column = 1
            } else if source[index] & 0xc0 != 0x80 {
                column += 1
            }
        }
        self.init(file: file, row: row, column: column)
    }
}

/// Below 0 if the first text precedes the second by the order of their UTF-8 bytes, above 0 if it follows.
func bytesOrder(_ left: String, _ right: String) -> Int {
    let leftBytes = left.utf8.span
    let rightBytes = right.utf8.span
    for index in 0..<min(leftBytes.count, rightBytes.count) where leftBytes[index] != rightBytes[index] {
        return leftBytes[index] < rightBytes[index] ? -1 : 1
    }
    return leftBytes.count - rightBytes.count
}

/// Whether two texts have the same UTF-8 bytes.
func bytesEqual(_ left: String, _ right: String) -> Bool {
    let leftBytes = left.utf8.span
    let rightBytes = right.utf8.span
    guard leftBytes.count == rightBytes.count else { return false }
    for index in leftBytes.indices where leftBytes[index] != rightBytes[index] { return false }
    return true
}
