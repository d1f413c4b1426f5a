// SPDX-License-Identifier: Apache-2.0 OR MIT

/// What the end of a process means for its node.
enum Ending: Equatable {
    /// It was asked for, or is about an earlier start, or was dealt with.
    case ignore
    /// A start is under way, and it isn't known yet whether it took note.
    case later
    /// The restart policy decides.
    case decide
    /// It was decided to restart it; only the event that does so may be missing.
    case restart

    /// What is known of a node when its process has ended.
    struct Situation {
        /// The node's attribute `state`.
        var state: String?
        /// The run that the state is about.
        var knownRun: String?
        /// The last run whose end was dealt with.
        var endedRun: String?
        /// The run that the supervisor knows, and whether it is running.
        var supervisedRun: String?
        var isRunning: Bool
    }

    /// Tells what the end of a run means.
    init(of run: String, in situation: Situation) {
        if situation.endedRun == run {
            self = situation.state == "restarting" ? .restart : .ignore
        } else if situation.isRunning || situation.supervisedRun != run {
            self = .ignore
        } else if situation.knownRun != run {
            self = .later
        } else {
            switch situation.state {
            case "stopping", "stopped", "failed", "finished": self = .ignore
            default: self = .decide
            }
        }
    }
}

/// The name of the run that follows another when a process is restarted: `d1-3` is followed by `d1-3.1`.
func nextRun(after run: String) -> String {
    let bytes = Array(run.utf8)
    guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")) else { return run + ".1" }
    let head = String(decoding: bytes[..<dot], as: UTF8.self)
    guard let number = Int(String(decoding: bytes[(dot + 1)...], as: UTF8.self)) else { return run + ".1" }
    return "\(head).\(number + 1)"
}
