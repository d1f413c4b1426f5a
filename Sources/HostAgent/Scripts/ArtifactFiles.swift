// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Support

/// The artifacts that this host has, fetched from the control role when they are first needed.
struct ArtifactFiles: Sendable {
    let folder: String
    let client: APIClient

    /// The path of an artifact on this host.
    ///
    /// - Throws: `artifact.not-found`, or what fetching or writing it throws.
    func path(_ digest: String) async throws(Problem) -> String {
        let path = "\(folder)/\(digest)"
        if Files.exists(path) { return path }
        var content: [UInt8] = []
        do {
            let artifact = try await client.artifact(digest)
            content.reserveCapacity(artifact.size)
            for try await piece in artifact.bytes { content += piece }
        } catch let problems as Problems {
            throw problems.first
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem("artifact.interrupted", "the artifact ‘\(digest)’ could not be fetched: \(error)")
        }
        try Files.makeFolder(folder, mode: 0o711)
        try Files.write(content, to: path)
        return path
    }
}
