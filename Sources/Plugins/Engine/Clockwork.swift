// SPDX-License-Identifier: Apache-2.0 OR MIT
import CWasmtime
import Glibc
import Support
import Synchronization

/// The engine's thread: while a plugin computes, it ends time slices; while the host works for one, it watches the
/// deadline. Otherwise it sleeps.
///
/// It is a thread and not a task because plugins that compute may hold every thread that tasks run on. And a cancelled
/// `Task.sleep` leaves its timer behind until that fires, which would be one for every call of the host.
final class Clockwork: Sendable {
    /// The length of a time slice.
    static let slice = Duration.milliseconds(10)

    private struct State {
        var computing = 0
        var hasComputed = false
        var isTicking = false
        var isStopped = false
        var nextAlarm: UInt64 = 0
        var alarms: [UInt64: Alarm] = [:]
        var wakes: ContinuousClock.Instant?
    }

    private struct Alarm {
        var time: ContinuousClock.Instant
        var ring: @Sendable () -> Void
    }

    private let engine: EngineHandle
    private let state = Mutex(State())
    private let signal = Signal()

    init(_ engine: EngineHandle) throws(Problem) {
        self.engine = engine
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, { Clockwork.main($0) }, Unmanaged.passRetained(self).toOpaque())
        guard code == 0 else {
            Unmanaged.passUnretained(self).release()
            throw Problem("plugin.engine", "no thread could be started for the plugin engine: error \(code)")
        }
        pthread_detach(thread)
    }

    /// Whether it ends time slices.
    var isTicking: Bool { state.withLock { $0.isTicking } }

    /// Says that a plugin begins to compute.
    func begin() {
        let mustWake = state.withLock { state in
            state.computing += 1
            state.hasComputed = true
            if state.isTicking { return false }
            state.isTicking = true
            return true
        }
        if mustWake { signal.send() }
    }

    /// Says that it has stopped.
    func end() { state.withLock { $0.computing -= 1 } }

    /// Calls `ring` at a time, on the engine's thread, unless it is cancelled before.
    func setAlarm(_ time: ContinuousClock.Instant, _ ring: @escaping @Sendable () -> Void) -> UInt64 {
        let (alarm, mustWake) = state.withLock { state in
            state.nextAlarm += 1
            state.alarms[state.nextAlarm] = Alarm(time: time, ring: ring)
            // A wake that comes too early finds nothing to do; so one that isn't needed any more is not taken back.
            let mustWake = !state.isTicking && state.wakes.map { time < $0 } ?? true
            if mustWake { state.wakes = time }
            return (state.nextAlarm, mustWake)
        }
        if mustWake { signal.send() }
        return alarm
    }

    /// Cancels an alarm.
    func cancelAlarm(_ alarm: UInt64) { state.withLock { _ = $0.alarms.removeValue(forKey: alarm) } }

    /// Ends the thread.
    func stop() {
        state.withLock { $0.isStopped = true }
        signal.send()
    }

    private static func main(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        let clockwork = Unmanaged<Clockwork>.fromOpaque(argument).takeRetainedValue()
        while clockwork.step() {}
        return nil
    }

    /// Does what is due and sleeps until something is; false when the thread shall end.
    private func step() -> Bool {
        let now = ContinuousClock.now
        let (isStopped, isTicking, due, wakes) = state.withLock { state in
            state.isTicking = state.computing > 0 || state.hasComputed
            state.hasComputed = false
            let due = state.alarms.filter { $0.value.time <= now }
            for key in due.keys { state.alarms[key] = nil }
            let alarm = state.alarms.values.map(\.time).min()
            state.wakes = state.isTicking ? min(now + Self.slice, alarm ?? now + Self.slice) : alarm
            return (state.isStopped, state.isTicking, due.values.map(\.ring), state.wakes)
        }
        if isStopped { return false }
        for ring in due { ring() }
        signal.wait(until: wakes)
        if isTicking { wasmtime_engine_increment_epoch(engine.pointer) }
        return true
    }
}
