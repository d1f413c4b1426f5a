// SPDX-License-Identifier: Apache-2.0 OR MIT
import CLinux
import FoundationEssentials
import Glibc
public import Support
public import TOSCA

/// Puts files and folders into place whole or not at all, and never over others.
public enum OutputFile {
    /// Writes a file.
    ///
    /// - Parameter isSecret: whether only its owner may read it.
    /// - Throws: `csar.file-exists`, `csar.cannot-write`, and what reading the content throws.
    public static func write(_ content: any FileContent, to path: String, isSecret: Bool = false) throws(Problem) {
        var part = Array("\(path).XXXXXX".utf8CString)
        guard access(path, F_OK) != 0 else { throw taken(path) }
        let descriptor = mkstemp(&part)
        guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { throw failure(path) }
        defer {
            close(descriptor)
            unlink(part)
        }
        try content.forEachPiece { bytes throws(Problem) in try write(bytes, to: descriptor, path) }
        guard fchmod(descriptor, isSecret ? 0o600 : 0o644) == 0, fsync(descriptor) == 0 else { throw failure(path) }
        try move(part, to: path)
    }

    /// Writes to an open file.
    ///
    /// - Throws: `csar.cannot-write`, and what reading the content throws.
    public static func write(_ content: any FileContent, toOpen descriptor: Int32, name: String) throws(Problem) {
        try content.forEachPiece { bytes throws(Problem) in try write(bytes, to: descriptor, name) }
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(Problem) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure(path) }
            done += count
        }
    }

    /// Fills a new folder, which has its name only when it is whole.
    static func makeFolder(_ path: String, _ fill: (_ part: String) throws(Problem) -> Void) throws(Problem) {
        var plain = path
        while plain.count > 1, plain.hasSuffix("/") { plain.removeLast() }
        guard access(plain, F_OK) != 0 else { throw taken(plain) }
        var part = Array("\(plain).XXXXXX".utf8CString)
        guard mkdtemp(&part) != nil else { throw failure(plain) }
        let name = String(decoding: part.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        do throws(Problem) {
            try fill(name)
            guard chmod(name, 0o755) == 0 else { throw failure(plain) }
            try move(part, to: plain)
        } catch {
            try? FileManager.default.removeItem(atPath: name)
            throw error
        }
    }

    /// Gives a name that nothing has yet.
    private static func move(_ part: [CChar], to path: String) throws(Problem) {
        guard linux_rename_to_new(part, path) == 0 else {
            throw errno == EEXIST ? taken(path) : failure(path)
        }
    }

    private static func taken(_ path: String) -> Problem {
        Problem("csar.file-exists", "‘\(path)’ is there already", hint: "choose another name, or remove it first")
    }

    static func failure(_ path: String) -> Problem {
        Problem(
            "csar.cannot-write", "‘\(path)’ cannot be written: \(String(cString: strerror(errno)))",
            hint: "see that the folder is there, has room and can be written by this user")
    }
}
