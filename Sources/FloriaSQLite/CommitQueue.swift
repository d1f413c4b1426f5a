// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import GRDB
import Support
import Synchronization

/// Commits transactions in groups: what arrives while the disk is busy goes to disk together afterwards.
final class CommitQueue: Sendable {
    /// The most transactions that share one commit of SQLite.
    private static let groupLimit = 256

    private typealias Outcome = Result<Commit, Problem>

    private struct Waiter: Sendable {
        let prepared: PreparedTransaction
        let continuation: CheckedContinuation<Outcome, Never>
    }

    private struct State {
        var waiters: [Waiter] = []
        var isRunning = false
    }

    private let state = Mutex(State())
    private let pool: DatabasePool
    private let feed: PositionFeed
    private let cache: EntityCache

    init(_ pool: DatabasePool, _ feed: PositionFeed, _ cache: EntityCache) {
        self.pool = pool
        self.feed = feed
        self.cache = cache
    }

    /// Commits a transaction; returns when it is on disk.
    func commit(_ prepared: PreparedTransaction) async throws(Problem) -> Commit {
        let outcome = await withCheckedContinuation { continuation in
            let mustStart = state.withLock { state in
                state.waiters.append(Waiter(prepared: prepared, continuation: continuation))
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if mustStart { pool.asyncWriteWithoutTransaction { self.drain(Connection(db: $0)) } }
        }
        return try outcome.get()
    }

    private func drain(_ connection: Connection) {
        while let group = nextGroup() {
            let outcomes = write(group, connection)
            if let last = outcomes.compactMap({ try? $0.get().position }).max() { feed.advance(to: last) }
            for (waiter, outcome) in zip(group, outcomes) { waiter.continuation.resume(returning: outcome) }
        }
    }

    private func nextGroup() -> [Waiter]? {
        state.withLock { state in
            let group = Array(state.waiters.prefix(Self.groupLimit))
            state.waiters.removeFirst(group.count)
            state.isRunning = !group.isEmpty
            return group.isEmpty ? nil : group
        }
    }

    private func write(_ group: [Waiter], _ connection: Connection) -> [Outcome] {
        do {
            try connection.execute("BEGIN IMMEDIATE")
            do {
                var writer = try SQLiteWriter(connection, cache)
                var outcomes: [Outcome] = []
                for waiter in group { outcomes.append(try apply(waiter.prepared, &writer, connection)) }
                if writer.hasChanges {
                    try writer.finish()
                    try connection.execute("COMMIT")
                    writer.remember()
                } else {
                    try connection.execute("ROLLBACK")
                }
                return outcomes
            } catch {
                try? connection.db.rollback()
                throw error
            }
        } catch {
            return group.map { _ in .failure(.unavailable(error)) }
        }
    }

    /// Applies one transaction of a group, so that its failure takes nothing else with it. Throws what is wrong with the store itself.
    private func apply(_ prepared: PreparedTransaction, _ writer: inout SQLiteWriter, _ connection: Connection) throws(Problem)
        -> Outcome
    {
        try connection.execute("SAVEPOINT one")
        do {
            try writer.apply(prepared)
            try connection.execute("RELEASE one")
            return .success(Commit(position: writer.position))
        } catch {
            guard error.code != "store.unavailable" else { throw error }
            try connection.execute("ROLLBACK TO one")
            try connection.execute("RELEASE one")
            return .failure(error)
        }
    }
}
