// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Synchronization

/// What the program was told on its command line about failpoints, for tests of crashes.
public struct FailpointFlags: Sendable, Hashable {
    /// The failpoint at which the program kills itself; nil for none.
    public var name: String?
    /// The reaching of it, counted from 1, that kills.
    public var count: Int
    /// The file that gets the name of each failpoint that is reached, one per line; nil for none.
    public var log: String?

    /// Reads the flags.
    ///
    /// - Parameters:
    ///   - kill: `NAME`, or `NAME:N` for the Nth time that it is reached; nil for none.
    ///   - log: the path of a file to append to; nil for none.
    /// - Throws: `failpoint.malformed` if `kill` has another form.
    public init(kill: String?, log: String?) throws(Problem) {
        self.log = log
        count = 1
        guard let kill else { return }
        let parts = kill.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, !first.isEmpty, parts.count == 1 || (Int(parts[1]) ?? 0) > 0 else {
            throw Problem("failpoint.malformed", "‘\(kill)’ names no failpoint", hint: "write NAME, or NAME:N for the Nth time")
        }
        name = String(first)
        if parts.count > 1 { count = Int(parts[1]) ?? 1 }
    }

    /// The failpoints that do what the flags say, and say so on standard error; those that do nothing without any.
    ///
    /// - Throws: `failpoint.unwritable` if the log cannot be opened.
    public func failpoint() throws(Problem) -> Failpoint {
        guard name != nil || log != nil else { return .none }
        let log = try openLog()
        Self.say(
            "FAILPOINTS ARE ON: this program is made to crash, for tests only (\(name.map { "\($0):\(count)" } ?? "log only"))")
        let reached = Reached()
        return Failpoint { name in
            // In one write, so that lines stay whole; lines of a program that dies are in the file already.
            if let log { Self.write("\(name)\n", to: log) }
            guard name == self.name, reached.next() == self.count else { return }
            Self.say("FAILPOINT \(name):\(self.count) reached: killing myself")
            Glibc.kill(getpid(), SIGKILL)
        }
    }

    private func openLog() throws(Problem) -> Int32? {
        guard let log else { return nil }
        let descriptor = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw Problem("failpoint.unwritable", "‘\(log)’ cannot be opened: \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    private static func say(_ text: String) { write("\(text)\n", to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(descriptor, bytes, bytes.count)
    }

    private final class Reached: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }
}
