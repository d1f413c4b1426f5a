// SPDX-License-Identifier: Apache-2.0 OR MIT
import Dispatch
import Support
import Synchronization

/// What comes of something that takes time, for libFuzzer, which doesn't wait.
func wait<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) -> Result {
    let done = DispatchSemaphore(value: 0)
    let result = Mutex<Result?>(nil)
    Task {
        let value = await body()
        result.withLock { $0 = value }
        done.signal()
    }
    done.wait()
    guard let value = result.withLock({ $0 }) else { FuzzTarget.fail("nothing came back", .null) }
    return value
}
