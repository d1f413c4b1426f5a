// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSQLite
import Support

/// One connection with a database. Statements are prepared once for each connection.
///
/// It is used by one thread at a time, which who holds it sees to; SQLite doesn't ask that it be the same one each time.
/// Hence `@unchecked Sendable`.
final class Connection: @unchecked Sendable {
    private let handle: OpaquePointer
    private var statements: [StatementText: Statement] = [:]
    /// Reads entities from rows. What it remembers of earlier ones is of use as long as the connection is.
    var decoder = EntityDecoder()

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file, or an address that begins with `file:`.
    ///   - isReadOnly: Whether it is only read; otherwise the file is made if it isn't there.
    init(path: String, isReadOnly: Bool) throws(Problem) {
        let access = isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nil)
        guard code == SQLITE_OK, let opened else {
            let problem = Problem.unavailable(code, opened)
            sqlite3_close_v2(opened)
            throw problem
        }
        handle = opened
        sqlite3_busy_timeout(handle, 5000)
    }

    deinit { sqlite3_close_v2(handle) }

    /// How many rows the last statement has changed.
    var changesCount: Int { Int(sqlite3_changes(handle)) }

    /// Whether a transaction is open.
    private var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Hands over the rows of a query, one after the other.
    func each(_ sql: String, _ arguments: [Column], _ body: (Row) throws(Problem) -> Void) throws(Problem) {
        let statement = try statement(sql)
        defer { put(back: statement) }
        try statement.bind(arguments)
        while try statement.step() { try body(Row(statement)) }
    }

    /// The rows of a query, each turned into a result at once.
    func rows<Result>(
        _ sql: String, _ arguments: [Column], _ convert: (Row) throws(Problem) -> Result
    ) throws(Problem) -> [Result] {
        var results: [Result] = []
        try each(sql, arguments) { row throws(Problem) in results.append(try convert(row)) }
        return results
    }

    /// The first row of a query.
    func row<Result>(
        _ sql: String, _ arguments: [Column], _ convert: (Row) throws(Problem) -> Result
    ) throws(Problem) -> Result? {
        let statement = try statement(sql)
        defer { put(back: statement) }
        try statement.bind(arguments)
        return try statement.step() ? try convert(Row(statement)) : nil
    }

    /// The number that a query gives; 0 if it gives none.
    func number(_ sql: String, _ arguments: [Column] = []) throws(Problem) -> Int64 {
        try row(sql, arguments) { row throws(Problem) in row.optionalInteger(0) ?? 0 } ?? 0
    }

    /// Executes a statement that gives no rows, or none that are wanted.
    func execute(_ sql: String, _ arguments: [Column] = []) throws(Problem) {
        let statement = try statement(sql)
        defer { put(back: statement) }
        try statement.bind(arguments)
        _ = try statement.step()
    }

    /// Executes statements one after the other.
    func executeAll(_ sql: String) throws(Problem) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw .unavailable(code, handle) }
    }

    /// Copies the whole database, as it is at one moment, over another one. Others may go on to write it meanwhile.
    func copy(to other: Connection) throws(Problem) {
        guard let backup = sqlite3_backup_init(other.handle, "main", handle, "main") else {
            throw .unavailable(sqlite3_errcode(other.handle), other.handle)
        }
        let code = sqlite3_backup_step(backup, -1)
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, end == SQLITE_OK else {
            throw .unavailable(code == SQLITE_DONE ? end : code, end == SQLITE_OK ? nil : other.handle)
        }
    }

    /// Does something within one transaction, which is rolled back if that fails.
    func transaction<Result>(_ begin: String, _ body: () throws(Problem) -> Result) throws(Problem) -> Result {
        try execute(begin)
        do throws(Problem) {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            rollBack()
            throw error
        }
    }

    /// Ends a transaction without its changes. Some errors have ended it already.
    func rollBack() {
        if isInTransaction { try? execute("ROLLBACK") }
    }

    /// Holds at most so many kilobytes of pages in memory from now on. Not within a transaction.
    func holdPages(_ kilobytes: Int) throws(Problem) { try executeAll("PRAGMA cache_size = -\(kilobytes)") }

    /// Holds no more pages than usual from now on, and gives back the memory of those that it holds.
    func releasePages() {
        try? holdPages(2000)
        sqlite3_db_release_memory(handle)
    }

    // A query within a query of the same text gets a statement of its own.
    private func statement(_ sql: String) throws(Problem) -> Statement {
        let text = StatementText(sql: sql)
        let known = statements[text]
        if let known, !known.isBusy {
            known.isBusy = true
            return known
        }
        let statement = try Statement(sql, handle)
        statement.isBusy = true
        if known == nil { statements[text] = statement }
        return statement
    }

    private func put(back statement: Statement) {
        statement.reset()
        statement.isBusy = false
    }
}

/// The text of a statement. There are few, and most are of different lengths, so that there is no need to hash all of it.
private struct StatementText: Hashable {
    let sql: String

    func hash(into hasher: inout Hasher) { hasher.combine(sql.utf8.count) }
}
