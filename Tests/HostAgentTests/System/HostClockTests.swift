// SPDX-License-Identifier: Apache-2.0 OR MIT
import Testing

@testable import HostAgent

@Suite struct HostClockTests {
    private let clock = HostClock()

    @Test func `who waits is called at the time, and at once if it has passed`() async {
        let time = clock.now + 60
        await clock.wait(until: time)
        #expect((0..<1000).contains(clock.now - time))
        let start = ContinuousClock.now
        for passed in [clock.now, 1, 0, -5, .min] as [Int64] { await clock.wait(until: passed) }
        #expect(ContinuousClock.now - start < .seconds(1))
    }

    @Test func `who is told to stop waiting stops`() async {
        let start = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            for time in [clock.now + 100_000, .max] as [Int64] { group.addTask { await clock.wait(until: time) } }
            try? await Task.sleep(for: .milliseconds(20))
            group.cancelAll()
        }
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
