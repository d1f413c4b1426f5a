// SPDX-License-Identifier: Apache-2.0 OR MIT
import Crypto
import Floria
import Support

/// The encrypted content of one version of a secret.
///
/// It is encrypted by ChaCha20-Poly1305 under a key of its own, which is derived from the key of the folder and 32 random
/// bytes: so no nonce comes twice under one key. What it belongs to is authenticated with it, and it opens nowhere else.
struct SealedContent: Sendable, Hashable {
    /// The version, from 1.
    var version: UInt64
    /// The ID of the key.
    var key: String
    /// What the content's own key is derived with.
    var salt: [UInt8]
    /// Nonce, ciphertext and tag.
    var box: [UInt8]
    /// When the version was made, in milliseconds since 1970 UTC.
    var time: Int64

    /// Encrypts a content.
    init(
        _ content: Value, of name: SecretName, version: UInt64, key: String, in keys: SecretKeys, time: Int64
    ) throws(Problem) {
        self.version = version
        self.key = key
        self.time = time
        var generator = SystemRandomNumberGenerator()
        salt = (0..<4).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } }
        let master = try keys.key(key)
        let associated = Self.associated(name, version, key)
        do {
            box = Array(
                try ChaChaPoly.seal(
                    CBOR.encode(content), using: Self.derived(master, salt, associated), authenticating: associated
                )
                .combined)
        } catch {
            throw Problem("secret.not-encrypted", "the secret ‘\(name)’ cannot be encrypted: \(error)")
        }
    }

    /// Decrypts the content.
    ///
    /// - Throws: `secret.tampered` if it isn't what was encrypted, `secret.no-key`.
    func open(of name: SecretName, in keys: SecretKeys) throws(Problem) -> Value {
        let master = try keys.key(key)
        let associated = Self.associated(name, version, key)
        do {
            let content = try ChaChaPoly.open(
                ChaChaPoly.SealedBox(combined: box), using: Self.derived(master, salt, associated), authenticating: associated)
            return try CBOR.decode([UInt8](content))
        } catch {
            throw Problem(
                "secret.tampered", "the content of version \(version) of the secret ‘\(name)’ is not what was encrypted",
                hint:
                    "the database or the key ‘\(key)’ was changed by something else: set the secret again, or restore both together"
            )
        }
    }

    private static func derived(_ master: SymmetricKey, _ salt: [UInt8], _ associated: [UInt8]) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: master, salt: salt, info: associated, outputByteCount: 32)
    }

    /// Names hold no NUL, so that two of these are never the same for different things.
    private static func associated(_ name: SecretName, _ version: UInt64, _ key: String) -> [UInt8] {
        Array("khutulun secret 1\0\(name)\0\(version)\0\(key)".utf8)
    }
}

extension SealedContent {
    /// As it is stored.
    var document: Value {
        [
            "version": .number(version), "key": .text(key), "salt": .blob(salt), "box": .blob(box), "time": .integer(time),
        ]
    }

    /// Reads what is stored; nil if it is malformed.
    init?(document: Value) {
        guard let version = document["version"]?.integer, version > 0, let key = document["key"]?.text,
            let salt = document["salt"]?.blob, let box = document["box"]?.blob, let time = document["time"]?.integer,
            key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") })
        else { return nil }
        self.version = UInt64(version)
        self.key = key
        self.salt = salt
        self.box = box
        self.time = Int64(time)
    }
}
