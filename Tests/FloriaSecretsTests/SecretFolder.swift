// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSQLite
import FloriaSecrets
import Foundation
import Glibc
import Support
import Testing

/// A folder with a store and the keys of its secrets.
struct SecretFolder {
    let path: String

    var keys: String { path + "/keys" }
    var database: String { path + "/store.db" }

    /// The names in the folder of keys.
    var keyNames: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: keys)) ?? []).sorted() }

    /// Everything that the store has on disk.
    var stored: Data {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasPrefix("store.db") }
                .reduce(Data()) { try $0 + Data(contentsOf: URL(fileURLWithPath: "\(path)/\($1)")) }
        }
    }

    /// Runs a test with a new folder, which is removed afterwards.
    static func with(_ body: (SecretFolder) async throws -> Void) async throws {
        let path = "/tmp/secret-tests-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(SecretFolder(path: path))
    }

    /// The secrets of the folder, in a store of their own.
    func open(failpoint: Failpoint = .none) throws -> (store: SQLiteStore, secrets: Secrets) {
        let store = try SQLiteStore(path: database)
        return (store, secrets(in: store, failpoint: failpoint))
    }

    func secrets(in store: any Store, failpoint: Failpoint = .none) -> Secrets {
        Secrets(store: store, keys: SecretKeys(folder: keys), failpoint: failpoint, now: { 1_700_000_000_000 })
    }

    /// A copy of everything as it is on disk now, as a power cut would leave it.
    func copy(to name: String) throws -> SecretFolder {
        let target = path + "-" + name
        try FileManager.default.copyItem(atPath: path, toPath: target)
        return SecretFolder(path: target)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

extension Secrets {
    /// The content of a secret, for a vertex of the service `shop`.
    func content(_ name: String, version: UInt64? = nil) async throws -> Value? {
        let reference = SecretReference.stored(try SecretName(parsing: name), version: version)
        return try await open([reference], for: .vertex(Directory(["shop"]), "web"))[reference]
    }

    func set(_ name: String, _ content: Value) async throws -> UInt64 {
        try await set(SecretName(parsing: name), to: content)
    }
}

/// What a body throws, or a failure of the test if it throws nothing.
func problem(_ body: () async throws -> Void, location: Testing.SourceLocation = #_sourceLocation) async throws -> Problem {
    do {
        try await body()
    } catch let problem as Problem {
        return problem
    }
    Issue.record("no problem was thrown", sourceLocation: location)
    throw Problem("test.no-problem", "no problem was thrown")
}
