// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// What can be read from a store again and again, each time something was committed: what each reading found, if anything.
/// Nothing happens in between.
struct StoreFeed<State: Sendable, Item: Sendable>: AsyncSequence, Sendable {
    typealias Failure = Problem
    typealias Element = [Item]

    /// What one reading found.
    struct Batch: Sendable {
        var elements: [Item]
        /// Where the next reading begins.
        var next: State
        /// Whether there is more to be read at once.
        var hasMore = false
        /// Whether nothing more will come.
        var isLast = false
    }

    let store: any Store
    let start: State
    let read: @Sendable (any Snapshot, State) throws(Problem) -> Batch

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(feed: self, positions: store.positions().makeAsyncIterator(), state: start)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let feed: StoreFeed
        var positions: AsyncStream<UInt64>.AsyncIterator
        var state: State
        var isEnding = false
        var mustWait = false
        var pause = Duration.zero

        mutating func next(isolation actor: isolated (any Actor)?) async throws(Problem) -> [Item]? {
            while true {
                if isEnding || Task.isCancelled { return nil }
                if mustWait {
                    guard await positions.next(isolation: actor) != nil else { return nil }
                    // Reading may take at most a fifth of the time, however often something is committed.
                    if pause > .milliseconds(4), (try? await Task.sleep(for: pause)) == nil { return nil }
                }
                let (read, state) = (feed.read, state)
                let clock = ContinuousClock.now
                let batch = try await feed.store.read { snapshot throws(Problem) in try read(snapshot, state) }
                pause = (ContinuousClock.now - clock) * 4
                self.state = batch.next
                isEnding = batch.isLast
                mustWait = !batch.hasMore
                if !batch.elements.isEmpty { return batch.elements }
            }
        }
    }
}
