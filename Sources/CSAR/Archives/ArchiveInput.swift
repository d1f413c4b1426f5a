// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support
public import TOSCA

/// The bytes of an archive.
public struct ArchiveInput: Sendable {
    enum Source: Sendable {
        /// All of them can be reached.
        case content(any FileContent)
        /// They come one after the other: some that were read before, and the rest.
        case stream([UInt8], any ByteStream)
    }

    /// What messages call it.
    public let name: String
    let source: Source

    /// Bytes that are all there.
    public init(_ content: any FileContent, name: String) { self.init(.content(content), name: name) }

    /// Bytes that come through a pipe or a socket. It stays open, and no more is read than is needed.
    ///
    /// - Parameter descriptor: the number of the open file.
    public init(stream descriptor: Int32, name: String) {
        self.init(stream: DescriptorStream(descriptor: descriptor, name: name), name: name)
    }

    /// Bytes that come one after the other. No more is read than is needed.
    public init(stream: any ByteStream, name: String) { self.init(.stream([], stream), name: name) }

    private init(_ source: Source, name: String) {
        self.source = source
        self.name = name
    }

    /// A file of this machine.
    ///
    /// - Throws: `tosca.cannot-read`.
    public init(path: String) throws(Problem) { self.init(try LocalFiles().open(path), name: path) }

    /// Looks at the first bytes, and at no more than is needed to tell the format.
    ///
    /// - Returns: the format, nil if it is no archive; and the same bytes, to be used instead of this.
    /// - Throws: `tosca.cannot-read`.
    public func recognized() throws(Problem) -> (format: ArchiveFormat?, input: ArchiveInput) {
        switch source {
        case .content(let content):
            return (ArchiveFormat(head: content.size == 0 ? [] : try content.read(at: 0, count: ArchiveFormat.headSize)), self)
        case .stream(var head, let rest):
            while head.count < ArchiveFormat.headSize {
                let piece = try rest.next(count: ArchiveFormat.headSize - head.count)
                if piece.isEmpty { break }
                head += piece
            }
            return (ArchiveFormat(head: head), ArchiveInput(.stream(head, rest), name: name))
        }
    }

    /// All bytes. A stream is read to its end.
    ///
    /// - Throws: `csar.too-large` if a stream has more bytes than a limit, `tosca.cannot-read`, `file.failed`.
    public func content(limit: Int) throws(Problem) -> any FileContent {
        switch source {
        case .content(let content): return content
        case .stream(let head, let rest):
            let spool = ScratchContent()
            try spool.append(head)
            while case let piece = try rest.next(count: 256 << 10), !piece.isEmpty {
                try spool.append(piece)
                if spool.size > limit { throw Problem("csar.too-large", "‘\(name)’ has more than \(limit) bytes") }
            }
            return spool
        }
    }
}
