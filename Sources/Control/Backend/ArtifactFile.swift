// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support
import Synchronization

/// An open file of the store of artifacts. One that was created and not moved to its place is removed in the end.
final class ArtifactFile: Sendable {
    private let descriptor: Int32
    private let temporary: Mutex<String?>

    /// Creates a file for writing.
    init(creating path: String) throws(Problem) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        temporary = Mutex(path)
        if descriptor < 0 { throw ArtifactFile.unavailable("make ‘\(path)’") }
    }

    /// Opens a file for reading.
    init(opening path: String) throws(Problem) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        temporary = Mutex(nil)
        if descriptor < 0 { throw ArtifactFile.unavailable("open ‘\(path)’") }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if let path = temporary.withLock({ $0 }), descriptor >= 0 { unlink(path) }
    }

    /// The size of the file at a path, in bytes; nil if there is none.
    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Writes bytes at the end.
    func write(_ bytes: [UInt8]) throws(Problem) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw ArtifactFile.unavailable("write an artifact") }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads bytes from an offset; none at the end.
    func read(at offset: Int, count: Int) throws(Problem) -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
            let read = pread(descriptor, buffer.baseAddress, count, off_t(offset))
            failed = read < 0
            length = max(0, read)
        }
        if failed { throw ArtifactFile.unavailable("read an artifact") }
        return bytes
    }

    /// Brings what was written to disk, and then to its place in a folder.
    func move(to path: String, in folder: String) throws(Problem) {
        guard fsync(descriptor) == 0 else { throw ArtifactFile.unavailable("write an artifact") }
        try temporary.withLock { temporary throws(Problem) in
            guard let source = temporary, rename(source, path) == 0 else {
                throw ArtifactFile.unavailable("move an artifact to ‘\(path)’")
            }
            temporary = nil
        }
        let place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if place >= 0 { close(place) } }
        guard place >= 0, fsync(place) == 0 else { throw ArtifactFile.unavailable("write the folder ‘\(folder)’") }
    }

    static func unavailable(_ what: String) -> Problem {
        let reason = String(cString: strerror(errno))
        return Problem(
            "artifact.unavailable", "cannot \(what): \(reason)", hint: "see whether the disk is full or may not be written")
    }
}
