// SPDX-License-Identifier: Apache-2.0 OR MIT
import Dispatch

/// Runs an actor on a queue of its own, where short blocking calls hold up nobody else.
final class QueueExecutor: SerialExecutor {
    /// The queue.
    let queue: DispatchQueue

    /// Makes a queue with a name for debuggers.
    init(_ name: String) { queue = DispatchQueue(label: name) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
