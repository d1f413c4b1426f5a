// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support
import Synchronization

/// The place of a server's unix socket: makes sure that it is free, and takes it away in the end.
///
/// While one agent looks whether the place is free and takes it, it locks the folder, so that no other does the same.
final class ServerSocket: Sendable {
    /// The longest path of a unix socket, in bytes: what every system that the network library knows has room for.
    static let pathLengthLimit = 103

    let path: String
    private let folder: Mutex<Int32?> = Mutex(nil)
    private let identity: Mutex<FileIdentity?> = Mutex(nil)

    /// Locks the folder and removes a socket at which nobody answers.
    ///
    /// - Throws: `agent.socket-path-too-long`, `agent.already-running`, `agent.cannot-listen`.
    init(path: String) throws(Problem) {
        self.path = path
        try ServerSocket.check(path)
        let descriptor = try ServerSocket.lock(folderOf: path)
        do {
            try ServerSocket.clear(path)
        } catch {
            close(descriptor)
            throw error
        }
        folder.withLock { $0 = descriptor }
    }

    /// Lets only the account and its group connect, remembers which file the socket is, and unlocks the folder.
    func didListen() {
        chmod(path, 0o660)
        identity.withLock { $0 = FileIdentity(path) }
        unlock()
    }

    /// Unlocks the folder, if it is still locked.
    func unlock() {
        folder.withLock { descriptor in
            if let descriptor { close(descriptor) }
            descriptor = nil
        }
    }

    /// Removes the socket, if it is still ours.
    func remove() {
        guard let mine = identity.withLock({ $0 }), let descriptor = try? ServerSocket.lock(folderOf: path) else { return }
        if FileIdentity(path) == mine { unlink(path) }
        close(descriptor)
    }

    /// Checks that a path fits into a socket's address.
    static func check(_ path: String) throws(Problem) {
        guard path.utf8.count > pathLengthLimit else { return }
        throw Problem(
            "agent.socket-path-too-long",
            "the path of the socket has \(path.utf8.count) bytes, and at most \(pathLengthLimit) are possible: ‘\(path)’",
            hint: "choose a shorter one with ‘--socket’")
    }

    private static func lock(folderOf path: String) throws(Problem) -> Int32 {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw cannotListen(path, "the folder ‘\(folder)’: \(String(cString: strerror(errno)))") }
        for _ in 0..<200 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
            usleep(10_000)
        }
        close(descriptor)
        throw cannotListen(path, "another program keeps the folder ‘\(folder)’ locked")
    }

    private static func clear(_ path: String) throws(Problem) {
        switch SocketProbe(path) {
        case .absent: return
        case .notASocket:
            throw Problem(
                "agent.cannot-listen", "‘\(path)’ is there already and is no socket", hint: "choose another with ‘--socket’")
        case .answered(let pid):
            throw Problem(
                "agent.already-running", "an agent listens at ‘\(path)’ already" + (pid.map { ", process \($0)" } ?? ""),
                hint: "use it, or choose another socket with ‘--socket’ and other data with ‘--data’")
        case .failed(let failure): throw cannotListen(path, String(cString: strerror(failure)))
        case .stale:
            guard unlink(path) == 0 || errno == ENOENT else {
                throw cannotListen(path, "the stale socket cannot be removed: \(String(cString: strerror(errno)))")
            }
        }
    }

    static func cannotListen(_ path: String, _ reason: String) -> Problem {
        Problem("agent.cannot-listen", "cannot listen at ‘\(path)’: \(reason)", hint: "choose another with ‘--socket’")
    }
}

/// Which file a path leads to.
private struct FileIdentity: Sendable, Hashable {
    let device: UInt
    let number: UInt

    init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        number = UInt(status.st_ino)
    }
}
