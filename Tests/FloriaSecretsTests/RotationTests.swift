// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSecrets
import FloriaSQLite
import Foundation
import Support
import Synchronization
import Testing

/// Keys are exchanged while secrets are used, and whatever happens nothing is lost.
@Suite struct RotationTests {
    @Test func `everything is encrypted anew, and the old key goes`() async throws {
        try await SecretFolder.with { folder in
            let secrets = try folder.open().secrets
            for number in 0..<30 { _ = try await secrets.set("shop/p-\(number)", .integer(number)) }
            _ = try await secrets.set("shop/p-0", "second")
            let old = folder.keyNames
            let (key, count) = try await secrets.rotate()
            #expect(count == 30 && folder.keyNames == [key] && old != [key])
            #expect(try await Set(secrets.list().map(\.key)) == [key])
            // Another agent has only what is on disk.
            let other = try folder.open().secrets
            #expect(try await other.content("shop/p-0", version: 1) == 0)
            #expect(try await other.content("shop/p-0") == "second")
            #expect(try await other.content("shop/p-29") == 29)
        }
    }

    @Test func `without any secret there is nothing to lose`() async throws {
        try await SecretFolder.with { folder in
            let secrets = try folder.open().secrets
            #expect(try await secrets.rotate().secrets == 0)
            _ = try await secrets.set("p", 1)
            #expect(try await secrets.content("p") == 1)
            #expect(folder.keyNames.count == 1)
        }
    }

    @Test func `a rotation that is killed at any step goes on, and loses nothing`() async throws {
        try await SecretFolder.with { folder in
            let copies = Mutex<[(String, SecretFolder)]>([])
            let failpoint = Failpoint { name in
                copies.withLock { all in
                    if let copy = try? folder.copy(to: "\(all.count)") { all.append((name, copy)) }
                }
            }
            let (store, plain) = try folder.open()
            for number in 0..<3 { _ = try await plain.set("shop/p-\(number)", .integer(number)) }
            try await folder.secrets(in: store, failpoint: failpoint).rotate()
            let all = copies.withLock { $0 }
            defer { for (_, copy) in all { copy.remove() } }
            #expect(Set(all.map(\.0)).count == 6 && all.count >= 12)
            for (name, copy) in all {
                let (store, secrets) = try copy.open()
                try await secrets.recover()
                for number in 0..<3 {
                    #expect(try await secrets.content("shop/p-\(number)") == .integer(number), "killed at \(name)")
                }
                let keys = try await Set(secrets.list().map(\.key))
                #expect(keys.count == 1 && copy.keyNames == keys.sorted(), "killed at \(name)")
                #expect(try await secrets.rotate().secrets == 3)
                #expect(copy.keyNames.count == 1 && copy.keyNames != keys.sorted())
                store.close()
            }
        }
    }

    @Test func `a key that something is still encrypted with is kept, although it was never marked as used`() async throws {
        try await SecretFolder.with { folder in
            let copies = Mutex<[SecretFolder]>([])
            let failpoint = Failpoint { name in
                guard name == "secret.before-removal" else { return }
                copies.withLock { all in if let copy = try? folder.copy(to: "k") { all.append(copy) } }
            }
            let (store, plain) = try folder.open()
            _ = try await plain.set("shop/p", .integer(1))
            let old = try #require(folder.keyNames.first)
            try await folder.secrets(in: store, failpoint: failpoint).rotate()
            let copy = try #require(copies.withLock { $0.first })
            defer { copy.remove() }
            // As after a rotation whose first step could not mark the old key as used, and that was killed before its end.
            try FileManager.default.moveItem(atPath: copy.keys + "/" + old, toPath: copy.keys + "/" + old + ".new")
            let (again, secrets) = try copy.open()
            try await secrets.recover()
            #expect(try await secrets.content("shop/p") == .integer(1))
            again.close()
        }
    }

    @Test func `a first secret that is killed at any step is there or not, and the next one works`() async throws {
        try await SecretFolder.with { folder in
            let copies = Mutex<[SecretFolder]>([])
            let failpoint = Failpoint { _ in
                copies.withLock { all in
                    if let copy = try? folder.copy(to: "\(all.count)") { all.append(copy) }
                }
            }
            let store = try folder.open().store
            _ = try await folder.secrets(in: store, failpoint: failpoint).set("shop/p", "x")
            let all = copies.withLock { $0 }
            defer { for copy in all { copy.remove() } }
            #expect(all.count >= 6)
            for copy in all {
                let (store, secrets) = try copy.open()
                try await secrets.recover()
                if let description = try await secrets.list().first {
                    #expect(try await secrets.content(description.name.description) == "x")
                }
                _ = try await secrets.set("shop/q", "y")
                #expect(try await secrets.content("shop/q") == "y" && copy.keyNames.count == 1)
                store.close()
            }
        }
    }

    @Test func `secrets are set and used while keys are exchanged`() async throws {
        try await SecretFolder.with { folder in
            let secrets = try folder.open().secrets
            for number in 0..<20 { _ = try await secrets.set("shop/p-\(number)", .integer(number)) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for _ in 0..<5 { try await secrets.rotate() } }
                for number in 0..<20 {
                    group.addTask {
                        for round in 1...5 {
                            let content = Value.integer(number + 100 * round)
                            _ = try await secrets.set("shop/p-\(number)", content)
                            #expect(try await secrets.content("shop/p-\(number)") == content)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let other = try folder.open().secrets
            for number in 0..<20 { #expect(try await other.content("shop/p-\(number)") == .integer(number + 500)) }
            #expect(folder.keyNames.count == 1)
        }
    }

    @Test func `what was encrypted before a rotation and not stored yet is not stored any more`() async throws {
        try await SecretFolder.with { folder in
            let (store, secrets) = try folder.open()
            var draft = SecretDraft()
            _ = try await secrets.seal("x", as: SecretName(parsing: "shop/p"), in: &draft)
            try await secrets.rotate()
            var transaction = Transaction()
            draft.add(to: &transaction)
            #expect(try await problem { try await store.commit(transaction) }.code == "store.conflict")
        }
    }
}
