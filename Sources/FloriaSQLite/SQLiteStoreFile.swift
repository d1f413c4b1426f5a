// SPDX-License-Identifier: Apache-2.0 OR MIT
import Dispatch
public import Floria
import Glibc
public import Support

extension SQLiteStore {
    /// Writes a copy of the store, as it is at one moment, to a new file. Others go on to read and to write meanwhile.
    ///
    /// - Throws: `store.file-exists`, `store.unavailable` if it cannot be written or the store cannot be read.
    public func backUp(to path: String) async throws(Problem) {
        if access(path, F_OK) == 0 { throw StoreFile.taken(path) }
        try await aside { source throws(Problem) in try StoreFile.copy(source, to: path, replaces: false) { _ in } }
    }

    /// Looks at everything that the store holds: whether the file is whole, its rows can be read, its indexes fit and the graph keeps
    /// its rules. Others go on to read and to write meanwhile. O(n log n).
    ///
    /// - Returns: what is wrong, at most a hundred problems; empty if all is well.
    /// - Throws: `store.unavailable` if the store cannot be read at all.
    public func check() async throws(Problem) -> [Problem] {
        try await aside { connection throws(Problem) in
            try connection.transaction("BEGIN") { () throws(Problem) in try StoreCheck.run(connection) }
        }
    }

    /// Reads one consistent snapshot as ``read(_:)`` does, on a thread of its own, for what takes its time.
    public func readAside<Result: Sendable>(
        _ body: @escaping @Sendable (any Snapshot) throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        let memory = memory
        return try await aside { connection throws(Problem) in
            try connection.transaction("BEGIN") { () throws(Problem) in try body(SQLiteSnapshot(connection, memory)) }
        }
    }

    /// Replaces the store of a path, or makes it, by a backup, which is checked before, and brought up to date if an older program
    /// wrote it. What was there is kept beside it, with the ending `.replaced`.
    ///
    /// - Throws: `store.damaged` if the backup is, `store.unavailable` if it is no store or the one to be replaced is in use; then
    ///   nothing was changed.
    public static func restore(from backup: String, to path: String) throws(Problem) {
        do throws(Problem) {
            let source = try Connection(path: try fileToRead(backup), isReadOnly: true)
            try StoreFile.restore(from: source, named: backup, to: path)
        } catch {
            if error.message.contains(backup) || error.message.contains(path) { throw error }
            throw Problem(error.code, "‘\(path)’ cannot be restored from ‘\(backup)’", causes: [error], hint: error.hint)
        }
    }

    /// Does something that takes its time, with a connection of its own and on a thread of its own.
    private func aside<Result: Sendable>(
        _ body: @escaping @Sendable (Connection) throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        let outcome: Swift.Result<Result, Problem> = await withCheckedContinuation { continuation in
            DispatchQueue(label: "floria.aside").async { [readers] in
                continuation.resume(
                    returning: Swift.Result { () throws(Problem) in try readers.withConnection(body) })
            }
        }
        return try outcome.get()
    }
}
