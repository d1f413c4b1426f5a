// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc

/// Points in time, as Floria keeps them.
public enum Timestamp {
    /// The system's time in milliseconds since 1970 UTC.
    public static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
