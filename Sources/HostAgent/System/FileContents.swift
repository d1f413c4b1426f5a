// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support

/// Files and folders for plugins and scripts, with problems that name the path and the reason.
extension Files {
    /// The largest file that is read whole, in bytes.
    static let readLimit = 256 << 20

    /// The problem of the last failed call.
    static func problem(_ what: String, _ path: String) -> Problem {
        failure("file.failed", "‘\(path)’ cannot be \(what)", errno)
    }

    /// The names in a folder.
    static func list(_ path: String) throws(Problem) -> [String] {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw problem("listed", path) }
        defer { close(folder) }
        return try names(in: folder, at: path)
    }

    /// The names in an open folder, which has this path.
    static func names(in folder: Int32, at path: String) throws(Problem) -> [String] {
        let copy = dup(folder)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let problem = problem("listed", path)
            if copy >= 0 { close(copy) }
            throw problem
        }
        defer { closedir(stream) }
        // The copy goes on where another that was listed has ended.
        rewinddir(stream)
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Reads a file, or a part of it.
    static func content(of path: String, from offset: Int = 0, limit: Int = readLimit) throws(Problem) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw problem("read", path) }
        defer { close(file) }
        if offset != 0 { lseek(file, offset, offset < 0 ? SEEK_END : SEEK_SET) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let count = Glibc.read(file, &buffer, min(buffer.count, limit - bytes.count))
            if count < 0 { throw problem("read", path) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    /// Replaces a file at once: whoever reads it sees the old content or the new one.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(Problem) {
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max)).new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw problem("written", path) }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 {
                let problem = problem("written", path)
                unlink(temporary)
                throw problem
            }
            written += count
        }
        guard fchmod(file, mode) == 0, rename(temporary, path) == 0 else {
            let problem = problem("written", path)
            unlink(temporary)
            throw problem
        }
    }

    /// Lets its owner run a file.
    static func makeExecutable(_ path: String) throws(Problem) {
        guard chmod(path, 0o755) == 0 else { throw problem("made executable", path) }
    }

    /// Removes a file, or a folder with all that is in it. What isn't there is no error; no link is followed, also if somebody
    /// puts one there meanwhile.
    static func remove(_ path: String) throws(Problem) { try remove(path, in: AT_FDCWD, at: path) }

    /// Removes a file or folder, and those of the folders above it that are empty then, up to one that stays.
    static func remove(_ path: String, withEmptyFoldersBelow top: String) throws(Problem) {
        try remove(path)
        var folder = path[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            guard folder.hasPrefix(top + "/"), rmdir(String(folder)) == 0 else { return }
        }
    }

    private static func remove(_ name: String, in folder: Int32, at path: String) throws(Problem) {
        if unlinkat(folder, name, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR else { throw problem("removed", path) }
        let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard inner >= 0 else { throw problem("removed", path) }
        defer { close(inner) }
        // Whoever doesn't know yet that it is removed may put something there meanwhile.
        for _ in 0..<5 {
            for name in try names(in: inner, at: path) { try remove(name, in: inner, at: "\(path)/\(name)") }
            if unlinkat(folder, name, AT_REMOVEDIR) == 0 || errno == ENOENT { return }
            guard errno == ENOTEMPTY else { break }
        }
        throw problem("removed", path)
    }
}
