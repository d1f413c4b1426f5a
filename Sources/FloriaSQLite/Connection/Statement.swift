// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSQLite
import Support

/// A prepared statement of one connection.
final class Statement {
    fileprivate let handle: OpaquePointer
    private let connection: OpaquePointer
    /// Whether its rows are being read.
    var isBusy = false

    init(_ sql: String, _ connection: OpaquePointer) throws(Problem) {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw .unavailable(code, connection) }
        handle = prepared
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    /// Binds the parameters, in order.
    func bind(_ columns: [Column]) throws(Problem) {
        for (index, column) in columns.enumerated() {
            let code = column.bind(handle, Int32(index + 1))
            guard code == SQLITE_OK else { throw .unavailable(code, connection) }
        }
    }

    /// Goes on to the next row; false if there is none.
    func step() throws(Problem) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw .unavailable(code, connection)
        }
    }

    /// Makes it ready for the next use.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }
}

/// The row at which a statement stands.
struct Row {
    private let handle: OpaquePointer

    init(_ statement: Statement) { handle = statement.handle }

    /// The integer in a column; a row that has none there is damaged.
    func integer(_ index: Int32) throws(Problem) -> Int64 {
        guard let number = optionalInteger(index) else { throw .damaged }
        return number
    }

    /// The integer in a column; nil if there is none.
    func optionalInteger(_ index: Int32) -> Int64? {
        sqlite3_column_type(handle, index) == SQLITE_INTEGER ? sqlite3_column_int64(handle, index) : nil
    }

    /// The number in a column that holds a version, a position or a sequence.
    func number(_ index: Int32) throws(Problem) -> UInt64 { UInt64(bitPattern: try integer(index)) }

    /// The text in a column; nil if there is none.
    func optionalText(_ index: Int32) -> String? {
        guard sqlite3_column_type(handle, index) == SQLITE_TEXT else { return nil }
        return String(decoding: bytes(ofText: index), as: UTF8.self)
    }

    /// The text in a column; a row that has none there is damaged.
    func text(_ index: Int32) throws(Problem) -> String {
        guard let text = optionalText(index) else { throw .damaged }
        return text
    }

    /// Whether the text in a column is this one.
    func hasText(_ text: [UInt8], at index: Int32) -> Bool {
        guard sqlite3_column_type(handle, index) == SQLITE_TEXT else { return false }
        let bytes = bytes(ofText: index)
        return bytes.count == text.count && bytes.elementsEqual(text)
    }

    /// The bytes in a column; a row that has none there is damaged.
    func blob(_ index: Int32) throws(Problem) -> [UInt8] {
        guard sqlite3_column_type(handle, index) == SQLITE_BLOB else { throw .damaged }
        return [UInt8](bytes(index))
    }

    /// A column as it would be bound to write it.
    func column(_ index: Int32) -> Column {
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, index))
        case SQLITE_TEXT: .text(String(decoding: bytes(ofText: index), as: UTF8.self))
        case SQLITE_BLOB: .blob([UInt8](bytes(index)))
        default: .null
        }
    }

    /// The checksum of the first columns.
    func checksum(of count: Int) -> Checksum {
        var sum = Checksum()
        for index in 0..<Int32(count) {
            switch sqlite3_column_type(handle, index) {
            case SQLITE_INTEGER: sum.add(sqlite3_column_int64(handle, index))
            case SQLITE_TEXT: sum.add(bytes(ofText: index))
            case SQLITE_BLOB: sum.add(bytes(index))
            default: sum.addNull()
            }
        }
        return sum
    }

    /// The bytes of a blob, as long as the statement stands at the row.
    private func bytes(_ index: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, index)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index)))
    }

    /// The bytes of a text, likewise.
    private func bytes(ofText index: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_text(handle, index)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index)))
    }

    /// The value that is encoded in a column.
    func decoded(_ index: Int32) throws(Problem) -> Value { try CBOR.decode(blob(index)) }
}

/// What a parameter of a statement is bound to.
enum Column: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    fileprivate func bind(_ statement: OpaquePointer, _ index: Int32) -> Int32 {
        switch self {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let number): return sqlite3_bind_int64(statement, index, number)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    csqlite_bind_text(statement, index, $0.baseAddress, Int32($0.count))
                }
            }
        case .blob(let bytes):
            return bytes.withUnsafeBytes { csqlite_bind_blob(statement, index, $0.baseAddress, Int32($0.count)) }
        }
    }
}
