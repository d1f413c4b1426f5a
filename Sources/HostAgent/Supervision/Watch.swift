// SPDX-License-Identifier: Apache-2.0 OR MIT
import Dispatch
import Synchronization

/// Waits for the end of one process, and holds those who wait for it too. Everything happens on one queue.
final class Watch: Sendable {
    /// The run that is watched.
    let run: String
    private let queue: DispatchQueue
    private let handler: @Sendable () -> Void
    private let state = Mutex(State())

    private struct State {
        var source: Readiness?
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var next: UInt64 = 0
        var hasEnded = false
    }

    /// Watches the process of a descriptor, which is closed in the end, and calls back on the queue when it has ended.
    init(run: String, descriptor: Int32, queue: DispatchQueue, handler: @escaping @Sendable () -> Void) {
        self.run = run
        self.queue = queue
        self.handler = handler
        replace(descriptor)
    }

    /// Watches another process from now on.
    func replace(_ descriptor: Int32) {
        let source = Readiness(descriptor, queue: queue) { [handler] source in
            source.cancel()
            handler()
        }
        let old = state.withLock { state in
            let old = state.source
            state.source = source
            return old
        }
        old?.cancel()
    }

    /// Stops watching, and lets everybody go on who waits.
    func end() {
        let (source, waiters) = state.withLock { state in
            defer { state = State(hasEnded: true) }
            return (state.source, state.waiters.values)
        }
        source?.cancel()
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when the watch has ended, the time is over or the task is cancelled.
    func ended(within milliseconds: UInt64, on queue: DispatchQueue) async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let timer = DispatchWorkItem { [weak self] in self?.release(number) }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.hasEnded || Task.isCancelled { return false }
                    state.waiters[number] = continuation
                    return true
                }
                guard goesOn else { return continuation.resume() }
                queue.asyncAfter(deadline: .now() + .milliseconds(Int(clamping: min(milliseconds, 1 << 40))), execute: timer)
            }
        } onCancel: {
            release(number)
        }
        timer.cancel()
    }

    private func release(_ number: UInt64) {
        state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
    }
}
