// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import FloriaSecrets
public import Support

/// Puts the secrets of a store behind the routes.
public struct StoredSecrets: SecretsBackend {
    private let secrets: Secrets
    private let now: @Sendable () -> Int64

    /// Makes it.
    ///
    /// - Parameter now: The time in milliseconds since 1970 UTC.
    public init(_ secrets: Secrets, now: @escaping @Sendable () -> Int64) {
        self.secrets = secrets
        self.now = now
    }

    /// What may be told of the secrets of a directory and below.
    public func secrets(within directory: Directory) async throws(Problems) -> [Value] {
        try await lifting { () async throws(Problem) in try await secrets.list(within: directory).map(\.document) }
    }

    /// What may be told of a secret, and who uses it.
    public func secret(_ name: SecretName) async throws(Problems) -> Value {
        try await lifting { () async throws(Problem) in
            var document = try await secrets.describe(name).document
            document["used-by"] = .list(
                try await secrets.users(of: name).map { ["entity": .text($0.entity.documentText), "property": .text($0.name)] })
            return document
        }
    }

    /// Makes a secret, or a new version of it.
    public func setSecret(_ name: SecretName, to content: Value, for caller: Caller) async throws(Problems) -> UInt64 {
        try await lifting { () async throws(Problem) in
            try await secrets.set(name, to: content, provenance: caller.provenance(time: now()))
        }
    }

    /// Removes a secret.
    public func removeSecret(_ name: SecretName, isForced: Bool, for caller: Caller) async throws(Problems) {
        try await lifting { () async throws(Problem) in
            try await secrets.remove(name, isForced: isForced, provenance: caller.provenance(time: now()))
        }
    }

    /// Encrypts everything anew.
    public func rotateSecrets() async throws(Problems) -> (key: String, secrets: Int) {
        try await lifting { () async throws(Problem) in try await secrets.rotate() }
    }

    /// The contents of secrets, for a host.
    public func open(_ references: Set<SecretReference>, for entity: ID) async throws(Problems) -> [SecretReference: Value] {
        try await lifting { () async throws(Problem) in try await secrets.open(references, for: entity) }
    }
}
