// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Keeps files by the SHA-256 digest of their content.
public protocol ArtifactsBackend: Sendable {
    /// Keeps the bytes, if their digest is the one given. Keeping again what is kept has no effect.
    ///
    /// - Returns: Their number.
    func put(_ digest: String, _ bytes: APIStream<[UInt8]>, length: Int?) async throws(Problems) -> Int
    /// The number of bytes of an artifact; nil if there is none.
    func size(_ digest: String) async throws(Problems) -> Int?
    /// The bytes of an artifact and their number.
    ///
    /// - Throws: `artifact.not-found`.
    func get(_ digest: String) async throws(Problems) -> (bytes: APIStream<[UInt8]>, size: Int)
}
