// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The checksum of a row: it finds what a disk gives back otherwise than it was written, and is no protection against forgery.
///
/// Every step can be turned back, so that rows that differ in one word differ in the state of 64 bits; 32 bits of it are kept, so
/// that one of four thousand million damages is missed.
struct Checksum {
    private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

    init() {}

    /// The checksum of a row that has these columns.
    init(_ columns: [Column]) {
        for column in columns { add(column) }
    }

    /// Columns, and their checksum after them.
    static func sealed(_ columns: [Column]) -> [Column] { columns + [Checksum(columns).column] }

    /// The checksum as its column keeps it.
    var column: Column { Int(value).column }

    /// The checksum.
    var value: Int32 { Int32(truncatingIfNeeded: (state ^ state >> 29) &* 0xbf58_476d_1ce4_e5b9 >> 32) }

    private mutating func add(_ column: Column) {
        switch column {
        case .null: addNull()
        case .integer(let number): add(number)
        case .text(var text): text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
        case .blob(let bytes): bytes.withUnsafeBytes { add($0) }
        }
    }

    /// Adds a column that has no value.
    mutating func addNull() { add(word: 0x5bd1_e995_97f4_a7c5) }

    /// Adds a column that is an integer.
    mutating func add(_ number: Int64) { add(word: UInt64(bitPattern: number)) }

    /// Adds a column that is a text or a blob.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        add(word: UInt64(bytes.count))
        let rest = bytes.count & 7
        for offset in stride(from: 0, to: bytes.count - rest, by: 8) {
            add(word: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        }
        guard rest > 0 else { return }
        add(word: bytes.suffix(rest).reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }

    private mutating func add(word: UInt64) {
        state = (state ^ word) &* 0x9fb2_1c65_1e98_df25
        state ^= state >> 32
    }
}
