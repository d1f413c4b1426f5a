// SPDX-License-Identifier: Apache-2.0 OR MIT
import CShim
import Support

/// How a start went.
struct StartReport: Sendable {
    /// A `shim_outcome`.
    let outcome: UInt32
    /// The line for people if it failed.
    let message: String
    /// The program's process and its shim, if it was started.
    let process: ProcessIdentity
    let shim: ProcessIdentity
    /// Milliseconds since 1970.
    let started: Int64
    /// Whether nobody knows how it went.
    private(set) var isLost = false

    /// Takes what the nursery sent.
    init(_ report: shim_report, _ message: String) {
        outcome = UInt32(bitPattern: report.outcome)
        self.message = message
        process = ProcessIdentity(pid: report.process, start: report.process_start)
        shim = ProcessIdentity(pid: Int32(truncatingIfNeeded: report.shim), start: report.shim_start)
        started = report.started
    }

    /// The nursery ended first.
    static var lost: StartReport {
        var nothing = shim_report()
        nothing.outcome = Int32(SHIM_SYSTEM.rawValue)
        var report = StartReport(nothing, "khutulun-shim ended before it said whether the program runs")
        report.isLost = true
        return report
    }

    /// What the failure means; nil if the program was started.
    func problem(for specification: ProcessSpecification, host: String) -> Problem? {
        guard outcome != SHIM_STARTED.rawValue else { return nil }
        let (code, hint) = isLost ? ("process.shim-lost", nil) : Self.meaning(shim_outcome(rawValue: outcome))
        return Problem(code, message, at: .command(specification.arguments, host: host), hint: hint)
    }

    private static func meaning(_ outcome: shim_outcome) -> (code: String, hint: String?) {
        switch outcome {
        case SHIM_HELD: ("process.running", "stop the process first, or wait until it has ended")
        case SHIM_NOT_FOUND: ("process.not-found", "install the program, or write its whole path")
        case SHIM_NOT_PERMITTED: ("process.not-permitted", "make the file executable for the process's user")
        case SHIM_NOT_EXECUTABLE: ("process.not-executable", "a script begins with #! and the path of its interpreter")
        case SHIM_BAD_DIRECTORY: ("process.directory", "the process's user must be able to enter every folder of the path")
        case SHIM_BAD_USER: ("process.user", "only root can change the user")
        case SHIM_BAD_LIMIT: ("process.limit", "only root can raise a limit above what the agent has")
        case SHIM_BAD_CGROUP: ("process.cgroup", nil)
        default: ("process.shim", nil)
        }
    }
}
