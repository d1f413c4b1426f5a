// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSecrets
import FloriaSQLite
import Foundation
import Glibc
import Support
import Testing

/// Secrets: what is kept of them, and who gets them.
@Suite struct SecretsTests {
    private static let canary = "canary-5f0d6c1b9a"

    @Test(
        arguments: [
            .text(canary), .blob([0, 255, 1]), ["a": [1, 2.5, true, .null]], .text(""),
            .custom(kind: "tosca:version", value: "1"),
        ] as [Value])
    func `a content comes back as it was set`(content: Value) async throws {
        try await SecretFolder.with { folder in
            let secrets = try folder.open().secrets
            #expect(try await secrets.set("shop/password", content) == 1)
            #expect(try await secrets.content("shop/password") == content)
            #expect(try await secrets.content("shop/password", version: 1) == content)
        }
    }

    @Test func `a content is on disk in no form that can be read`() async throws {
        try await SecretFolder.with { folder in
            let (store, secrets) = try folder.open()
            _ = try await secrets.set("shop/password", .text(Self.canary))
            _ = try await secrets.set("shop/password", .text(Self.canary + "2"))
            let data = try folder.stored
            #expect(data.range(of: Data("shop/password".utf8)) != nil)
            for form in [Data(Self.canary.utf8), Data(Self.canary.utf8).base64EncodedData().dropLast(4)] {
                #expect(data.range(of: form) == nil)
            }
            store.close()
        }
    }

    @Test func `the same content is never encrypted into the same bytes`() async throws {
        try await SecretFolder.with { folder in
            let (store, secrets) = try folder.open()
            var seen: Set<Value> = []
            for index in 0..<200 {
                _ = try await secrets.set("shop/password-\(index)", "same")
                let record = try await store.read { snapshot throws(Problem) in
                    try snapshot.record("secrets", "shop/password-\(index)")
                }
                let version = record?.value["versions"]?.list?.first
                for part in [version?["salt"], version?["box"].flatMap { $0.blob.map { .blob(Array($0.prefix(12))) } }] {
                    #expect(seen.insert(try #require(part)).inserted)
                }
            }
        }
    }

    @Test func `keys lie outside of the store, and only this account may use them`() async throws {
        try await SecretFolder.with { folder in
            let (_, secrets) = try folder.open()
            #expect(folder.keyNames.isEmpty)
            _ = try await secrets.set("a", "b")
            let name = try #require(folder.keyNames.first)
            #expect(folder.keyNames.count == 1 && !name.hasSuffix(".new"))
            var info = stat()
            #expect(stat(folder.keys, &info) == 0 && info.st_mode & 0o777 == 0o700)
            #expect(stat("\(folder.keys)/\(name)", &info) == 0 && info.st_mode & 0o777 == 0o600)
            let key = try Data(contentsOf: URL(fileURLWithPath: "\(folder.keys)/\(name)"))
            #expect(try folder.stored.range(of: key) == nil)
        }
    }

    @Test func `each new content is a version, and the last ten are kept`() async throws {
        try await SecretFolder.with { folder in
            let secrets = try folder.open().secrets
            for number in 1...12 { #expect(try await secrets.set("shop/p", .integer(number)) == UInt64(number)) }
            #expect(try await secrets.set("shop/p", 12) == 12)
            #expect(try await secrets.content("shop/p") == 12)
            #expect(try await secrets.content("shop/p", version: 3) == 3)
            #expect(try await problem { _ = try await secrets.content("shop/p", version: 2) }.code == "secret.unknown")
            let description = try #require(try await secrets.list().first)
            #expect(description.version == 12 && description.versions == Array(3...12))
        }
    }

    @Test func `what is told of a secret is not its content`() async throws {
        try await SecretFolder.with { folder in
            let secrets = try folder.open().secrets
            _ = try await secrets.set("shop/p", .text(Self.canary))
            _ = try await secrets.set("other/p", .text(Self.canary))
            _ = try await secrets.set("p", .text(Self.canary))
            #expect(try await secrets.list().map(\.name.description) == ["p", "other/p", "shop/p"])
            let within = try await secrets.list(within: Directory(["shop"]))
            #expect(within.map(\.name.description) == ["shop/p"])
            #expect(!JSON.encode(.list(within.map(\.document))).contains(Self.canary))
        }
    }

    @Test func `a secret is for its directory only`() async throws {
        try await SecretFolder.with { folder in
            let secrets = try folder.open().secrets
            _ = try await secrets.set("other/p", "x")
            _ = try await secrets.set("p", "everybody's")
            #expect(try await secrets.content("p") == "everybody's")
            #expect(try await problem { _ = try await secrets.content("other/p") }.code == "secret.out-of-scope")
            #expect(try await problem { _ = try await secrets.content("shop/none") }.code == "secret.unknown")
        }
    }

    @Test func `a secret that is used is removed only by force`() async throws {
        try await SecretFolder.with { folder in
            let (store, secrets) = try folder.open()
            _ = try await secrets.set("shop/p", "x")
            let name = try SecretName(parsing: "shop/p")
            var vertex = Vertex(EntityHeader(.vertex(Directory(["shop"]), "web")))
            vertex.properties["environment"] = Property(value: ["PASSWORD": SecretReference.stored(name, version: 1).value])
            var transaction = Transaction()
            transaction.puts = [.vertex(vertex)]
            try await store.commit(transaction)
            #expect(try await secrets.users(of: name).map(\.description) == ["shop/web.environment"])
            let refusal = try await problem { try await secrets.remove(name) }
            #expect(refusal.code == "secret.in-use" && refusal.message.contains("shop/web.environment"))
            try await secrets.remove(name, isForced: true)
            #expect(try await secrets.list().isEmpty)
            #expect(try await problem { try await secrets.remove(name) }.code == "secret.unknown")
        }
    }

    @Test func `too large a content is refused, and not told`() async throws {
        try await SecretFolder.with { folder in
            let secrets = try folder.open().secrets
            let large = try await problem {
                _ = try await secrets.set("p", .text(String(repeating: Self.canary, count: 20_000)))
            }
            #expect(large.code == "secret.too-large" && !large.message.contains(Self.canary))
        }
    }

    @Test func `sixteen writers of one secret make sixteen versions`() async throws {
        try await SecretFolder.with { folder in
            let secrets = try folder.open().secrets
            let versions = try await withThrowingTaskGroup(of: UInt64.self) { group in
                for number in 0..<16 { group.addTask { try await secrets.set("shop/p", .integer(number)) } }
                return try await group.reduce(into: [UInt64]()) { $0.append($1) }
            }
            #expect(versions.sorted() == Array(1...16))
            #expect(folder.keyNames.count == 1)
        }
    }

    @Test func `a draft stores nothing until it is committed, and no more if anything has changed`() async throws {
        try await SecretFolder.with { folder in
            let (store, secrets) = try folder.open()
            let name = try SecretName(parsing: "shop/p")
            var draft = SecretDraft()
            let reference = try await secrets.seal("x", as: name, in: &draft)
            #expect(reference == .stored(name, version: 1))
            #expect(try await secrets.list().isEmpty)
            var transaction = Transaction()
            draft.add(to: &transaction)
            try await store.commit(transaction)
            #expect(try await secrets.content("shop/p") == "x")
            #expect(try await problem { try await store.commit(transaction) }.code == "store.conflict")
            var second = SecretDraft()
            #expect(try await secrets.seal("x", as: name, in: &second) == reference)
            #expect(second.records.isEmpty)
        }
    }
}
