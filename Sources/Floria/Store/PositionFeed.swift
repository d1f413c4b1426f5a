// SPDX-License-Identifier: Apache-2.0 OR MIT
import Synchronization

/// Tells any number of listeners how far a store has come: with its commits, or with its events.
package final class PositionFeed: Sendable {
    private struct State {
        var position: UInt64
        var nextKey = 0
        var listeners: [Int: AsyncStream<UInt64>.Continuation] = [:]
    }

    private let state: Mutex<State>

    /// Starts at a position.
    package init(_ position: UInt64) { state = Mutex(State(position: position)) }

    /// Tells a position. One that is not beyond what was told is left out.
    package func advance(to position: UInt64) {
        let listeners = state.withLock { state -> [AsyncStream<UInt64>.Continuation] in
            guard position > state.position else { return [] }
            state.position = position
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.yield(position) }
    }

    /// The position now, and every later one; only the newest is buffered.
    package func stream() -> AsyncStream<UInt64> {
        let (stream, continuation) = AsyncStream.makeStream(of: UInt64.self, bufferingPolicy: .bufferingNewest(1))
        let key = state.withLock { state in
            state.nextKey += 1
            state.listeners[state.nextKey] = continuation
            continuation.yield(state.position)
            return state.nextKey
        }
        continuation.onTermination = { [weak self] _ in self?.remove(key) }
        return stream
    }

    private func remove(_ key: Int) { state.withLock { $0.listeners[key] = nil } }
}
