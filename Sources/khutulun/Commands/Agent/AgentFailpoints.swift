// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support
import Synchronization

/// Ends the agent at a chosen place, for tests of what happens then.
final class AgentFailpoints: Sendable {
    private let name: String
    private let left: Mutex<Int>
    private let log: Int32

    /// - Parameters:
    ///   - choice: `NAME` or `NAME:N`: the N-th time that the place is reached; empty for none.
    ///   - log: A file to which the name of every place that is reached is appended.
    init(_ choice: String, log: String?) throws(Problems) {
        let parts = choice.split(separator: ":", maxSplits: 1).map(String.init)
        name = parts.first ?? ""
        guard parts.count < 2 || Int(parts[1]).map({ $0 > 0 }) == true else {
            throw Problems([Problem("command.invalid-failpoint", "‘\(choice)’ is no failpoint", hint: "write NAME or NAME:N")])
        }
        left = Mutex(parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
        self.log = log.map { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644) } ?? -1
    }

    var failpoint: Failpoint { Failpoint { [self] in reach($0) } }

    private func reach(_ reached: String) {
        if log >= 0 { write(reached + "\n", to: log) }
        guard reached == name else { return }
        let isLast = left.withLock {
            $0 -= 1
            return $0 == 0
        }
        guard isLast else { return }
        write("the agent ends itself at the failpoint ‘\(name)’, as it was told to\n", to: STDERR_FILENO)
        kill(getpid(), SIGKILL)
    }

    private func write(_ line: String, to file: Int32) {
        let bytes = Array(line.utf8)
        _ = Glibc.write(file, bytes, bytes.count)
    }
}
