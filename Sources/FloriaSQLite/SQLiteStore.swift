// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
import GRDB
import Glibc
public import Support

/// A store in one SQLite file, for one program at a time.
///
/// What is acknowledged is on disk. Any number of snapshots can be read while one group of transactions is written.
public final class SQLiteStore: Store {
    private let reader: any DatabaseReader
    private let queue: CommitQueue?
    private let feed: PositionFeed
    private let memory: StoreMemory
    private let path: String
    private let now: @Sendable () -> Int64

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
                reader = try Self.openReading(path)
                (memory, feed) = try reader.unsafeRead { try Self.start(Connection(db: $0)) }
                queue = nil
            } else {
                let pool = try Self.openWriting(path)
                (memory, feed) = try pool.read { try Self.start(Connection(db: $0)) }
                reader = pool
                queue = CommitQueue(pool, feed, memory)
            }
        } catch let problem as Problem where problem.code == "store.unavailable" && !(problem.message.contains(path)) {
            throw Self.cannotOpen(path, problem)
        } catch {
            let problem = Problem.unavailable(error)
            throw problem.message.contains(path) ? problem : Self.cannotOpen(path, problem)
        }
    }

    private static func start(_ connection: Connection) throws -> (StoreMemory, PositionFeed) {
        let memory = try StoreMemory(connection)
        return (memory, PositionFeed(try SQLiteSnapshot(connection, memory).position))
    }

    private static func cannotOpen(_ path: String, _ problem: Problem) -> Problem {
        Problem("store.unavailable", "the store ‘\(path)’ cannot be opened", causes: [problem], hint: problem.hint)
    }

    private static func openWriting(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { db in
            try Schema.prepare(db, path: path)
            // The pool has set this to NORMAL, with which the last commits would be lost when the power fails.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
        }
        return pool
    }

    private static func openReading(_ path: String) throws -> DatabaseQueue {
        guard access(path, R_OK) == 0 else {
            throw Problem(
                "store.unavailable", "the store ‘\(path)’ cannot be opened: \(String(cString: strerror(errno)))",
                hint: "see that the path is right and that this user may read it")
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        // Without a log beside it nobody has the store open; to read it as a file that doesn't change makes no files.
        let file = access(path + "-wal", F_OK) == 0 ? path : "file:\(path.addressPath)?immutable=1"
        let queue = try DatabaseQueue(path: file, configuration: configuration)
        try queue.read { try Schema.check($0, path: path) }
        return queue
    }

    /// Closes the file, so that nothing but it is left. What is done with the store afterwards is a problem.
    ///
    /// - Throws: `store.unavailable` if it is in use.
    public func close() throws(Problem) {
        do {
            // The writer must be the last connection: only it can remove the log.
            (reader as? DatabasePool)?.invalidateReadOnlyConnections()
            try reader.close()
        } catch {
            throw .unavailable(error)
        }
    }

    /// A setting of the connection that writes, for tests.
    func pragma(_ name: String) throws -> Value {
        try (reader as? DatabasePool)?.unsafeReentrantWrite { db in
            let value = try DatabaseValue.fetchOne(db, sql: "PRAGMA \(name)")
            return (value.flatMap(Int.fromDatabaseValue)).map(Value.integer)
                ?? value.flatMap(String.fromDatabaseValue).map(Value.text)
        } ?? .null
    }

    /// Reads one consistent snapshot, on the thread of the caller: handing it to another one would cost more than most
    /// readings do.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Snapshot) throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        try readNow(body)
    }

    private func readNow<Result>(_ body: (any Snapshot) throws(Problem) -> Result) throws(Problem) -> Result {
        do {
            return try reader.read { try body(SQLiteSnapshot(Connection(db: $0), memory)) }
        } catch {
            throw .unavailable(error)
        }
    }

    /// Applies a transaction whole or not at all.
    @discardableResult
    public func commit(_ transaction: Transaction) async throws(Problem) -> Commit {
        guard let queue else {
            throw Problem("store.unavailable", "the store ‘\(path)’ is open for reading only")
        }
        return try await queue.commit(transaction, time: now())
    }

    /// The position of the last commit, and of each one from now on.
    public func positions() -> AsyncStream<UInt64> { feed.stream() }
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
