// SPDX-License-Identifier: Apache-2.0 OR MIT
import Dispatch
import Floria
import Support
import Synchronization

/// Commits transactions in groups: what arrives while the disk is busy goes to disk together afterwards.
///
/// A transaction that finds the writer idle is written by the thread that brings it, because handing it to another one
/// takes longer than most commits compute. What arrived in between is then written by the writer's own thread. Of many
/// who write at once half share a commit, so that the others' next transactions are prepared meanwhile.
final class CommitQueue: Sendable {
    /// The most transactions that share one commit of SQLite.
    private static let groupLimit = 256

    /// How many transactions are worth a commit of SQLite of their own: fewer take less time than the disk.
    private static let groupWorthwhile = 16

    /// How many kilobytes of pages are held while a large transaction is written: with fewer, pages would be written to the log
    /// and read from there again and again.
    private static let largeCache = 128 << 10

    private typealias Outcome = Result<Commit, Problem>

    private struct Waiter: Sendable {
        let prepared: PreparedTransaction
        let continuation: CheckedContinuation<Outcome, Never>
    }

    private struct State {
        var waiters: [Waiter] = []
        /// How many were in the last group.
        var lastCount = 0
        /// What is to be done alone, within a transaction of SQLite of its own.
        var large: [@Sendable () -> Void] = []
        var isRunning = false

        /// Takes out those who are next.
        mutating func nextGroup() -> [Waiter] {
            let half = (waiters.count + lastCount + 1) / 2
            let group = Array(waiters.prefix(min(max(half, CommitQueue.groupWorthwhile), CommitQueue.groupLimit)))
            waiters.removeFirst(group.count)
            lastCount = group.count
            return group
        }
    }

    /// What became of a group.
    private struct Written {
        var outcomes: [Outcome]
        var entities: [WrittenEntity] = []
    }

    private let state = Mutex(State())
    private let writer: Mutex<Connection?>
    private let queue = DispatchQueue(label: "floria.writer")
    private let answers = DispatchQueue(label: "floria.answers")
    private let feeds: StoreFeeds
    private let memory: StoreMemory

    init(_ connection: Connection, _ feeds: StoreFeeds, _ memory: StoreMemory) {
        writer = Mutex(connection)
        self.feeds = feeds
        self.memory = memory
    }

    /// Commits a transaction; returns when it is on disk.
    func commit(_ transaction: Transaction, time: Int64) async throws(Problem) -> Commit {
        let prepared = try PreparedTransaction(transaction, time: time, memory.patterns)
        let outcome = await withCheckedContinuation { continuation in
            let mustStart = state.withLock { state in
                state.waiters.append(Waiter(prepared: prepared, continuation: continuation))
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if mustStart { self.start() }
        }
        return try outcome.get()
    }

    private func start() {
        writeGroup()
        guard hasMore() else { return }
        goOn()
    }

    /// Writes on the writer's own thread until nothing waits.
    private func goOn() {
        queue.async {
            repeat {
                self.writeGroup()
                self.state.withLock { $0.large.isEmpty ? nil : $0.large.removeFirst() }?()
            } while self.hasMore()
        }
    }

    /// Does something within a transaction of SQLite of its own, on the writer's own thread. What comes meanwhile waits.
    func alone<Result: Sendable>(
        _ body: @escaping @Sendable (inout SQLiteWriter, StoreMemory) throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        let outcome: Swift.Result<Result, Problem> = await withCheckedContinuation { continuation in
            let mustStart = state.withLock { state in
                state.large.append { continuation.resume(returning: self.writeAlone(body)) }
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if mustStart { goOn() }
        }
        return try outcome.get()
    }

    private func writeAlone<Result: Sendable>(
        _ body: (inout SQLiteWriter, StoreMemory) throws(Problem) -> Result
    ) -> Swift.Result<Result, Problem> {
        writer.withLock { connection in
            do throws(Problem) {
                guard let connection else { throw Problem.closed }
                return .success(try inTransaction(connection) { writer throws(Problem) in try body(&writer, memory) })
            } catch {
                return .failure(error)
            }
        }
    }

    /// Writes what waits.
    private func writeGroup() {
        let group = state.withLock { $0.nextGroup() }
        guard !group.isEmpty else { return }
        let written = writer.withLock { write(group.map { $0.prepared }, $0) }
        // To wake many takes about as long as to write them: the writer goes on meanwhile.
        if group.count == 1 { answer(group, written) } else { answers.async { self.answer(group, written) } }
    }

    private func answer(_ group: [Waiter], _ written: Written) {
        for (waiter, outcome) in zip(group, written.outcomes) { waiter.continuation.resume(returning: outcome) }
        memory.entities.insert(written.entities)
    }

    /// Closes the connection. A commit is a problem from then on.
    func close() { writer.withLock { $0 = nil } }

    /// A setting of the connection.
    func pragma(_ name: String) throws(Problem) -> Value {
        try writer.withLock { connection throws(Problem) in
            let value = try connection?.row("PRAGMA \(name)", []) { row throws(Problem) in
                row.optionalInteger(0).map(Value.integer) ?? row.optionalText(0).map(Value.text) ?? .null
            }
            return value ?? .null
        }
    }

    /// Whether something waits. If nothing does, the next transaction starts the writer again.
    private func hasMore() -> Bool {
        state.withLock { state in
            state.isRunning = !state.waiters.isEmpty || !state.large.isEmpty
            return state.isRunning
        }
    }

    private func write(_ group: [PreparedTransaction], _ connection: Connection?) -> Written {
        do throws(Problem) {
            guard let connection else { throw Problem.closed }
            let isLarge = group.contains { $0.isLarge }
            if isLarge { try connection.holdPages(Self.largeCache) }
            defer { if isLarge { connection.releasePages() } }
            return try inTransaction(connection) { writer throws(Problem) in
                var written = Written(outcomes: [])
                for prepared in group { written.outcomes.append(try apply(prepared, &writer)) }
                written.entities = writer.written
                return written
            }
        } catch {
            // One of them may be why: it takes nothing else with it.
            guard group.count > 1 else { return Written(outcomes: [.failure(error)]) }
            return group.reduce(into: Written(outcomes: [])) { all, prepared in
                let written = write([prepared], connection)
                all.outcomes += written.outcomes
                all.entities += written.entities
            }
        }
    }

    /// Writes within one transaction of SQLite, which is committed if something has changed.
    private func inTransaction<Result>(
        _ connection: Connection, _ body: (inout SQLiteWriter) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        try connection.execute("BEGIN IMMEDIATE")
        do throws(Problem) {
            var writer = try SQLiteWriter(connection, memory)
            let result = try body(&writer)
            if writer.hasChanges {
                try writer.finish()
                try connection.execute("COMMIT")
                writer.notePatterns()
                feeds.positions.advance(to: writer.position)
                feeds.sequences.advance(to: writer.sequence)
            } else {
                connection.rollBack()
            }
            return result
        } catch {
            connection.rollBack()
            throw error
        }
    }

    /// Applies one transaction of a group, if what it expects holds. Throws what went wrong while it was written.
    private func apply(_ prepared: PreparedTransaction, _ writer: inout SQLiteWriter) throws(Problem) -> Outcome {
        do { try writer.check(prepared) } catch { return .failure(error) }
        try writer.apply(prepared)
        return .success(Commit(position: writer.position))
    }
}
