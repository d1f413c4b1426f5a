// SPDX-License-Identifier: Apache-2.0 OR MIT
import Synchronization

/// The time of day, and waiting for it.
public protocol AlarmClock: Sendable {
    /// Milliseconds since 1970 UTC.
    var now: Int64 { get }
    /// Waits until a time, or until the clock is set, if that can be known, or until the task is cancelled. Who waits looks at
    /// the time again.
    func wait(until time: Int64) async
}

/// The system's clock. When it is set while somebody waits, the wait becomes longer or shorter by that.
public struct SystemClock: AlarmClock {
    /// Makes it.
    public init() {}

    /// Milliseconds since 1970 UTC.
    public var now: Int64 { Timestamp.now() }

    /// Waits until a time, or until the task is cancelled.
    public func wait(until time: Int64) async {
        let (wait, isTooLong) = time.subtractingReportingOverflow(now)
        if wait > 0, !isTooLong { try? await Task.sleep(for: .milliseconds(wait)) }
    }
}

/// Waits for the earliest of any number of times, with one waiting task.
package final class Alarm: Sendable {
    private struct State {
        var time: Int64?
        var change: AsyncStream<Never>.Continuation?
    }

    private let clock: any AlarmClock
    private let state = Mutex(State())

    /// Makes an alarm that isn't set.
    package init(_ clock: any AlarmClock) { self.clock = clock }

    /// Sets the time at which it rings next; nil for never.
    package func set(_ time: Int64?) {
        let change = state.withLock { state -> AsyncStream<Never>.Continuation? in
            guard state.time != time else { return nil }
            state.time = time
            return state.change
        }
        change?.finish()
    }

    /// Rings until the task is cancelled: when a time has come, and when the clock was set. Each time it has to be set again.
    package func run(_ ring: @escaping @Sendable () -> Void) async {
        while !Task.isCancelled {
            let (changes, change) = AsyncStream.makeStream(of: Never.self)
            let time = state.withLock { state in
                state.change = change
                return state.time
            }
            let hasWaited = await wait(until: time, orUntilEndOf: changes)
            let isOver = state.withLock { state in
                guard hasWaited, state.time == time, !Task.isCancelled else { return false }
                state.time = nil
                return true
            }
            if isOver { ring() }
        }
    }

    /// Gives whether the time has come rather than a change.
    private func wait(until time: Int64?, orUntilEndOf changes: AsyncStream<Never>) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in changes {}
                return false
            }
            if let time {
                group.addTask { [clock] in
                    await clock.wait(until: time)
                    return true
                }
            }
            let hasWaited = await group.next() ?? false
            group.cancelAll()
            return hasWaited
        }
    }
}
