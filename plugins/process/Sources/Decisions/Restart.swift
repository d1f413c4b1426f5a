// SPDX-License-Identifier: Apache-2.0 OR MIT

/// When and how soon a process that has ended is started again. Times are in milliseconds.
struct RestartPolicy: Equatable {
    enum Mode: String {
        case always
        case onFailure = "on-failure"
        case never
    }

    var mode = Mode.onFailure
    /// What is waited before the first restart; doubled for each further one within the window.
    var delay: Int64 = 500
    /// The most that is waited.
    var maximumDelay: Int64 = 30_000
    /// How many restarts there may be within the window.
    var attempts = 5
    /// How long a restart counts.
    var window: Int64 = 300_000

    /// What becomes of a process.
    enum Decision: Equatable {
        /// It is started again after a delay. `times` are the restarts that count, with this one.
        case restart(delay: Int64, times: [Int64])
        /// It has done its work.
        case finished
        /// It stays as it is, and somebody has to look.
        case giveUp(reason: String)
    }

    /// Decides what becomes of a process that ended. `times` are when it was restarted before; one that was ended
    /// because it was unhealthy has failed, however it ended.
    func decide(_ exit: Exit, isUnhealthy: Bool = false, times: [Int64], now: Int64) -> Decision {
        let wantsRestart =
            switch mode {
            case .always: true
            case .onFailure: !exit.isClean || isUnhealthy
            case .never: false
            }
        if !wantsRestart {
            let isFine = exit.isClean && !isUnhealthy
            return isFine
                ? .finished : .giveUp(reason: "the process \(exit.text), and its restart policy is ‘\(mode.rawValue)’")
        }
        let counted = times.filter { now - $0 < window }
        if attempts == 0 { return .giveUp(reason: "the process \(exit.text), and its restart policy allows no restart") }
        if counted.count >= attempts {
            let often = attempts == 1 ? "once" : "\(attempts) times"
            return .giveUp(reason: "the process \(exit.text) and was restarted \(often) within \(seconds(window))")
        }
        return .restart(delay: backOff(after: counted.count), times: counted + [now])
    }

    /// What is waited after some earlier restarts.
    func backOff(after restarts: Int) -> Int64 {
        var wait = delay
        for _ in 0..<restarts {
            if wait > maximumDelay / 2 { return maximumDelay }
            wait *= 2
        }
        return min(wait, maximumDelay)
    }
}

/// A time for a message: `300 s`, `1.5 s`.
func seconds(_ milliseconds: Int64) -> String {
    let tenths = milliseconds % 1_000 / 100
    return tenths == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds / 1_000).\(tenths) s"
}
