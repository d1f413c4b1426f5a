// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support
import TOSCA

extension ArchiveInput {
    /// Signs an archive.
    ///
    /// - Throws: `csar.not-an-archive`, `csar.too-large`, `tosca.cannot-read`, `file.failed`.
    public func signature(by key: SigningKey, limits: ArchiveLimits = .standard) throws(Problem) -> ArchiveSignature {
        let copy = try copied(limit: limits.size)
        _ = try ArchiveReader(ArchiveInput(copy, name: name), limits: limits)
        return try copy.withBytes { bytes throws(Problem) in try key.signature(of: bytes) }
    }

    /// The archive, of which a signature was found to be right. Its bytes were copied before, so that nobody can change them after.
    ///
    /// - Throws: `csar.wrong-signature`, `csar.too-large`, `tosca.cannot-read`, `file.failed`.
    public func verified(
        by key: VerifyingKey, _ signature: ArchiveSignature, limits: ArchiveLimits = .standard
    ) throws(Problem) -> ArchiveInput {
        let copy = try copied(limit: limits.size)
        guard try copy.withBytes({ key.accepts(signature, of: $0) }) else {
            throw Problem(
                "csar.wrong-signature", "‘\(name)’ is not what was signed with this key",
                hint: "it was changed after it was signed, or signed with another key; do not trust it")
        }
        return ArchiveInput(copy, name: name)
    }

    private func copied(limit: Int) throws(Problem) -> ScratchContent {
        let content = try self.content(limit: limit)
        if let copy = content as? ScratchContent { return copy }
        guard content.size <= limit else { throw Problem("csar.too-large", "‘\(name)’ has more than \(limit) bytes") }
        let copy = ScratchContent()
        try content.forEachPiece { bytes throws(Problem) in try copy.append(bytes) }
        return copy
    }
}
