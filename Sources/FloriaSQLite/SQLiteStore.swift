// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
import Glibc
public import Support

/// A store in one SQLite file, for one program at a time.
///
/// What is acknowledged is on disk. Any number of snapshots can be read while one group of transactions is written.
public final class SQLiteStore: Store {
    let readers: Readers
    let queue: CommitQueue?
    private let feeds: StoreFeeds
    let memory: StoreMemory
    let path: String
    let now: @Sendable () -> Int64

    /// Opens a store, and makes it if it isn't there.
    ///
    /// - Parameters:
    ///   - path: The file. Its folder must exist.
    ///   - readOnly: Whether it is only read: no file is made or changed, also if another program has the store open.
    ///   - now: The time in milliseconds since 1970 UTC.
    /// - Throws: `store.unavailable` if it cannot be opened, is no store, or was written by another version.
    public init(path: String, readOnly: Bool = false, now: @escaping @Sendable () -> Int64 = { Timestamp.now() })
        throws(Problem)
    {
        self.path = path
        self.now = now
        do {
            if readOnly {
                readers = Readers(path: try Self.fileToRead(path))
                queue = nil
                (memory, feeds) = try readers.read { connection throws(Problem) in
                    try Schema.check(connection, path: path)
                    return try Self.start(connection)
                }
            } else {
                let writer = try Self.openWriting(path)
                let (memory, feeds) = try writer.transaction("BEGIN") { () throws(Problem) in try Self.start(writer) }
                (self.memory, self.feeds) = (memory, feeds)
                readers = Readers(path: path)
                queue = CommitQueue(writer, feeds, memory)
            }
        } catch {
            if error.message.contains(path) { throw error }
            throw Problem("store.unavailable", "the store ‘\(path)’ cannot be opened", causes: [error], hint: error.hint)
        }
    }

    private static func start(_ connection: Connection) throws(Problem) -> (StoreMemory, StoreFeeds) {
        let memory = try StoreMemory(connection)
        return (memory, StoreFeeds(try SQLiteSnapshot(connection, memory)))
    }

    private static func openWriting(_ path: String) throws(Problem) -> Connection {
        let connection = try Connection(path: path, isReadOnly: false)
        try connection.execute("PRAGMA journal_mode = WAL")
        // With less the last commits would be lost when the power fails.
        try connection.execute("PRAGMA synchronous = FULL")
        try connection.execute("PRAGMA journal_size_limit = 67108864")
        // What a savepoint would put back is kept in memory; else each commit would make a file for it.
        try connection.execute("PRAGMA temp_store = MEMORY")
        try Schema.prepare(connection, path: path)
        try Schema.sweep(connection)
        WriteAheadLog.reserve(path)
        return connection
    }

    /// The file as it is opened for reading only.
    static func fileToRead(_ path: String) throws(Problem) -> String {
        guard access(path, R_OK) == 0 else {
            throw Problem(
                "store.unavailable", "the store ‘\(path)’ cannot be opened: \(String(cString: strerror(errno)))",
                hint: "see that the path is right and that this user may read it")
        }
        // Without a log beside it nobody has the store open; to read it as a file that doesn't change makes no files.
        return access(path + "-wal", F_OK) == 0 ? path : "file:\(path.addressPath)?immutable=1"
    }

    /// Closes the file, so that nothing but it is left. What is done with the store afterwards is a problem.
    public func close() {
        // The writer must be the last connection: only it can remove the log.
        readers.close()
        queue?.close()
    }

    /// A setting of the connection that writes, for tests.
    func pragma(_ name: String) throws(Problem) -> Value { try queue?.pragma(name) ?? .null }

    /// Reads one consistent snapshot, on the thread of the caller.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Snapshot) throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        try readers.read { connection throws(Problem) in try body(SQLiteSnapshot(connection, memory)) }
    }

    /// Applies a transaction whole or not at all.
    @discardableResult
    public func commit(_ transaction: Transaction) async throws(Problem) -> Commit {
        guard let queue else { throw Self.readOnly(path) }
        return try await queue.commit(transaction, time: now())
    }

    static func readOnly(_ path: String) -> Problem {
        Problem("store.unavailable", "the store ‘\(path)’ is open for reading only")
    }

    /// The position of the last commit, and of each one from now on.
    public func positions() -> AsyncStream<UInt64> { feeds.positions.stream() }

    /// The sequence of the last stored event, and of the last one of each commit from now on that stores some.
    public func sequences() -> AsyncStream<UInt64> { feeds.sequences.stream() }
}

extension String {
    /// The path as part of an address: what has a meaning there is escaped.
    fileprivate var addressPath: String {
        utf8.reduce(into: "") { text, byte in
            let isPlain = byte < 0x80 && !"%?#".utf8.contains(byte)
            text += isPlain ? String(Unicode.Scalar(byte)) : "%" + String(byte, radix: 16)
        }
    }
}
