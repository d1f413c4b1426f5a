// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSecrets
import FloriaSQLite
import Foundation
import Glibc
import Support
import Testing

/// What was changed by something else is noticed, and told clearly.
@Suite struct TamperingTests {
    /// Changes a record of a secret behind the secrets' back.
    private func change(_ name: String, in store: any Store, _ change: @Sendable (inout Value) -> Void) async throws {
        let record = try await store.read { snapshot throws(Problem) in try snapshot.record("secrets", name) }
        var value = try #require(record?.value)
        change(&value)
        var transaction = Transaction()
        transaction.records = [Record("secrets", name, value)]
        try await store.commit(transaction)
    }

    @Test(arguments: ["salt", "box"], [0, 5, 20, 31])
    func `a changed bit is tampering`(part: String, index: Int) async throws {
        try await SecretFolder.with { folder in
            let (store, secrets) = try folder.open()
            _ = try await secrets.set("shop/p", "a content of some length")
            try await change("shop/p", in: store) { value in
                var version = value["versions"]?.list?.first ?? [:]
                var bytes = version[part]?.blob ?? []
                bytes[index] ^= 1
                version[part] = .blob(bytes)
                value["versions"] = [version]
            }
            let tampering = try await problem { _ = try await secrets.content("shop/p") }
            #expect(tampering.code == "secret.tampered" && tampering.message.contains("shop/p") && tampering.hint != nil)
        }
    }

    @Test func `a content opens under no other name and as no other version`() async throws {
        try await SecretFolder.with { folder in
            let (store, secrets) = try folder.open()
            _ = try await secrets.set("shop/low", "low")
            _ = try await secrets.set("shop/high", "high")
            _ = try await secrets.set("shop/high", "higher")
            let high = try await store.read { snapshot throws(Problem) in try snapshot.record("secrets", "shop/high") }
            let content = try #require(high?.value)
            try await change("shop/low", in: store) { $0 = content }
            #expect(try await problem { _ = try await secrets.content("shop/low") }.code == "secret.tampered")
            try await change("shop/high", in: store) { value in
                var versions = value["versions"]?.list ?? []
                versions.swapAt(0, 1)
                versions[0]["version"] = 1
                versions[1]["version"] = 2
                value["versions"] = .list(versions)
            }
            for version in [1, 2] as [UInt64] {
                #expect(
                    try await problem { _ = try await secrets.content("shop/high", version: version) }.code == "secret.tampered"
                )
            }
        }
    }

    @Test(
        arguments: [
            [:], ["versions": []], ["versions": [1]],
            ["versions": [["version": 1, "key": "../../etc/passwd", "salt": "", "box": ""]]],
        ] as [Value])
    func `a malformed record is a problem`(record: Value) async throws {
        try await SecretFolder.with { folder in
            let (store, secrets) = try folder.open()
            _ = try await secrets.set("shop/p", "x")
            try await change("shop/p", in: store) { $0 = record }
            #expect(try await problem { _ = try await secrets.content("shop/p") }.code == "secret.malformed")
            #expect(try await problem { _ = try await secrets.list() }.code == "secret.malformed")
            try await secrets.remove(SecretName(parsing: "shop/p"))
            #expect(try await secrets.list().isEmpty)
        }
    }

    @Test func `a key that is gone, is exchanged or is open to others is told as such`() async throws {
        try await SecretFolder.with { folder in
            let (store, secrets) = try folder.open()
            _ = try await secrets.set("shop/p", "x")
            let path = "\(folder.keys)/\(try #require(folder.keyNames.first))"
            // Each of these is another agent, which has the keys not in memory yet.
            func code() async throws -> String {
                try await problem { _ = try await folder.secrets(in: store).content("shop/p") }.code
            }
            chmod(path, 0o640)
            #expect(try await code() == "secret.exposed-key")
            chmod(path, 0o600)
            let key = try Data(contentsOf: URL(fileURLWithPath: path))
            try Data(key.reversed()).write(to: URL(fileURLWithPath: path))
            #expect(try await code() == "secret.tampered")
            try key.dropLast().write(to: URL(fileURLWithPath: path))
            #expect(try await code() == "secret.unusable-keys")
            unlink(path)
            #expect(try await code() == "secret.no-key")
        }
    }

    @Test func `what was tampered with can be set again, and is in the way of no rotation then`() async throws {
        try await SecretFolder.with { folder in
            let (store, secrets) = try folder.open()
            _ = try await secrets.set("shop/p", "x")
            try await change("shop/p", in: store) { value in
                var version = value["versions"]?.list?.first ?? [:]
                version["salt"] = .blob([UInt8](repeating: 0, count: 32))
                value["versions"] = [version]
            }
            #expect(try await problem { try await secrets.rotate() }.code == "secret.tampered")
            #expect(try await secrets.set("shop/p", "y") == 2)
            try await secrets.rotate()
            #expect(try await secrets.content("shop/p") == "y")
            #expect(folder.keyNames.count == 1)
        }
    }
}
