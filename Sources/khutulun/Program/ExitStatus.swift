// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Support

/// How the program ends; the same everywhere.
enum ExitStatus: Int32, Error {
    case done = 0
    /// What was asked for is invalid or failed.
    case failed = 1
    /// The command line makes no sense.
    case usage = 2
    /// Something cannot be read or reached.
    case unreachable = 3
    /// A person interrupted it.
    case interrupted = 130

    /// How to end after problems.
    init(_ problems: Problems) {
        let isUnreachable = problems.all.contains { problem in
            problem.severity == .error && (problem.meansUnreachable || Self.unreadable.contains(problem.code))
        }
        self = isUnreachable ? .unreachable : .failed
    }

    /// The codes of problems with what is read, or listened at, on this machine.
    private static let unreadable: Set<String> = [
        "command.unreadable", "command.not-installed", "tosca.cannot-read", "fetch.failed", "fetch.unreachable",
        "fetch.timeout", "fetch.no-program", "tosca.unreachable", "store.absent", "store.unavailable",
        "agent.unusable-folder", "agent.cannot-listen",
    ]
}
