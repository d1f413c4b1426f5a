// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Where files of a design lie: the repository in which its imports and artifacts are found (6.8.2.2).
///
/// Paths are relative to the root or begin with `/`, and have no `.` and no `..` after a name.
public protocol FileRepository: Sendable {
    /// What messages call a file.
    func name(of path: String) -> String
    /// The one text that all paths to a file have in common, different from that of every other file in any repository.
    func identity(of path: String) -> String
    /// Opens a file.
    ///
    /// - Parameter limit: the most bytes that are of use. If it has more, a repository that would have to fetch them need not.
    /// - Throws: `tosca.cannot-read`, and what the repository has to say.
    func open(_ path: String, limit: Int) throws(Problem) -> any FileContent
    /// Whether its files are those of this machine, and may name others of it by `file:`.
    var isLocal: Bool { get }
    /// Whether its files have to be fetched before they can be read.
    var isRemote: Bool { get }
}

extension FileRepository {
    /// Not of this machine, if nothing else is said.
    public var isLocal: Bool { false }

    /// At hand, if nothing else is said.
    public var isRemote: Bool { false }

    /// Opens a file of whatever size.
    ///
    /// - Throws: `tosca.cannot-read`, and what the repository has to say.
    public func open(_ path: String) throws(Problem) -> any FileContent { try open(path, limit: .max) }
}

/// The bytes of a file. They stay the same.
public protocol FileContent: Sendable {
    /// How many there are.
    var size: Int { get }
    /// Bytes from an offset, at most so many, and at least one unless the offset is the end.
    ///
    /// - Throws: `tosca.cannot-read`, and what the repository has to say.
    func read(at offset: Int, count: Int) throws(Problem) -> [UInt8]
}

extension FileContent {
    /// How many bytes are read at once.
    private static var pieceSize: Int { 256 << 10 }

    /// All bytes, piece by piece.
    ///
    /// - Throws: what reading throws, and what the body throws.
    public func forEachPiece(_ body: ([UInt8]) throws(Problem) -> Void) throws(Problem) {
        var offset = 0
        while offset < size {
            let piece = try read(at: offset, count: Self.pieceSize)
            try body(piece)
            offset += piece.count
        }
    }

    /// All bytes at once.
    ///
    /// - Throws: what reading throws, and `tosca.cannot-read` if there are more than a limit.
    public func bytes(limit: Int = .max) throws(Problem) -> [UInt8] {
        guard size <= limit else {
            throw Problem("tosca.cannot-read", "it has \(size) bytes, which is more than the limit of \(limit)")
        }
        var bytes: [UInt8] = []
        try forEachPiece { piece in
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
        }
        return bytes
    }
}

/// A file in a repository.
public struct FilePlace: Sendable {
    /// Where the file lies.
    public let repository: any FileRepository
    /// The path there.
    public let path: String

    /// Makes it; whether there is such a file isn't looked at.
    public init(repository: any FileRepository = LocalFiles(), path: String) {
        self.repository = repository
        self.path = path
    }

    /// What messages call it.
    public var name: String { repository.name(of: path) }

    /// The file that a path leads to which stands in this one.
    public func sibling(_ path: String) -> FilePlace {
        FilePlace(repository: repository, path: Path.join(Path.folder(of: self.path), path))
    }

    /// The file that a path or an address leads to which stands in this one.
    ///
    /// - Throws: what finds addresses has to say.
    func resolve(_ text: String, by addresses: any AddressResolver) throws(Problem) -> FilePlace {
        Path.isAddress(text) ? try addresses.place(of: text, in: self) : sibling(text)
    }
}
