// SPDX-License-Identifier: Apache-2.0 OR MIT
import CLinux
import CShim
import Dispatch
import Glibc
import Support

/// One call of `khutulun-shim`: its first process ends as soon as it is known whether the program runs.
struct ShimLaunch: Sendable {
    /// The shim's program.
    let program: String
    /// Where its end is waited for.
    let queue: DispatchQueue

    /// What the first process ended with.
    struct Result: Sendable {
        /// A `shim_outcome`.
        var outcome: Int32
        /// The line for people.
        var message: String
    }

    /// Starts the shim for a run folder. Blocks the caller until the shim's program is loaded; then waits without a thread.
    ///
    /// - Throws: `process.shim`.
    func run(_ folder: RunFolder) async throws(Problem) -> Result {
        var ends: [Int32] = [-1, -1]
        guard linux_pipe(&ends) == 0 else { throw Files.failure("process.shim", "no pipe can be made", errno) }
        defer { close(ends[0]) }
        let spawned = spawn(folder, report: ends[1])
        close(ends[1])
        let pid = try spawned.get()
        await ended(pid)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let outcome = status & 0x7f == 0 ? (status >> 8) & 0xff : Int32(SHIM_SYSTEM.rawValue)
        return Result(outcome: outcome, message: Self.line(ends[0]))
    }

    private func spawn(_ folder: RunFolder, report: Int32) -> Swift.Result<Int32, Problem> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, report, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // A group of its own: a person's Ctrl-C means the agent.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var pid: pid_t = 0
        let error = Self.withArguments([program, folder.path]) { posix_spawn(&pid, program, &actions, &attributes, $0, [nil]) }
        guard error == 0 else {
            return .failure(
                Files.failure(
                    "process.shim", "‘\(program)’ cannot be run", error,
                    hint: "khutulun-shim belongs beside the program khutulun"))
        }
        return .success(pid)
    }

    private static func withArguments<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = texts.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        return body(pointers + [nil])
    }

    /// Returns when a child has ended, which isn't reaped.
    private func ended(_ pid: Int32) async {
        let descriptor = linux_pidfd_open(pid)
        guard descriptor >= 0 else { return }
        await withCheckedContinuation { continuation in
            _ = Readiness(descriptor, queue: queue, closed: { continuation.resume() }) { $0.cancel() }
        }
    }

    private static func line(_ descriptor: Int32) -> String {
        withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 16) { buffer in
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            let text = String(decoding: buffer[..<max(count, 0)], as: UTF8.self)
            return String(text.prefix { $0 != "\n" })
        }
    }
}

extension ShimLaunch.Result {
    /// What the failure means; nil if the program was started.
    func problem(for specification: ProcessSpecification, host: String) -> Problem? {
        guard outcome != SHIM_STARTED.rawValue else { return nil }
        let (code, hint) = Self.meaning(shim_outcome(rawValue: UInt32(bitPattern: outcome)))
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
