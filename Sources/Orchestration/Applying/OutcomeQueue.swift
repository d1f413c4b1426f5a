// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Synchronization

/// How one attempt of an operation ended.
struct Outcome: Sendable {
    var operation: String
    var result: Result<ValueMap, Problem>
    /// The node whose gate was closed for it, and stays so until the outcome is written.
    var closed: ID?
}

/// Collects the outcomes of one deployment, so that those which arrive while others are being written are written
/// together; and a person's wish to cancel it.
final class OutcomeQueue: Sendable {
    private struct State {
        var outcomes: [Outcome] = []
        var isCancelled = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func add(_ outcome: Outcome) { change { $0.outcomes.append(outcome) } }

    func cancel() { change { $0.isCancelled = true } }

    private func change(_ body: (inout State) -> Void) {
        let waiter = state.withLock { state in
            body(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// All outcomes since the last call, and whether the deployment was cancelled. Waits until there is an outcome or,
    /// once, a cancellation. Only one task may wait.
    func take(knowsOfCancellation: Bool) async -> (outcomes: [Outcome], isCancelled: Bool) {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                let isReady = !state.outcomes.isEmpty || (state.isCancelled && !knowsOfCancellation)
                if !isReady { state.waiter = continuation }
                return isReady
            }
            if isReady { continuation.resume() }
        }
        return state.withLock { state in
            defer { state.outcomes = [] }
            return (state.outcomes, state.isCancelled)
        }
    }
}
