// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Synchronization

/// A clock that a test sets. Waiting for it counts as a wake-up.
final class ManualClock: AlarmClock {
    private struct State {
        var now: Int64
        var waits = 0
        var awaited: Int64?
        var changes: [AsyncStream<Never>.Continuation] = []
    }

    private let state: Mutex<State>

    init(_ now: Int64 = 0) { state = Mutex(State(now: now)) }

    var now: Int64 { state.withLock { $0.now } }

    /// How often somebody began to wait.
    var waits: Int { state.withLock { $0.waits } }

    /// The time that somebody began to wait for last.
    var awaited: Int64? { state.withLock { $0.awaited } }

    func set(_ time: Int64) {
        let changes = state.withLock { state in
            state.now = time
            defer { state.changes = [] }
            return state.changes
        }
        for change in changes { change.finish() }
    }

    func wait(until time: Int64) async {
        let changes = state.withLock { state -> AsyncStream<Never>? in
            state.waits += 1
            if state.now >= time { return nil }
            let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
            state.changes.append(continuation)
            state.awaited = time
            return stream
        }
        if let changes { for await _ in changes {} }
    }
}
