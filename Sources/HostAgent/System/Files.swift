// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support

/// Small files and folders, whole and at once.
enum Files {
    /// The content of a file; nil if there is none, it can't be read or it has more than `limit` bytes.
    static func read(_ path: String, limit: Int = 4 << 20) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var size = 4096
        while true {
            let count = append(to: &bytes, size) { Glibc.read(descriptor, $0, $1) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0, bytes.count <= limit else { return nil }
            if count == 0 { return bytes }
            size = min(size * 2, 1 << 20)
        }
    }

    /// The content of a text file.
    static func text(_ path: String) -> String? { read(path).map { String(decoding: $0, as: UTF8.self) } }

    /// Makes or replaces a file at once, readable by its owner only. It survives the end of this process, not of the power.
    ///
    /// - Throws: `file.write`.
    static func replace(_ path: String, by content: [UInt8]) throws(Problem) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("file.write", "‘\(path)’ cannot be written", errno) }
        let written = writeAll(content, to: descriptor)
        let error = errno
        close(descriptor)
        guard written else { throw failure("file.write", "‘\(path)’ cannot be written", error) }
        guard rename(temporary, path) == 0 else { throw failure("file.write", "‘\(path)’ cannot be replaced", errno) }
    }

    /// Makes a file, empty, that nobody else can read, unless it is there.
    ///
    /// - Throws: `file.write`.
    static func makePrivate(_ path: String) throws(Problem) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("file.write", "‘\(path)’ cannot be written", errno) }
        close(descriptor)
    }

    /// Makes a folder and those above it, each with a mode of its own.
    ///
    /// - Returns: Whether the folder itself was made now.
    /// - Throws: `file.make-folder`.
    @discardableResult
    static func makeFolder(_ path: String, mode: mode_t = 0o755, above: mode_t = 0o755) throws(Problem) -> Bool {
        if mkdir(path, mode) == 0 { return true }
        var error = errno
        // Whoever removes what was left empty may be faster.
        for _ in 0..<3 where error == ENOENT {
            guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { break }
            try makeFolder(String(path[..<slash]), mode: above, above: above)
            if mkdir(path, mode) == 0 { return true }
            error = errno
        }
        guard error == EEXIST else { throw failure("file.make-folder", "the folder ‘\(path)’ cannot be made", error) }
        return false
    }

    /// The names in a folder, without `.` and `..`; none if it can't be read.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Whether something has this path.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// A problem whose cause the system names.
    static func failure(_ code: String, _ message: String, _ error: Int32, hint: String? = nil) -> Problem {
        Problem(code, "\(message): \(String(cString: strerror(error)))", hint: hint)
    }

    private static func append(
        to bytes: inout [UInt8], _ size: Int, _ read: (UnsafeMutableRawPointer?, Int) -> Int
    ) -> Int {
        withUnsafeTemporaryAllocation(byteCount: size, alignment: 16) { buffer in
            let count = read(buffer.baseAddress, size)
            if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
            return count
        }
    }

    private static func writeAll(_ content: [UInt8], to descriptor: Int32) -> Bool {
        content.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }
}
