// SPDX-License-Identifier: Apache-2.0 OR MIT
import Synchronization

/// Makes names that sort by the time of their making and are unique within a process, also when it starts again as long
/// as the clock does not go back.
public final class UniqueTime: Sendable {
    private let last = Mutex<Int64>(0)
    private let now: @Sendable () -> Int64

    /// Makes a source of names from a clock, in milliseconds since 1970 UTC.
    public init(now: @escaping @Sendable () -> Int64) { self.now = now }

    /// The next name: the time, or one more than the last one's, in base 36.
    public func next() -> String {
        let time = now()
        let value = last.withLock { last in
            last = max(last + 1, time)
            return last
        }
        return String(value, radix: 36)
    }
}
