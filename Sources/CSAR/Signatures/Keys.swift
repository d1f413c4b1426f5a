// SPDX-License-Identifier: Apache-2.0 OR MIT
import Crypto
import FoundationEssentials
public import Support

/// The Ed25519 key that signs archives. Whoever has it can sign in its owner's name.
public struct SigningKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// Makes a new one, by chance.
    public init() { key = Curve25519.Signing.PrivateKey() }

    /// Reads one: PEM as `openssl genpkey -algorithm ed25519` writes it, or its 32 bytes in base64.
    ///
    /// - Throws: `csar.malformed-key`.
    public init(parsing bytes: [UInt8], file: String) throws(Problem) {
        let raw = try KeyFile(bytes, file: file).raw(label: "PRIVATE KEY", prefix: Self.prefix)
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw) else { throw KeyFile.malformed(file, nil) }
        self.key = key
    }

    /// What stands before the key in its DER form (RFC 8410 §7).
    private static let prefix: [UInt8] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]

    /// It as PEM. It must be kept secret.
    public var pem: String { KeyFile.pem("PRIVATE KEY", Self.prefix + key.rawRepresentation) }

    /// The key that others verify its signatures with.
    public var verifyingKey: VerifyingKey { VerifyingKey(key.publicKey) }

    func signature(of bytes: UnsafeRawBufferPointer) throws(Problem) -> ArchiveSignature {
        guard let signature = try? key.signature(for: Data(borrowing: bytes)) else {
            throw Problem("csar.malformed-key", "the key cannot sign")
        }
        return ArchiveSignature(Array(signature))
    }
}

/// The Ed25519 key that verifies signatures of archives. Everybody may know it.
public struct VerifyingKey: Sendable {
    private let key: Curve25519.Signing.PublicKey

    fileprivate init(_ key: Curve25519.Signing.PublicKey) { self.key = key }

    /// Reads one: PEM as `openssl pkey -pubout` writes it, or its 32 bytes in base64.
    ///
    /// - Throws: `csar.malformed-key`.
    public init(parsing bytes: [UInt8], file: String) throws(Problem) {
        let raw = try KeyFile(bytes, file: file).raw(label: "PUBLIC KEY", prefix: Self.prefix)
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw) else { throw KeyFile.malformed(file, nil) }
        self.key = key
    }

    /// What stands before the key in its DER form (RFC 8410 §4).
    private static let prefix: [UInt8] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0]

    /// It as PEM.
    public var pem: String { KeyFile.pem("PUBLIC KEY", Self.prefix + key.rawRepresentation) }

    func accepts(_ signature: ArchiveSignature, of bytes: UnsafeRawBufferPointer) -> Bool {
        key.isValidSignature(signature.bytes, for: Data(borrowing: bytes))
    }
}

/// A detached signature of an archive: of all its bytes.
public struct ArchiveSignature: Sendable, Hashable {
    /// Its 64 bytes.
    public let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads one: in base64, or the bytes themselves as `openssl pkeyutl -sign -rawin` writes them.
    ///
    /// - Throws: `csar.malformed-signature`.
    public init(parsing content: [UInt8], file: String) throws(Problem) {
        let text = String(decoding: content.filter { $0 > 32 }, as: UTF8.self)
        guard let bytes = content.count == 64 ? content : Base64.decode(text), bytes.count == 64 else {
            throw Problem(
                "csar.malformed-signature", "‘\(file)’ holds no signature",
                hint: "it is what ‘khutulun csar sign’ wrote: 64 bytes in base64")
        }
        self.bytes = bytes
    }

    /// It in base64, with a line break at the end.
    public var text: String { KeyFile.base64(bytes) + "\n" }
}

/// The forms of keys in files.
private struct KeyFile {
    let text: String
    let file: String

    init(_ bytes: [UInt8], file: String) {
        text = String(decoding: bytes.prefix(16 << 10), as: UTF8.self)
        self.file = file
    }

    /// The 32 bytes of the key.
    func raw(label: String, prefix: [UInt8]) throws(Problem) -> [UInt8] {
        let lines = text.split(whereSeparator: \.isNewline).map { String($0.filter { !$0.isWhitespace || $0 == " " }) }
        guard let first = lines.firstIndex(where: { $0.hasPrefix("-----BEGIN ") }) else {
            guard let raw = Base64.decode(text.filter { !$0.isWhitespace }), raw.count == 32 else {
                throw Self.malformed(file, label)
            }
            return raw
        }
        guard lines[first] == "-----BEGIN \(label)-----" else { throw Self.malformed(file, label) }
        let body = lines[(first + 1)...].prefix { !$0.hasPrefix("-----") }.joined()
        guard let der = Base64.decode(body), der.starts(with: prefix), der.count == prefix.count + 32 else {
            throw Self.malformed(file, label)
        }
        return Array(der.suffix(32))
    }

    static func malformed(_ file: String, _ label: String?) -> Problem {
        let kind = label == "PRIVATE KEY" ? "the private half of one" : "the public half of one"
        return Problem(
            "csar.malformed-key", "‘\(file)’ holds no key of the kind that is needed here",
            hint:
                "it is an Ed25519 key, \(kind), in PEM without a password, or its 32 bytes in base64; ‘khutulun csar new-key’ makes one"
        )
    }

    static func base64(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        Base64.encode(bytes, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    static func pem(_ label: String, _ der: [UInt8]) -> String {
        "-----BEGIN \(label)-----\n\(base64(der))\n-----END \(label)-----\n"
    }
}

extension Data {
    /// The bytes without a copy; not to be kept.
    fileprivate init(borrowing bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else {
            self.init()
            return
        }
        self.init(bytesNoCopy: UnsafeMutableRawPointer(mutating: base), count: bytes.count, deallocator: .none)
    }
}
