// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FoundationEssentials
import GRDB
import Support

/// One connection of a store, within a transaction. Statements are prepared once for each connection.
struct Connection {
    let db: Database

    /// The rows of a query, each turned into a result at once.
    func rows<Result>(
        _ sql: String, _ arguments: [DatabaseValue], _ convert: (Row) throws -> Result
    ) throws(Problem) -> [Result] {
        do {
            let cursor = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments.bound)
            var results: [Result] = []
            while let row = try cursor.next() { results.append(try convert(row)) }
            return results
        } catch {
            throw .unavailable(error)
        }
    }

    /// The first row of a query.
    func row<Result>(
        _ sql: String, _ arguments: [DatabaseValue], _ convert: (Row) throws -> Result
    ) throws(Problem) -> Result? {
        try rows(sql, arguments, convert).first
    }

    /// Executes a statement that gives no rows.
    func execute(_ sql: String, _ arguments: [DatabaseValue] = []) throws(Problem) {
        do {
            try db.cachedStatement(sql: sql).execute(arguments: arguments.bound)
        } catch {
            throw .unavailable(error)
        }
    }
}

extension [DatabaseValue] {
    /// The values in the form that statements take. To make it of values of a known type is much slower.
    fileprivate var bound: StatementArguments { StatementArguments(lazy.map { $0 as (any DatabaseValueConvertible)? }) }
}

extension Row {
    /// The integer in a column; a row that has none there is damaged.
    func integer(_ index: Int) throws -> Int64 {
        guard case .int64(let number) = (self[index] as DatabaseValue).storage else { throw Problem.damaged }
        return number
    }

    /// The integer in a column; nil if there is none.
    func optionalInteger(_ index: Int) -> Int64? {
        guard case .int64(let number) = (self[index] as DatabaseValue).storage else { return nil }
        return number
    }

    /// The number in a column that holds a version, a position or a sequence.
    func number(_ index: Int) throws -> UInt64 { UInt64(bitPattern: try integer(index)) }

    /// The text in a column; a row that has none there is damaged.
    func text(_ index: Int) throws -> String {
        guard case .string(let text) = (self[index] as DatabaseValue).storage else { throw Problem.damaged }
        return text
    }

    /// The bytes in a column; a row that has none there is damaged.
    func blob(_ index: Int) throws -> [UInt8] {
        try withUnsafeData(atIndex: index) { data throws in
            guard let data else { throw Problem.damaged }
            return [UInt8](data)
        }
    }

    /// The value that is encoded in a column.
    func decoded(_ index: Int) throws -> Support.Value { try CBOR.decode(blob(index)) }
}

extension Problem {
    static let damaged = Problem(
        "store.unavailable", "a row of the store is damaged", hint: "restore the store from a backup")

    /// The problem for an error of SQLite; a problem stays what it is.
    static func unavailable(_ error: any Error) -> Problem {
        if let problem = error as? Problem { return problem }
        guard let error = error as? DatabaseError else {
            return Problem("store.unavailable", "the store cannot be used: \(error)")
        }
        let text = error.message ?? "\(error.resultCode)"
        let hint =
            switch error.resultCode {
            case .SQLITE_FULL: "make room on the disk"
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
                "see that the file and its folder exist and can be written by this user"
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: "restore the store from a backup"
            case .SQLITE_BUSY, .SQLITE_LOCKED: "another program holds the store: end it"
            default: "look at the disk and the file"
            }
        return Problem("store.unavailable", "the store cannot be used: \(text)", hint: hint)
    }
}
