// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials
import Glibc
public import Support

/// The files of this machine. Paths are as everywhere: absolute, or from the working folder.
public struct LocalFiles: FileRepository {
    /// Makes it.
    public init() {}

    /// They are of this machine.
    public var isLocal: Bool { true }

    /// The path itself.
    public func name(of path: String) -> String { path }

    /// The absolute path, links followed.
    public func identity(of path: String) -> String { Path.canonical(path) }

    /// Opens a file. One that is no regular file, such as a pipe, is read at once.
    ///
    /// - Throws: `tosca.cannot-read`.
    public func open(_ path: String, limit: Int) throws(Problem) -> any FileContent {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            throw Problem(
                "tosca.cannot-read", "there is no file ‘\(path)’ that can be read", at: Self.start(of: path))
        }
        let file = LocalFile(descriptor: descriptor, path: path, size: Int(status.st_size))
        switch status.st_mode & S_IFMT {
        case S_IFREG: return file
        case S_IFDIR:
            throw Problem("tosca.cannot-read", "‘\(path)’ is a folder, not a file", at: Self.start(of: path))
        default: return BytesContent(try file.readToEnd())
        }
    }

    fileprivate static func start(of path: String) -> Problem.Place {
        .source(SourceLocation(file: path, row: 1, column: 1))
    }
}

/// Bytes in memory as a file's.
public struct BytesContent: FileContent {
    private let all: [UInt8]

    /// Makes it.
    public init(_ bytes: [UInt8]) { all = bytes }

    /// How many there are.
    public var size: Int { all.count }

    /// Bytes from an offset.
    public func read(at offset: Int, count: Int) -> [UInt8] {
        offset == 0 && count >= all.count ? all : Array(all.dropFirst(offset).prefix(count))
    }
}

/// A file of this machine that is open.
private final class LocalFile: FileContent {
    private let descriptor: Int32
    private let path: String
    let size: Int

    init(descriptor: Int32, path: String, size: Int) {
        self.descriptor = descriptor
        self.path = path
        self.size = size
    }

    deinit { close(descriptor) }

    func read(at offset: Int, count: Int) throws(Problem) -> [UInt8] {
        try piece(min(count, size - offset)) { pread(self.descriptor, $0.baseAddress, $0.count, off_t(offset)) }
    }

    /// What a pipe holds, or whatever else has no size.
    func readToEnd() throws(Problem) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let next = try piece(64 << 10, mayEnd: true) { Glibc.read(self.descriptor, $0.baseAddress, $0.count) }
            if next.isEmpty { return bytes }
            bytes += next
        }
    }

    private func piece(
        _ count: Int, mayEnd: Bool = false, _ read: (UnsafeMutableBufferPointer<UInt8>) -> Int
    ) throws(Problem) -> [UInt8] {
        var length = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
            repeat { length = read(buffer) } while length < 0 && errno == EINTR
            filled = max(0, length)
        }
        guard length > 0 || mayEnd && length == 0 else {
            let reason = length < 0 ? String(cString: strerror(errno)) : "it became shorter while it was read"
            throw Problem("tosca.cannot-read", "‘\(path)’ cannot be read: \(reason)", at: LocalFiles.start(of: path))
        }
        return bytes
    }
}
