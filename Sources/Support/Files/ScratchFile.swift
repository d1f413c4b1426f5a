// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Synchronization

/// Bytes that are written one after the other, to be read again a little later: in memory as long as they are few, else in a file
/// without a name, which is gone with the program, however that ends.
package final class ScratchFile: Sendable {
    /// The most bytes that are kept in memory, and that are written or read at once.
    package static let pieceSize = 256 << 10

    private struct State {
        /// The bytes that are not in the file yet.
        var rest: [UInt8] = []
        /// How many are in the file.
        var written = 0
        var descriptor: Int32 = -1
    }

    private let folder: String?
    private let state = Mutex(State())

    /// - Parameter folder: Where the file is, if it takes one; nil keeps everything in memory.
    package init(in folder: String?) { self.folder = folder }

    deinit { state.withLock { if $0.descriptor >= 0 { close($0.descriptor) } } }

    /// How many bytes there are.
    package var count: Int { state.withLock { $0.written + $0.rest.count } }

    /// How many bytes of it are in memory.
    package var countInMemory: Int { state.withLock { $0.rest.count } }

    /// Writes bytes at the end.
    ///
    /// - Throws: `file.failed`.
    package func append(_ bytes: some Sequence<UInt8>) throws(Problem) {
        try state.withLock { state throws(Problem) in
            state.rest += bytes
            guard let folder, state.rest.count > Self.pieceSize else { return }
            if state.descriptor < 0 { state.descriptor = try Self.open(in: folder) }
            try Self.write(state.rest, to: state.descriptor, at: state.written, folder)
            state.written += state.rest.count
            state.rest.removeAll(keepingCapacity: state.rest.count <= 2 * Self.pieceSize)
        }
    }

    /// Reads bytes from an offset, at most so many; none at the end.
    ///
    /// - Throws: `file.failed`.
    package func read(at offset: Int, count: Int) throws(Problem) -> [UInt8] {
        try state.withLock { state throws(Problem) in
            guard offset < state.written else { return Array(state.rest.dropFirst(offset - state.written).prefix(count)) }
            var length = 0
            let limit = min(count, state.written - offset)
            let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
                length = pread(state.descriptor, buffer.baseAddress, limit, off_t(offset))
                filled = max(0, length)
            }
            guard length > 0 else { throw Self.failure("read", folder ?? "") }
            return bytes
        }
    }

    /// Gives all bytes in one piece of memory, which the system fills from the file as it is looked at.
    ///
    /// - Throws: `file.failed`, and what the body throws.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws(Problem) -> Result) throws(Problem) -> Result {
        let (descriptor, size, rest) = try state.withLock { state throws(Problem) in
            if state.written > 0 {
                try Self.write(state.rest, to: state.descriptor, at: state.written, folder ?? "")
                state.written += state.rest.count
                state.rest = []
            }
            return (state.descriptor, state.written, state.rest)
        }
        guard size > 0 else { return try Self.lend(rest, body) }
        guard let pages = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), pages != MAP_FAILED else {
            throw Self.failure("read", folder ?? "")
        }
        defer { munmap(pages, size) }
        return try body(UnsafeRawBufferPointer(start: pages, count: size))
    }

    private static func lend<Result>(
        _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        let result: Swift.Result<Result, Problem> = bytes.withUnsafeBytes { buffer in
            do throws(Problem) { return .success(try body(buffer)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, at offset: Int, _ folder: String) throws(Problem) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset + done))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("written", folder) }
            done += count
        }
    }

    /// The flag of Linux for a file without a name, which no header gives to Swift.
    private static let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY

    private static func open(in folder: String) throws(Problem) -> Int32 {
        let descriptor = Glibc.open(folder, unnamed | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 { return descriptor }
        // Some file systems know no such files. The name is always the same, so that what a killed program leaves is not left for long.
        let path = "\(folder)/.scratch"
        for _ in 0..<100 {
            unlink(path)
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor >= 0 {
                unlink(path)
                return descriptor
            }
            guard errno == EEXIST else { break }
        }
        throw failure("made", folder)
    }

    private static func failure(_ what: String, _ folder: String) -> Problem {
        Problem(
            "file.failed", "a temporary file in ‘\(folder)’ cannot be \(what): \(String(cString: strerror(errno)))",
            hint: "see that the folder is there, has room and can be written by this user")
    }
}
