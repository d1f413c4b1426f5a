// SPDX-License-Identifier: Apache-2.0 OR MIT
import Crypto
import Glibc
public import Support

/// Keeps artifacts as files of a folder, `ab/abcdef…` by their SHA-256 digests.
///
/// A file is either there whole and right, and on disk, or not at all.
public struct ArtifactStore: ArtifactsBackend {
    private let folder: String
    private let sizeLimit: Int

    /// Makes a store, and its folder if it isn't there.
    ///
    /// - Parameter sizeLimit: The largest artifact, in bytes.
    /// - Throws: `artifact.unavailable` if the folder cannot be made.
    public init(folder: String, sizeLimit: Int = 1 << 30) throws(Problem) {
        self.folder = folder
        self.sizeLimit = sizeLimit
        try ArtifactStore.make(folder)
        try ArtifactStore.make("\(folder)/incoming")
    }

    /// Keeps bytes under their digest.
    ///
    /// - Throws: `artifact.invalid-digest`, `artifact.too-large`, `artifact.wrong-digest` if the bytes have another one,
    ///   `artifact.unavailable` if they cannot be written.
    public func put(_ digest: String, _ bytes: APIStream<[UInt8]>, length: Int?) async throws(Problems) -> Int {
        try await lifting { () async throws(Problem) in
            let path = try path(digest)
            if let size = ArtifactFile.size(path) { return size }
            if let length { try check(length, digest) }
            let file = try ArtifactFile(creating: "\(folder)/incoming/\(digest).\(UInt64.random(in: 0...UInt64.max))")
            var sum = SHA256()
            var size = 0
            for try await piece in bytes {
                size += piece.count
                try check(size, digest)
                sum.update(data: piece)
                try file.write(piece)
            }
            try check(sum.finalize(), digest)
            let home = "\(folder)/\(digest.prefix(2))"
            try ArtifactStore.make(home)
            try file.move(to: path, in: home)
            return size
        }
    }

    /// The number of bytes of an artifact; nil if there is none.
    public func size(_ digest: String) async throws(Problems) -> Int? {
        ArtifactFile.size(try lifting { () throws(Problem) in try path(digest) })
    }

    /// The bytes of an artifact.
    ///
    /// - Throws: `artifact.not-found`.
    public func get(_ digest: String) async throws(Problems) -> (bytes: APIStream<[UInt8]>, size: Int) {
        try lifting { () throws(Problem) in
            let path = try path(digest)
            guard let size = ArtifactFile.size(path) else {
                throw Problem("artifact.not-found", "there is no artifact ‘\(digest)’", hint: "send it first")
            }
            let file = try ArtifactFile(opening: path)
            let bytes = APIStream(0) { offset throws(Problem) -> [UInt8]? in
                let piece = try file.read(at: offset, count: 64 << 10)
                offset += piece.count
                return piece.isEmpty ? nil : piece
            }
            return (bytes, size)
        }
    }

    private func path(_ digest: String) throws(Problem) -> String {
        let isValid =
            digest.utf8.count == 64
            && digest.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
        guard isValid else {
            throw Problem(
                "artifact.invalid-digest", "‘\(digest)’ is no digest of an artifact",
                hint: "it is the SHA-256 digest of the content, in 64 lower-case hexadecimal digits")
        }
        return "\(folder)/\(digest.prefix(2))/\(digest)"
    }

    private func check(_ size: Int, _ digest: String) throws(Problem) {
        guard size > sizeLimit else { return }
        throw Problem("artifact.too-large", "the artifact ‘\(digest)’ is larger than \(sizeLimit) bytes")
    }

    private func check(_ sum: SHA256Digest, _ digest: String) throws(Problem) {
        let actual = sum.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        guard actual != digest else { return }
        throw Problem(
            "artifact.wrong-digest", "the bytes sent as the artifact ‘\(digest)’ have the digest ‘\(actual)’",
            hint: "the file was changed while it was sent; send it again")
    }

    private static func make(_ folder: String) throws(Problem) {
        guard mkdir(folder, 0o700) != 0, errno != EEXIST else { return }
        throw ArtifactFile.unavailable("make the folder ‘\(folder)’")
    }
}
