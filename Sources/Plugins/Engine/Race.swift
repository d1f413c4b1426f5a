// SPDX-License-Identifier: Apache-2.0 OR MIT
import Synchronization

/// Waits for work, but not beyond a deadline.
///
/// The work is a task of its own and not a child: a child would have to be waited for, and a host function that doesn't
/// react to being cancelled would hold the plugin's call past its deadline.
enum Race {
    /// The result of the work; nil if the deadline passed or the surrounding task was cancelled before. The work's task
    /// is cancelled then.
    static func run<Result: Sendable>(
        until deadline: ContinuousClock.Instant, _ clockwork: Clockwork, _ work: @escaping @Sendable () async -> Result
    ) async -> Result? {
        let finish = Finish<Result>()
        // It begins on this thread: most of what a host is asked for ends without ever waiting.
        let task = Task.immediate { finish.set(await work()) }
        if let result = finish.result { return result }
        let alarm = clockwork.setAlarm(deadline) { finish.set(nil) }
        let result = await withTaskCancellationHandler {
            await finish.wait()
        } onCancel: {
            finish.set(nil)
        }
        clockwork.cancelAlarm(alarm)
        if result == nil { task.cancel() }
        return result
    }
}

/// A result that is set once and waited for once.
private final class Finish<Result: Sendable>: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Result?, Never>)
        case set(Result?)
    }

    private let state = Mutex(State.open)

    func set(_ result: Result?) {
        let waiting: CheckedContinuation<Result?, Never>? = state.withLock { state in
            switch state {
            case .open:
                state = .set(result)
                return nil
            case .waiting(let continuation):
                state = .set(result)
                return continuation
            case .set: return nil
            }
        }
        waiting?.resume(returning: result)
    }

    /// The result if it is there already.
    var result: Result? {
        state.withLock { state in
            if case .set(let result) = state { return result }
            return nil
        }
    }

    func wait() async -> Result? {
        await withCheckedContinuation { continuation in
            let result: Result?? = state.withLock { state in
                if case .set(let result) = state { return result }
                state = .waiting(continuation)
                return .none
            }
            if let result { continuation.resume(returning: result) }
        }
    }
}
