// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc

/// What is at the path of a unix socket.
enum SocketProbe: Equatable {
    /// Nothing.
    case absent
    /// A file of another kind.
    case notASocket
    /// A socket at which nobody listens.
    case stale
    /// A socket at which somebody listens: the process, if it can be told.
    case answered(pid: Int32?)
    /// It cannot be told: the errno.
    case failed(Int32)

    /// Looks, by trying to connect.
    init(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            self = errno == ENOENT ? .absent : .failed(errno)
            return
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            self = .notASocket
            return
        }
        self = SocketProbe.connecting(to: path)
    }

    private static func connecting(to path: String) -> SocketProbe {
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return .failed(errno) }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(ServerSocket.pathLengthLimit)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        switch result == 0 ? 0 : errno {
        case 0, EAGAIN: return .answered(pid: (try? PeerCredentials(descriptor: descriptor))?.pid)
        case ECONNREFUSED: return .stale
        case ENOENT: return .absent
        case let failure: return .failed(failure)
        }
    }
}
