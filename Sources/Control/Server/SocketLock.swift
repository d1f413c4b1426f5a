// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support

/// The right of one server to the path of a socket: a locked file beside it. The kernel gives it back when the process ends,
/// however it ends.
struct SocketLock: Sendable {
    private let path: String
    private let file: Int32

    /// Takes the right to a socket's path; nil if another server has it.
    ///
    /// - Throws: `agent.cannot-listen`.
    init?(socket: String) throws(Problem) {
        path = socket + ".lock"
        // Whoever had the file may have removed it after it was opened here; then it is no lock any longer.
        for _ in 0..<100 {
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard file >= 0 else { throw SocketLock.problem(errno, socket, path) }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                let failure = errno
                close(file)
                guard failure == EWOULDBLOCK else { throw SocketLock.problem(failure, socket, path) }
                return nil
            }
            if SocketLock.isFile(file, at: path) {
                self.file = file
                return
            }
            close(file)
        }
        return nil
    }

    /// Gives the right back and leaves nothing behind. Only who has the right removes the file.
    func release() {
        if SocketLock.isFile(file, at: path) { unlink(path) }
        close(file)
    }

    private static func isFile(_ file: Int32, at path: String) -> Bool {
        var (opened, present) = (stat(), stat())
        guard fstat(file, &opened) == 0, lstat(path, &present) == 0 else { return false }
        return opened.st_dev == present.st_dev && opened.st_ino == present.st_ino
    }

    private static func problem(_ failure: Int32, _ socket: String, _ path: String) -> Problem {
        let reason = String(cString: strerror(failure))
        guard failure == ENOENT else { return ServerSocket.cannotListen(socket, "‘\(path)’ cannot be locked: \(reason)") }
        let folder = path.lastIndex(of: "/").map { path[..<$0] } ?? "."
        return ServerSocket.cannotListen(socket, "the folder ‘\(folder)’: \(reason)")
    }
}
