// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSQLite
import Synchronization

/// A statement as the store has executed it.
struct RecordedStatement {
    enum Argument {
        case null
        case integer(Int64)
        case text([UInt8])
        case blob([UInt8])
    }

    var text: String
    var arguments: [Argument]

    /// - Parameter expanded: The statement with its arguments instead of the question marks.
    init(text: String, expanded: String) {
        self.text = text
        arguments = []
        var rest = Substring(expanded).utf8
        for byte in text.utf8 {
            if byte == UInt8(ascii: "?") { arguments.append(Self.argument(&rest)) } else { rest = rest.dropFirst() }
        }
    }

    private static func argument(_ rest: inout Substring.UTF8View) -> Argument {
        let quote = UInt8(ascii: "'")
        switch rest.first {
        case UInt8(ascii: "N"):
            rest = rest.dropFirst(4)
            return .null
        case quote:
            var bytes: [UInt8] = []
            rest = rest.dropFirst()
            while let byte = rest.popFirst() {
                // A quote within the text is doubled.
                if byte == quote, rest.first != quote { break }
                if byte == quote { rest = rest.dropFirst() }
                bytes.append(byte)
            }
            return .text(bytes)
        case UInt8(ascii: "x"):
            let digits = rest.dropFirst(2).prefix { $0 != quote }
            rest = rest.dropFirst(digits.count + 3)
            return .blob(Self.bytes(Array(digits)))
        default:
            let digits = rest.prefix { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
            rest = rest.dropFirst(digits.count)
            return .integer(Int64(String(Substring(digits))) ?? 0)
        }
    }

    private static func bytes(_ digits: [UInt8]) -> [UInt8] {
        func value(_ digit: UInt8) -> UInt8 { digit < 0x3a ? digit - 0x30 : (digit | 0x20) - 0x57 }
        return stride(from: 0, to: digits.count - 1, by: 2).map { value(digits[$0]) << 4 | value(digits[$0 + 1]) }
    }
}

/// Records the statements of all connections that are opened meanwhile, so that the floor is what the store does and not what
/// somebody once thought it did.
enum Recording {
    private static let statements = Mutex<[RecordedStatement]>([])

    static func of(_ body: () async throws -> Void) async throws -> [RecordedStatement] {
        statements.withLock { $0 = [] }
        csqlite_greet(recordStatements)
        defer { csqlite_stop_greeting(recordStatements) }
        try await body()
        return statements.withLock { $0 }
    }

    /// Forgets what was recorded so far.
    static func restart() { statements.withLock { $0 = [] } }

    fileprivate static func note(_ statement: UnsafeMutableRawPointer?) -> Int32 {
        let statement = statement.map { OpaquePointer($0) }
        guard let text = sqlite3_sql(statement), let expanded = sqlite3_expanded_sql(statement) else { return 0 }
        defer { sqlite3_free(expanded) }
        let recorded = RecordedStatement(text: String(cString: text), expanded: String(cString: expanded))
        statements.withLock { $0.append(recorded) }
        return 0
    }
}

private func recordStatements(
    _ connection: OpaquePointer?, _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ routines: OpaquePointer?
) -> Int32 {
    sqlite3_trace_v2(connection, UInt32(SQLITE_TRACE_STMT), { _, _, statement, _ in Recording.note(statement) }, nil)
}
