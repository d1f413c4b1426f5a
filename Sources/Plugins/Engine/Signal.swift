// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc

/// Wakes a thread that waits for it, now or when it waits next.
///
/// The addresses don't change, and everything else is touched with the mutex only.
final class Signal: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isSent = false

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Wakes the thread.
    func send() {
        pthread_mutex_lock(mutex)
        isSent = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Waits until it is sent, or until a time.
    func wait(until time: ContinuousClock.Instant?) {
        let limit = time.map(Self.monotonic)
        pthread_mutex_lock(mutex)
        var isOver = false
        while !isSent && !isOver {
            if var limit {
                isOver = pthread_cond_timedwait(condition, mutex, &limit) == ETIMEDOUT
            } else {
                pthread_cond_wait(condition, mutex)
            }
        }
        isSent = false
        pthread_mutex_unlock(mutex)
    }

    private static func monotonic(_ time: ContinuousClock.Instant) -> timespec {
        let rest = max(.zero, time - ContinuousClock.now).components
        var limit = timespec()
        clock_gettime(CLOCK_MONOTONIC, &limit)
        let nanoseconds = limit.tv_nsec + Int(rest.attoseconds / 1_000_000_000)
        limit.tv_sec += Int(rest.seconds) + nanoseconds / 1_000_000_000
        limit.tv_nsec = nanoseconds % 1_000_000_000
        return limit
    }
}
