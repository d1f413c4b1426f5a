// SPDX-License-Identifier: Apache-2.0 OR MIT
import Synchronization

/// Lets only one at a time do what has a name; the others wait, first come first served.
final class Turns: Sendable {
    private let waiting = Mutex<[String: [CheckedContinuation<Bool, Never>]]>([:])

    /// Waits for the turn, which ends with ``end(_:)``.
    ///
    /// - Returns: whether another had to end first.
    func begin(_ name: String) async -> Bool {
        await withCheckedContinuation { continuation in
            let isFree = waiting.withLock { waiting in
                if waiting[name]?.append(continuation) != nil { return false }
                waiting[name] = []
                return true
            }
            if isFree { continuation.resume(returning: false) }
        }
    }

    /// Ends a turn.
    func end(_ name: String) {
        let next = waiting.withLock { waiting in
            if waiting[name]?.isEmpty == false { return waiting[name]?.removeFirst() }
            waiting[name] = nil
            return nil
        }
        next?.resume(returning: true)
    }
}
