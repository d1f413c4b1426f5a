// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension APIClient {
    /// `{"version", "host", "data", "pid"}` of the agent.
    public func version() async throws(Problems) -> Value { try await value(.get, "version") }

    /// Whether the agent keeps an artifact.
    public func hasArtifact(_ digest: String) async throws(Problems) -> Bool {
        let response = try await lifting { () async throws(Problem) in
            try await transport.send(APIRequest(.head, ["artifacts", digest]))
        }
        guard response.isSuccess || response.status == 404 else { throw response.problems }
        return response.isSuccess
    }

    /// Sends an artifact: bytes whose SHA-256 digest is `digest`, in lower-case hexadecimal digits.
    public func putArtifact(_ digest: String, _ bytes: APIStream<[UInt8]>, length: Int? = nil) async throws(Problems) {
        _ = try await send(APIRequest(.put, ["artifacts", digest], body: .bytes(bytes, length: length)))
    }

    /// The bytes of an artifact and their number.
    public func artifact(_ digest: String) async throws(Problems) -> (bytes: APIStream<[UInt8]>, size: Int) {
        guard case .bytes(let bytes, let length) = try await send(APIRequest(.get, ["artifacts", digest])).body else {
            throw APIClient.malformed("no bytes")
        }
        return (bytes, length)
    }

    /// The registrations of plugins.
    public func plugins() async throws(Problems) -> [Value] { try await list(.get, "plugins") }

    /// The registration of a plugin.
    public func plugin(_ name: String) async throws(Problems) -> Value { try await value(.get, "plugins", name) }

    /// The reserved ports.
    public func ports() async throws(Problems) -> [Value] { try await list(.get, "ports") }
}
