// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The moment at which an evaluation is given up.
struct Deadline: Sendable {
    private let hasPassed: @Sendable () -> Bool
    private let wait: @Sendable () async throws -> Void

    /// The moment after a time from now on.
    init<Time: Clock<Duration>>(after limit: Duration, by clock: Time) {
        let moment = clock.now.advanced(by: limit)
        hasPassed = { clock.now >= moment }
        wait = { try await clock.sleep(until: moment, tolerance: nil) }
    }

    /// Whether it is over.
    var isOver: Bool { hasPassed() }

    /// The result of a body; nil if that takes longer. It is cancelled then, and waited for until it has noticed.
    func limit<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result? {
        await withTaskGroup(of: Result??.self) { group in
            group.addImmediateTask { .some(.some(await body())) }
            group.addTask { [wait] in
                // If the wait ends early, the body has ended or everything has been cancelled.
                do { try await wait() } catch { return nil }
                return .some(nil)
            }
            defer { group.cancelAll() }
            for await ended in group {
                if let ended { return ended }
            }
            return nil
        }
    }
}
