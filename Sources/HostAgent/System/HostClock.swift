// SPDX-License-Identifier: Apache-2.0 OR MIT
import CLinux
import Dispatch
import Floria

/// The host's clock. Who waits also hears when somebody sets it, and between that nothing runs.
struct HostClock: AlarmClock {
    private static let queue = DispatchQueue(label: "khutulun.alarm")

    var now: Int64 { WallClock.now }

    func wait(until time: Int64) async {
        let descriptor = linux_alarm(max(time, 1))
        guard descriptor >= 0 else { return await SystemClock().wait(until: time) }
        let (rings, ring) = AsyncStream.makeStream(of: Never.self)
        let source = Readiness(descriptor, queue: Self.queue) { source in
            source.cancel()
            ring.finish()
        }
        for await _ in rings {}
        source.cancel()
    }
}
