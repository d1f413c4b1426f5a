// SPDX-License-Identifier: Apache-2.0 OR MIT
import Crypto
import FoundationEssentials
public import Support

/// A file of a design that hosts will need.
public struct ArtifactFile: Sendable {
    /// Where it lies.
    public var repository: any FileRepository
    /// The path there.
    public var path: String
    /// The path as the design says it.
    public var file: String
    /// The SHA-256 digest of its content, in lower-case hexadecimal digits.
    public var digest: String
    /// Its size in bytes.
    public var size: Int

    /// Makes it.
    public init(repository: any FileRepository = LocalFiles(), path: String, file: String, digest: String, size: Int) {
        self.repository = repository
        self.path = path
        self.file = file
        self.digest = digest
        self.size = size
    }

    /// What messages call it.
    public var name: String { repository.name(of: path) }

    /// The file as designs list it: `{"digest", "file", "size"}`.
    public var document: Value { ["digest": .text(digest), "file": .text(file), "size": .integer(size)] }
}

/// Reads artifacts. What is known of each is kept, its content is not.
final class ArtifactReader {
    private enum Algorithm: String {
        case sha256 = "SHA256"
        case sha384 = "SHA384"
        case sha512 = "SHA512"

        func digest(_ content: any FileContent) throws(Problem) -> String {
            switch self {
            case .sha256: try hash(SHA256(), content)
            case .sha384: try hash(SHA384(), content)
            case .sha512: try hash(SHA512(), content)
            }
        }

        private func hash(_ function: some HashFunction, _ content: any FileContent) throws(Problem) -> String {
            var function = function
            try content.forEachPiece { function.update(data: $0) }
            return function.finalize().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        }
    }

    let addresses: any AddressResolver
    private var known: [String: ArtifactFile] = [:]

    init(addresses: any AddressResolver) { self.addresses = addresses }

    /// Reads a file.
    ///
    /// - Throws: what its repository has to say.
    func read(_ place: FilePlace, file: String) throws(Problem) -> ArtifactFile {
        let identity = place.repository.identity(of: place.path)
        if var artifact = known[identity] {
            artifact.file = file
            return artifact
        }
        let content = try place.repository.open(place.path)
        let digest = try Algorithm.sha256.digest(content)
        let artifact = ArtifactFile(
            repository: place.repository, path: place.path, file: file, digest: digest, size: content.size)
        known[identity] = artifact
        return artifact
    }

    /// Whether a file has a checksum; nil if the algorithm isn't known.
    func matches(_ place: FilePlace, checksum: String, algorithm: String) -> Bool? {
        guard let algorithm = Algorithm(rawValue: algorithm.uppercased().filter { $0 != "-" }) else { return nil }
        guard let content = try? place.repository.open(place.path), let digest = try? algorithm.digest(content) else {
            return true
        }
        return digest == checksum.lowercased()
    }
}
