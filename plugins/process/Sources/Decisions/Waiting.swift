// SPDX-License-Identifier: Apache-2.0 OR MIT

/// When the next look is taken at something that takes its time: soon at first, then less and less often.
struct Waiting {
    /// When there is no further look, in milliseconds since 1970 UTC.
    let deadline: Int64
    private var interval: Int64
    private let longest: Int64

    /// Starts to wait.
    init(from now: Int64, timeout: Int64, first: Int64 = 20, longest: Int64 = 1_000) {
        deadline = now + timeout
        interval = first
        self.longest = longest
    }

    /// How long to wait until the next look, in milliseconds; nil if the time is up.
    mutating func next(at now: Int64) -> Int64? {
        if now >= deadline { return nil }
        let wait = min(interval, deadline - now)
        interval = min(interval * 3 / 2 + 1, longest)
        return wait
    }
}

/// A row of failed health checks.
struct Health {
    /// How many failures in a row end the process.
    var threshold: Int
    /// How many there were.
    var failures: Int

    /// Counts a check; gives whether the process has to be ended.
    mutating func count(succeeded: Bool) -> Bool {
        failures = succeeded ? 0 : failures + 1
        return failures >= threshold
    }
}
