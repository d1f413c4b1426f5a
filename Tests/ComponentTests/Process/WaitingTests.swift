// SPDX-License-Identifier: Apache-2.0 OR MIT
@testable import ProcessDecisions
import Testing

@Suite struct WaitingTests {
    @Test func `looks come soon at first and less often later, and end at the deadline`() {
        var waiting = Waiting(from: 0, timeout: 1_000, first: 20, longest: 200)
        var now: Int64 = 0
        var waits: [Int64] = []
        while let wait = waiting.next(at: now) {
            waits.append(wait)
            now += wait
        }
        #expect(waits == [20, 31, 47, 71, 107, 161, 200, 200, 163])
        #expect(now == 1_000)
    }

    @Test func `a check fails when enough tries in a row have failed`() {
        var health = Health(threshold: 3, failures: 0)
        let results = [false, false, true, false, false, false].map { health.count(succeeded: $0) }
        #expect(results == [false, false, false, false, false, true])
    }
}

@Suite struct ExitTests {
    @Test(arguments: [("TERM", 15), ("SIGINT", 2), ("term", 15), ("9", 9), ("sigquit", 3)])
    func `a signal is known by its names and its number`(text: String, number: Int) {
        #expect(signalNumber(text) == number)
    }

    @Test(arguments: ["", "SIG", "TERMINATE", "0", "65", "-9"])
    func `what is no signal is none`(text: String) {
        #expect(signalNumber(text) == nil)
    }
}
