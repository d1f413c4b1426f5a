// SPDX-License-Identifier: Apache-2.0 OR MIT
import Crypto
import FoundationEssentials
public import Support

/// A file of a design that hosts will need.
public struct ArtifactFile: Sendable, Hashable {
    /// Where it is.
    public var path: String
    /// The path as the design says it.
    public var file: String
    /// The SHA-256 digest of its content, in lower-case hexadecimal digits.
    public var digest: String
    /// Its size in bytes.
    public var size: Int

    /// Makes it.
    public init(path: String, file: String, digest: String, size: Int) {
        self.path = path
        self.file = file
        self.digest = digest
        self.size = size
    }

    /// The file as designs list it: `{"digest", "file", "size"}`.
    public var document: Value { ["digest": .text(digest), "file": .text(file), "size": .integer(size)] }
}

/// Reads artifacts, each once.
final class ArtifactReader {
    private var known: [String: [UInt8]] = [:]

    /// Reads a file; nil if there is none that can be read.
    func read(_ path: String, file: String) -> ArtifactFile? {
        guard let bytes = bytes(path) else { return nil }
        return ArtifactFile(path: path, file: file, digest: Self.hexadecimal(SHA256.hash(data: bytes)), size: bytes.count)
    }

    /// Whether a file has a checksum; nil if the algorithm isn't known.
    func matches(_ path: String, checksum: String, algorithm: String) -> Bool? {
        guard let bytes = bytes(path) else { return true }
        let digest: String
        switch algorithm.uppercased().filter({ $0 != "-" }) {
        case "SHA256": digest = Self.hexadecimal(SHA256.hash(data: bytes))
        case "SHA384": digest = Self.hexadecimal(SHA384.hash(data: bytes))
        case "SHA512": digest = Self.hexadecimal(SHA512.hash(data: bytes))
        default: return nil
        }
        return digest == checksum.lowercased()
    }

    private func bytes(_ path: String) -> [UInt8]? {
        if let bytes = known[path] { return bytes }
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        known[path] = [UInt8](data)
        return known[path]
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
