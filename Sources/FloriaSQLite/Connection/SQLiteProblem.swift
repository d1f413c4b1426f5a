// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSQLite
import Support

extension Problem {
    static let damaged = Problem(
        "store.unavailable", "a row of the store is damaged", hint: "restore the store from a backup")

    static let closed = Problem("store.unavailable", "the store cannot be used: it is closed")

    static let inUseHint = "another program holds the store: end it"

    /// The problem for an error of SQLite.
    ///
    /// - Parameters:
    ///   - code: The result code, extended or not.
    ///   - connection: Where it came from, and can be explained.
    static func unavailable(_ code: Int32, _ connection: OpaquePointer?) -> Problem {
        let text = connection.flatMap(sqlite3_errmsg) ?? sqlite3_errstr(code)
        let hint =
            switch code & 0xff {
            case SQLITE_FULL: "make room on the disk"
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM:
                "see that the file and its folder exist and can be written by this user"
            case SQLITE_CORRUPT, SQLITE_NOTADB: "restore the store from a backup"
            case SQLITE_BUSY, SQLITE_LOCKED: inUseHint
            default: "look at the disk and the file"
            }
        return Problem(
            "store.unavailable", "the store cannot be used: \(text.map { String(cString: $0) } ?? "error \(code)")", hint: hint)
    }
}
