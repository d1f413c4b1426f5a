// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support

/// The place of a server's unix socket: makes sure that it is free, and takes it away in the end.
///
/// The place is locked from before it is looked at until nothing is left there. The network library removes whatever is at
/// the path when it closes the socket, so nobody else may be there before that.
struct ServerSocket: Sendable {
    /// The longest path of a unix socket, in bytes: what every system that the network library knows has room for.
    static let pathLengthLimit = 103

    private let path: String
    private let lock: SocketLock

    /// Locks the place and removes a socket at which nobody answers.
    ///
    /// - Throws: `agent.socket-path-too-long`, `agent.already-running`, `agent.cannot-listen`.
    init(path: String) throws(Problem) {
        self.path = path
        try ServerSocket.check(path)
        guard let lock = try SocketLock(socket: path) else { throw ServerSocket.alreadyRunning(path, SocketProbe(path)) }
        self.lock = lock
        do {
            try ServerSocket.clear(path)
        } catch {
            lock.release()
            throw error
        }
    }

    /// Lets only the account and its group connect.
    func didListen() { chmod(path, 0o660) }

    /// Removes a socket that is left, and unlocks the place.
    func release() {
        if SocketProbe(path) == .stale { unlink(path) }
        lock.release()
    }

    /// Checks that a path fits into a socket's address.
    static func check(_ path: String) throws(Problem) {
        guard path.utf8.count > pathLengthLimit else { return }
        throw Problem(
            "agent.socket-path-too-long",
            "the path of the socket has \(path.utf8.count) bytes, and at most \(pathLengthLimit) are possible: ‘\(path)’",
            hint: "choose a shorter one with ‘--socket’")
    }

    private static func clear(_ path: String) throws(Problem) {
        let probe = SocketProbe(path)
        switch probe {
        case .absent: return
        case .notASocket:
            throw Problem(
                "agent.cannot-listen", "‘\(path)’ is there already and is no socket", hint: "choose another with ‘--socket’")
        case .answered: throw alreadyRunning(path, probe)
        case .failed(let failure): throw cannotListen(path, String(cString: strerror(failure)))
        case .stale:
            guard unlink(path) == 0 || errno == ENOENT else {
                throw cannotListen(path, "the stale socket cannot be removed: \(String(cString: strerror(errno)))")
            }
        }
    }

    private static func alreadyRunning(_ path: String, _ probe: SocketProbe) -> Problem {
        var process = ""
        if case .answered(let pid?) = probe { process = ", process \(pid)" }
        return Problem(
            "agent.already-running", "an agent listens at ‘\(path)’ already\(process)",
            hint: "use it, or choose another socket with ‘--socket’ and other data with ‘--data’")
    }

    static func cannotListen(_ path: String, _ reason: String) -> Problem {
        Problem("agent.cannot-listen", "cannot listen at ‘\(path)’: \(reason)", hint: "choose another with ‘--socket’")
    }
}
