// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Synchronization

/// Functions that wait, as those of plugins do.
final class SlowFunctions: FunctionLibrary {
    /// How many calls of `meet` must have begun before any of them ends.
    private let expected: Int
    private let state = Mutex((begun: 0, waiting: [CheckedContinuation<Void, Never>]()))

    init(meeting expected: Int = 1) { self.expected = expected }

    func dispatch(_ function: String, _ arguments: [Value], _ evaluation: Evaluation) async throws(EvaluationFailure) -> Value {
        switch function {
        case "s:meet":
            await meet()
            return arguments.first ?? .null
        case "s:fail": throw evaluation.fail("s.failed", arguments.first?.text ?? "")
        case "s:later":
            // Gives way as often as it is told to, so that the order of the ends isn't that of the beginnings.
            for _ in 0..<(arguments[0].integer ?? 0) { await Task.yield() }
            return arguments[1]
        case "s:never":
            do { try await Task.sleep(for: .seconds(3600)) } catch { throw evaluation.fail("s.cancelled", "cancelled") }
            return .null
        default: throw evaluation.fail("s.unknown", "unknown function ‘\(function)’")
        }
    }

    /// Returns when so many calls of `meet` have begun.
    func begun(_ count: Int) async {
        while state.withLock({ $0.begun }) < count { await Task.yield() }
    }

    private func meet() async {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                state.begun += 1
                state.waiting.append(continuation)
                guard state.begun >= expected else { return [] }
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in ready { continuation.resume() }
        }
    }
}

extension Value {
    /// A call of a plugin's function that waits.
    static func s(_ name: String, _ arguments: Value...) -> Value {
        .call(Call(FunctionName(plugin: "s", name: name), arguments))
    }
}

/// A clock that stands until it is told to go on.
final class StoppedClock: Clock {
    struct Instant: InstantProtocol {
        var time: Duration
        func advanced(by duration: Duration) -> Instant { Instant(time: time + duration) }
        func duration(to other: Instant) -> Duration { other.time - time }
        static func < (left: Instant, right: Instant) -> Bool { left.time < right.time }
    }

    private struct State {
        var now = Instant(time: .zero)
        var sleepers: [Int: (until: Instant, AsyncStream<Void>.Continuation)] = [:]
        var nextKey = 0
    }

    private let state = Mutex(State())
    private let (slept, sleeping) = AsyncStream.makeStream(of: Void.self)

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let (woken, waking) = AsyncStream.makeStream(of: Void.self)
        let key = state.withLock { state in
            state.nextKey += 1
            if state.now >= deadline { waking.finish() } else { state.sleepers[state.nextKey] = (deadline, waking) }
            return state.nextKey
        }
        sleeping.yield()
        for await _ in woken {}
        state.withLock { $0.sleepers[key] = nil }
        try Task.checkCancellation()
    }

    /// Waits until somebody sleeps by this clock.
    func someoneSleeps() async { for await _ in slept { return } }

    func advance(by duration: Duration) {
        let woken = state.withLock { state -> [AsyncStream<Void>.Continuation] in
            state.now = state.now.advanced(by: duration)
            return state.sleepers.values.filter { $0.until <= state.now }.map(\.1)
        }
        for waking in woken { waking.finish() }
    }
}
