// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSQLite
import FoundationEssentials
import Support

/// SQLite without anything around it: the floor.
final class RawDatabase {
    private let handle: OpaquePointer
    private var prepared: [String: OpaquePointer] = [:]

    /// Opens a database with the settings of the store.
    init(_ path: String) throws {
        var opened: OpaquePointer?
        guard
            sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK,
            let opened
        else { throw Problem("bench.floor", "‘\(path)’ cannot be opened") }
        handle = opened
        for pragma in ["journal_mode = WAL", "synchronous = FULL", "journal_size_limit = 67108864", "temp_store = MEMORY"] {
            try execute("PRAGMA \(pragma)")
        }
    }

    /// A copy of a store that is closed.
    convenience init(copyOf store: String, at path: String) throws {
        try FileManager.default.copyItem(atPath: store, toPath: path)
        try self.init(path)
    }

    deinit {
        for statement in prepared.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// Executes statements that take no arguments.
    func execute(_ sql: String) throws {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure(sql) }
    }

    private func failure(_ sql: String) -> Problem {
        Problem("bench.floor", "‘\(sql)’ failed: \(String(cString: sqlite3_errmsg(handle)))")
    }

    /// A statement, which is prepared once.
    func statement(_ sql: String) throws -> OpaquePointer {
        if let statement = prepared[sql] { return statement }
        var statement: OpaquePointer?
        guard sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == SQLITE_OK,
            let statement
        else { throw failure(sql) }
        prepared[sql] = statement
        return statement
    }

    /// Executes a statement with its arguments, and reads all columns of all rows.
    func run(_ statement: OpaquePointer, _ arguments: [RecordedStatement.Argument]) throws {
        for (index, argument) in arguments.enumerated() { bind(argument, statement, Int32(index + 1)) }
        var code = sqlite3_step(statement)
        while code == SQLITE_ROW {
            for column in 0..<sqlite3_column_count(statement) { Self.read(statement, column) }
            code = sqlite3_step(statement)
        }
        sqlite3_reset(statement)
        guard code == SQLITE_DONE else { throw failure(sqlite3_sql(statement).map { String(cString: $0) } ?? "a statement") }
    }

    private func bind(_ argument: RecordedStatement.Argument, _ statement: OpaquePointer, _ index: Int32) {
        switch argument {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let number): sqlite3_bind_int64(statement, index, number)
        case .text(let bytes):
            bytes.withUnsafeBytes {
                _ = csqlite_bind_text(statement, index, $0.assumingMemoryBound(to: CChar.self).baseAddress, Int32($0.count))
            }
        case .blob(let bytes):
            bytes.withUnsafeBytes { _ = csqlite_bind_blob(statement, index, $0.baseAddress, Int32($0.count)) }
        }
    }

    private static func read(_ statement: OpaquePointer, _ column: Int32) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: _ = sqlite3_column_int64(statement, column)
        case SQLITE_TEXT: _ = sqlite3_column_text(statement, column)
        default: _ = sqlite3_column_blob(statement, column)
        }
    }

    /// Statements that are prepared, with their arguments.
    func prepare(_ recorded: [RecordedStatement]) throws -> [(OpaquePointer, [RecordedStatement.Argument])] {
        try recorded.map { (try statement($0.text), $0.arguments) }
    }
}

/// The milliseconds of a durable commit of 1 kB.
func durableCommit(in folder: String) throws -> Double {
    let database = try RawDatabase(folder + "/floor-\(UInt32.random(in: 0 ... .max)).db")
    try database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, content BLOB)")
    let insert = try database.statement("INSERT INTO t (content) VALUES (?)")
    let content = RecordedStatement.Argument.blob([UInt8](repeating: 120, count: 1000))
    var times: [Double] = []
    // The first ones make the log longer, which takes longer.
    for index in 0..<900 {
        let begin = ContinuousClock.now
        try database.execute("BEGIN IMMEDIATE")
        try database.run(insert, [content])
        try database.execute("COMMIT")
        if index >= 500 { times.append((ContinuousClock.now - begin) / .milliseconds(1)) }
    }
    return times.median
}
