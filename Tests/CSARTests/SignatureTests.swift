// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import Support
import TOSCA
import Testing

/// Signatures of archives, and the keys that make and verify them.
struct SignatureTests {
    private func with(_ body: (Folder, ArchiveInput) throws -> Void) throws {
        try Folder.with(["shop/a.yaml": Folder.design]) { folder in
            let content = try folder.pack("shop", Packing(format: .zip)).content
            try OutputFile.write(content, to: folder["a"])
            try body(folder, ArchiveInput(content, name: "a"))
        }
    }

    @Test func `what was signed is verified, and nothing else`() throws {
        try with { _, input in
            let key = SigningKey()
            let signature = try input.signature(by: key)
            let verified = try input.verified(by: key.verifyingKey, signature)
            #expect(try Package(verified).layout.entryDefinitions == "a.yaml")
            #expect(try codes { _ = try input.verified(by: SigningKey().verifyingKey, signature) } == ["csar.wrong-signature"])
            var bytes = try input.content(limit: .max).bytes()
            bytes[40] ^= 1
            let changed = ArchiveInput(BytesContent(bytes), name: "a")
            #expect(try codes { _ = try changed.verified(by: key.verifyingKey, signature) } == ["csar.wrong-signature"])
            let longer = ArchiveInput(BytesContent(bytes + [0]), name: "a")
            #expect(try codes { _ = try longer.verified(by: key.verifyingKey, signature) } == ["csar.wrong-signature"])
        }
    }

    @Test func `a large archive is signed as a small one is`() throws {
        try Folder.with(["shop/a.yaml": Folder.design, "shop/b": String(repeating: "0123456789abcdef", count: 1 << 16)]) {
            folder in
            let content = try folder.pack("shop", Packing(format: .tar)).content
            #expect(content.size > 1 << 20)
            let (input, key) = (ArchiveInput(content, name: "a"), SigningKey())
            let signature = try input.signature(by: key)
            _ = try input.verified(by: key.verifyingKey, signature)
            _ = try ArchiveInput(BytesContent(try content.bytes()), name: "a").verified(by: key.verifyingKey, signature)
            #expect(try codes { _ = try input.signature(by: key, limits: ArchiveLimits(size: content.size)) } == [])
            let limits = ArchiveLimits(size: content.size - 1)
            let copy = ArchiveInput(BytesContent(try content.bytes()), name: "a")
            #expect(try codes { _ = try copy.signature(by: key, limits: limits) } == ["csar.too-large"])
        }
    }

    @Test func `keys and signatures come back from their files`() throws {
        try with { _, input in
            let key = SigningKey()
            let again = try SigningKey(parsing: Array(key.pem.utf8), file: "k")
            #expect(again.pem == key.pem)
            let verifying = try VerifyingKey(parsing: Array(key.verifyingKey.pem.utf8), file: "k")
            let signature = try ArchiveSignature(parsing: Array(try input.signature(by: again).text.utf8), file: "s")
            _ = try input.verified(by: verifying, signature)
            _ = try input.verified(by: verifying, ArchiveSignature(parsing: signature.bytes, file: "s"))
        }
    }

    /// The first test of RFC 8032 §7.1: a key, in base64.
    @Test func `a key can be its bytes in base64`() throws {
        let secret = try SigningKey(parsing: Array("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=\n".utf8), file: "k")
        let expected = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
        #expect(secret.verifyingKey.pem.contains(expected))
        let verifying = try VerifyingKey(parsing: Array("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=".utf8), file: "k")
        #expect(verifying.pem == secret.verifyingKey.pem)
    }

    @Test func `keys and signatures are those of OpenSSL`() throws {
        try with { folder, input in
            try folder.run("openssl", "genpkey", "-algorithm", "ed25519", "-out", "k")
            try folder.run("openssl", "pkey", "-in", "k", "-pubout", "-out", "k.pub")
            try folder.run("openssl", "pkeyutl", "-sign", "-inkey", "k", "-rawin", "-in", "a", "-out", "s")
            let key = try SigningKey(parsing: folder.bytes("k"), file: "k")
            let verifying = try VerifyingKey(parsing: folder.bytes("k.pub"), file: "k.pub")
            #expect(key.verifyingKey.pem == verifying.pem)
            let signature = try ArchiveSignature(parsing: folder.bytes("s"), file: "s")
            #expect(try input.signature(by: key) == signature)
            _ = try input.verified(by: verifying, signature)
        }
    }

    @Test func `what is no key or signature of the kind is refused`() throws {
        let key = SigningKey()
        let bad: [[UInt8]] = [[], Array("hello".utf8), Array("AAAA".utf8), Array(key.pem.utf8.dropLast(40)), [0xff, 0xfe]]
        for bytes in bad + [Array(key.verifyingKey.pem.utf8)] {
            #expect(try codes { _ = try SigningKey(parsing: bytes, file: "k") } == ["csar.malformed-key"])
        }
        for bytes in bad + [Array(key.pem.utf8)] {
            #expect(try codes { _ = try VerifyingKey(parsing: bytes, file: "k") } == ["csar.malformed-key"])
        }
        for bytes in [[], Array("hello".utf8), [UInt8](repeating: 1, count: 63)] {
            #expect(try codes { _ = try ArchiveSignature(parsing: bytes, file: "s") } == ["csar.malformed-signature"])
        }
    }

    @Test func `what is no archive is not signed`() throws {
        let input = ArchiveInput(BytesContent(Array("hello".utf8)), name: "a")
        #expect(try codes { _ = try input.signature(by: SigningKey()) } == ["csar.not-an-archive"])
    }
}
