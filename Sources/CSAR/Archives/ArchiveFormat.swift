// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The formats of archives (17.1.1), and one more.
public enum ArchiveFormat: String, Sendable, CaseIterable {
    /// A zip file, with entries that are stored or deflated.
    case zip
    /// A tarball.
    case tar
    /// A tarball that is compressed with gzip.
    case tarGzip = "tar.gz"
    /// A tarball that is compressed with Zstandard.
    case tarZstandard = "tar.zst"

    /// The endings of names that stand for it, the first one preferred.
    public var extensions: [String] {
        switch self {
        case .zip: ["zip", "csar"]
        case .tar: ["tar"]
        case .tarGzip: ["tar.gz", "tgz"]
        case .tarZstandard: ["tar.zst"]
        }
    }

    /// Whether the whole archive is one compressed stream.
    var isCompressedStream: Bool { self == .tarGzip || self == .tarZstandard }

    /// The format that a file's name stands for; nil if none.
    public init?(fileName: String) {
        let name = fileName.lowercased()
        guard let format = Self.allCases.first(where: { $0.extensions.contains { name.hasSuffix(".\($0)") } }) else {
            return nil
        }
        self = format
    }

    /// How many bytes tell the format.
    static let headSize = 512

    /// The format of an archive that begins with these bytes; nil if it is none.
    public init?(head: [UInt8]) {
        if head.starts(with: [0x50, 0x4b, 3, 4]) || head.starts(with: [0x50, 0x4b, 5, 6]) {
            self = .zip
        } else if head.starts(with: [0x1f, 0x8b]) {
            self = .tarGzip
        } else if head.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) {
            self = .tarZstandard
        } else if Self.isTarHeader(head) {
            self = .tar
        } else {
            return nil
        }
    }

    /// Whether these are the header of an entry of a tarball, by its checksum, or the end of one without entries.
    private static func isTarHeader(_ head: [UInt8]) -> Bool {
        guard head.count >= headSize else { return false }
        let sums = 148..<156
        let sum = head[..<headSize].enumerated().reduce(0) { $0 + (sums.contains($1.offset) ? 32 : Int($1.element)) }
        let digits = head[sums].drop { $0 == 32 }.prefix { (48...55).contains($0) }
        if digits.isEmpty { return head[..<headSize].allSatisfy { $0 == 0 } }
        return digits.reduce(0) { $0 << 3 | Int($1 - 48) } == sum
    }
}
