// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension APIClient {
    /// `{"name", "version", "versions", "key", "updated"}` of each secret in a directory and below.
    public func secrets(within directory: Directory = .root) async throws(Problems) -> [Value] {
        try await list(.get, "secrets", query: ["directory": directory.names.isEmpty ? nil : directory.description])
    }

    /// The same of one secret, and who uses it.
    public func secret(_ name: SecretName) async throws(Problems) -> Value {
        try await value(.get, "secrets", name.description)
    }

    /// Makes a secret, or a new version of it. Returns its newest version.
    public func setSecret(_ name: SecretName, to content: [UInt8]) async throws(Problems) -> Int {
        let request = APIRequest(
            .put, ["secrets", name.description], body: .bytes(APIStream([content]), length: content.count))
        guard let version = try await send(request).body.document?["version"]?.integer else {
            throw APIClient.malformed("no ‘version’")
        }
        return version
    }

    /// Removes a secret; with `isForced` also one that is used.
    public func removeSecret(_ name: SecretName, isForced: Bool = false) async throws(Problems) {
        _ = try await value(.delete, "secrets", name.description, query: ["force": isForced ? "true" : nil])
    }

    /// Encrypts all secrets anew with a new key. Returns `{"key", "secrets"}`.
    public func rotateSecrets() async throws(Problems) -> Value {
        try await value(.post, "secrets", "rotate", patience: APIRequest.endless)
    }

    /// The contents of secrets that an entity uses. Only hosts get them.
    public func open(_ references: Set<SecretReference>, for entity: ID) async throws(Problems) -> [SecretReference: Value] {
        let answer = try await value(
            .post, "secrets", "open",
            body: ["entity": .text(entity.documentText), "references": .list(references.map(\.value))])
        var contents: [SecretReference: Value] = [:]
        for pair in answer.list ?? [] {
            guard let pair = pair.list, pair.count == 2, let reference = SecretReference(pair[0]) else {
                throw APIClient.malformed("no secrets")
            }
            contents[reference] = pair[1]
        }
        return contents
    }
}
