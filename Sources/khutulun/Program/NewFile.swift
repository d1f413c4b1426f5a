// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support

/// A file that is written, and has its name only once it is whole; or the standard output.
final class NewFile: Sendable {
    private let path: String
    private let part: String
    private let descriptor: Int32

    /// - Throws: `store.file-exists`, `store.unavailable`.
    init(_ path: String) throws(Problem) {
        self.path = path
        part = path + ".part"
        guard path != "-" else {
            descriptor = STDOUT_FILENO
            return
        }
        try Self.check(path)
        descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw failure }
    }

    /// Fails if there is something of the name already.
    ///
    /// - Throws: `store.file-exists`.
    static func check(_ path: String) throws(Problem) {
        if path != "-", access(path, F_OK) == 0 { throw taken(path) }
    }

    deinit {
        guard path != "-", descriptor >= 0 else { return }
        close(descriptor)
        unlink(part)
    }

    /// Writes bytes at the end.
    func write(_ bytes: [UInt8]) throws(Problem) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure }
            rest = rest.dropFirst(count)
        }
    }

    /// Brings it to disk, and gives it its name.
    func finish() throws(Problem) {
        guard path != "-" else { return }
        guard fsync(descriptor) == 0 else { throw failure }
        guard access(path, F_OK) != 0 else { throw Self.taken(path) }
        guard rename(part, path) == 0 else { throw failure }
    }

    private static func taken(_ path: String) -> Problem {
        Problem("store.file-exists", "‘\(path)’ is there already", hint: "choose another name, or remove it first")
    }

    private var failure: Problem {
        Problem(
            "store.unavailable", "‘\(path)’ cannot be written: \(String(cString: strerror(errno)))",
            hint: "see that the folder is there, has room and can be written by this user")
    }
}
