// SPDX-License-Identifier: Apache-2.0 OR MIT
@testable import ProcessDecisions
import Testing

@Suite struct RestartTests {
    @Test(arguments: [
        (RestartPolicy.Mode.always, Exit.status(0), true), (.always, .status(1), true), (.onFailure, .status(0), false),
        (.onFailure, .status(1), true), (.onFailure, .signal(9), true), (.onFailure, .unseen, true),
        (.never, .status(0), false),
        (.never, .signal(15), false),
    ])
    func `the mode and the way of ending decide whether there is a restart`(
        mode: RestartPolicy.Mode, exit: Exit, restarts: Bool
    ) {
        let decision = RestartPolicy(mode: mode).decide(exit, times: [], now: 1_000_000)
        if restarts {
            #expect(decision == .restart(delay: 500, times: [1_000_000]))
        } else if exit.isClean {
            #expect(decision == .finished)
        } else {
            #expect(decision == .giveUp(reason: "the process was ended by signal TERM, and its restart policy is ‘never’"))
        }
    }

    @Test func `a process that was ended because it was unhealthy has failed, even with status 0`() {
        let policy = RestartPolicy(mode: .onFailure)
        #expect(policy.decide(.status(0), isUnhealthy: true, times: [], now: 0) == .restart(delay: 500, times: [0]))
    }

    @Test func `the delay doubles up to its maximum`() {
        let policy = RestartPolicy(delay: 500, maximumDelay: 3_000)
        #expect((0...5).map(policy.backOff) == [500, 1_000, 2_000, 3_000, 3_000, 3_000])
    }

    @Test func `a back-off after very many restarts does not overflow`() {
        #expect(RestartPolicy(delay: 500, maximumDelay: .max).backOff(after: 45) > 0)
        #expect(RestartPolicy(delay: 500, maximumDelay: .max).backOff(after: 100_000) == .max)
    }

    @Test func `it is given up after as many restarts as the window allows`() {
        let policy = RestartPolicy(attempts: 2, window: 10_000)
        #expect(policy.decide(.status(3), times: [95_000], now: 100_000) == .restart(delay: 1_000, times: [95_000, 100_000]))
        #expect(
            policy.decide(.status(3), times: [95_000, 96_000], now: 100_000)
                == .giveUp(reason: "the process ended with status 3 and was restarted 2 times within 10 s"))
    }

    @Test func `a restart outside the window no longer counts`() {
        let policy = RestartPolicy(attempts: 2, window: 10_000)
        #expect(policy.decide(.signal(9), times: [80_000, 90_000], now: 100_000) == .restart(delay: 500, times: [100_000]))
    }

    @Test func `no restart at all can be asked for by a count`() {
        #expect(
            RestartPolicy(attempts: 0).decide(.signal(11), times: [], now: 5)
                == .giveUp(reason: "the process was ended by signal SEGV, and its restart policy allows no restart"))
    }
}

@Suite struct EndingTests {
    private func ending(
        _ state: String?, known: String? = "d1-3-1", ended: String? = nil, supervised: String? = "d1-3-1", running: Bool = false
    ) -> Ending {
        Ending(
            of: "d1-3-1",
            in: Ending.Situation(state: state, knownRun: known, endedRun: ended, supervisedRun: supervised, isRunning: running))
    }

    @Test func `the end of the known run is decided about`() {
        #expect(ending("started") == .decide)
        #expect(ending("restarting") == .decide)
        #expect(ending(nil) == .decide)
    }

    @Test(arguments: ["stopping", "stopped", "failed", "finished"])
    func `an end that was asked for, or is known, has no consequence`(state: String) {
        #expect(ending(state) == .ignore)
    }

    @Test func `an end that a start has not taken note of waits for the start, whatever state an earlier run left`() {
        #expect(ending("created", known: nil) == .later)
        #expect(ending("failed", known: "d1-3-0") == .later)
        #expect(ending("stopped", known: "d0-1-1") == .later)
    }

    @Test func `the end of an earlier run has no consequence`() {
        #expect(ending("started", supervised: "d1-3-1.1", running: true) == .ignore)
        #expect(ending("started", known: "d1-3-1.1", supervised: "d1-3-1.1") == .ignore)
        #expect(ending("started", supervised: nil) == .ignore)
    }

    @Test func `an end that was decided about is not decided about again, but its restart is made sure of`() {
        #expect(ending("restarting", ended: "d1-3-1") == .restart)
        #expect(ending("failed", ended: "d1-3-1") == .ignore)
        #expect(ending("started", known: "d1-3-1.1", ended: "d1-3-1", supervised: "d1-3-1.1", running: true) == .ignore)
    }

    @Test func `each restart has a name of its own`() {
        #expect(nextRun(after: "shop/d1-3-1") == "shop/d1-3-1.1")
        #expect(nextRun(after: "shop/d1-3-1.9") == "shop/d1-3-1.10")
        #expect(nextRun(after: "v1.x") == "v1.x.1")
    }
}
