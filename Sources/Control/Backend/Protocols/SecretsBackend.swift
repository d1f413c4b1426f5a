// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// Keeps secrets. Nothing gives a content back but ``open(_:for:)``, which is for hosts.
public protocol SecretsBackend: Sendable {
    /// `{"name", "version", "versions", "key", "updated"}` of each secret in a directory and below.
    func secrets(within directory: Directory) async throws(Problems) -> [Value]
    /// The same of one, and `used-by`: `{"entity", "property"}` of each property that refers to it.
    ///
    /// - Throws: `secret.unknown`.
    func secret(_ name: SecretName) async throws(Problems) -> Value
    /// Makes a secret, or a new version of it. Returns its newest version.
    func setSecret(_ name: SecretName, to content: Value, for caller: Caller) async throws(Problems) -> UInt64
    /// Removes a secret.
    ///
    /// - Throws: `secret.unknown`, and `secret.in-use` unless it is forced.
    func removeSecret(_ name: SecretName, isForced: Bool, for caller: Caller) async throws(Problems)
    /// Encrypts all secrets anew with a new key. Returns the key's ID and the number of secrets.
    func rotateSecrets() async throws(Problems) -> (key: String, secrets: Int)
    /// The contents of secrets that an entity uses.
    ///
    /// - Throws: `secret.unknown`, `secret.out-of-scope`, `secret.tampered`.
    func open(_ references: Set<SecretReference>, for entity: ID) async throws(Problems) -> [SecretReference: Value]
}
