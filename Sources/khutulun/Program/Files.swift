// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Glibc
import Support
import TOSCA

/// Reads files that a person named.
enum Files {
    private static let pieceSize = 256 << 10

    /// The whole content of a file; `-` is the standard input.
    ///
    /// - Throws: `command.unreadable`.
    static func read(_ path: String) throws(Problems) -> [UInt8] {
        let descriptor = try open(path)
        defer { close(descriptor) }
        var content: [UInt8] = []
        while let piece = try next(descriptor, path) { content += piece }
        return content
    }

    /// Makes sure that a file can be read.
    ///
    /// - Throws: `command.unreadable`.
    static func check(_ path: String) throws(Problems) {
        guard access(path, R_OK) == 0 else { throw unreadable(path) }
    }

    /// The content of a file in pieces.
    static func stream(_ path: String) -> APIStream<[UInt8]> {
        APIStream(Reading(path: path)) { reading throws(Problem) in
            do throws(Problems) {
                return try reading.next()
            } catch {
                throw error.all[0]
            }
        }
    }

    /// The content of an artifact in pieces, wherever it lies.
    static func stream(_ artifact: ArtifactFile) -> APIStream<[UInt8]> {
        APIStream((0, nil as (any FileContent)?)) { reading throws(Problem) in
            let content = if let content = reading.1 { content } else { try artifact.repository.open(artifact.path) }
            let piece = reading.0 < content.size ? try content.read(at: reading.0, count: pieceSize) : []
            reading = (reading.0 + piece.count, content)
            return piece.isEmpty ? nil : piece
        }
    }

    /// The size of a file in bytes; nil if that isn't known, as of the standard input.
    static func size(_ path: String) -> Int? {
        var status = Glibc.stat()
        guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// The content of a file that is a text, if it can be read.
    static func text(_ path: String) -> String? {
        guard let bytes = try? read(path) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func open(_ path: String) throws(Problems) -> Int32 {
        if path == "-" { return dup(STDIN_FILENO) }
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        return descriptor
    }

    private static func next(_ descriptor: Int32, _ path: String) throws(Problems) -> [UInt8]? {
        var length = 0
        let piece = [UInt8](unsafeUninitializedCapacity: pieceSize) { buffer, count in
            length = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            count = max(0, length)
        }
        guard length >= 0 else { throw unreadable(path) }
        return length == 0 ? nil : piece
    }

    private static func unreadable(_ path: String) -> Problems {
        let reason = String(cString: strerror(errno))
        return Problems([Problem("command.unreadable", "‘\(path)’ cannot be read: \(reason)")])
    }

    private struct Reading: Sendable {
        let path: String
        var descriptor: Int32?

        init(path: String) { self.path = path }

        mutating func next() throws(Problems) -> [UInt8]? {
            let open: Int32
            if let descriptor { open = descriptor } else { open = try Files.open(path) }
            descriptor = open
            if let piece = try Files.next(open, path) { return piece }
            close(open)
            return nil
        }
    }
}
