// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support
import Synchronization

/// A store that keeps everything in memory, for tests and for work on the side.
public final class MemoryStore: Store {
    private let state = Mutex(MemoryState())
    private let feed = PositionFeed(0)
    private let events = PositionFeed(0)
    private let now: @Sendable () -> Int64

    /// Makes an empty store.
    ///
    /// - Parameter now: The time in milliseconds since 1970 UTC.
    public init(now: @escaping @Sendable () -> Int64 = { Timestamp.now() }) { self.now = now }

    /// Reads one consistent snapshot.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Snapshot) throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        try body(state.withLock { $0 })
    }

    /// Applies a transaction whole or not at all.
    @discardableResult
    public func commit(_ transaction: Transaction) async throws(Problem) -> Commit {
        let check = try TransactionCheck(transaction)
        let time = now()
        let (position, sequence) = try state.withLock { state throws(Problem) -> (UInt64, UInt64) in
            try check.run(against: state)
            state.apply(transaction, time: time)
            return (state.position, state.sequence)
        }
        feed.advance(to: position)
        events.advance(to: sequence)
        return Commit(position: position)
    }

    /// Makes a change in parts, whole or not at all. The body must not use the store itself.
    public func change<Result: Sendable>(
        _ body: @escaping @Sendable (LargeChange) throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        let time = now()
        let (result, position, sequence) = try state.withLock { state throws(Problem) -> (Result, UInt64, UInt64) in
            let parts = MemoryParts(state, time: time)
            let change = LargeChange(parts)
            let result = try body(change)
            try change.finish()
            state = parts.state
            return (result, state.position, state.sequence)
        }
        feed.advance(to: position)
        events.advance(to: sequence)
        return result
    }

    /// The position of the last commit, and of each one from now on.
    public func positions() -> AsyncStream<UInt64> { feed.stream() }

    /// The sequence of the last stored event, and of the last one of each commit from now on that stores some.
    public func sequences() -> AsyncStream<UInt64> { events.stream() }
}

/// The parts of a large change, which are applied on the side.
private final class MemoryParts: PartWriter {
    private(set) var state: MemoryState
    let position: UInt64
    private let time: Int64

    init(_ state: MemoryState, time: Int64) {
        self.state = state
        self.time = time
        position = state.position + 1
    }

    var graph: any StoredGraph { state }
    var scratchFolder: String? { nil }

    func write(_ check: TransactionCheck) { state.apply(check.transaction, time: time, version: position) }
}
