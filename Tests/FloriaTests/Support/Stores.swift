// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSQLite
import FoundationEssentials
import Glibc
import Support
import Testing

/// The implementations that the conformance suite runs against.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
    case memory, sqlite

    var testDescription: String { rawValue }

    /// Runs a test with a new, empty store.
    func with(now: @escaping @Sendable () -> Int64 = { 1000 }, _ body: (any Store) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(MemoryStore(now: now))
        case .sqlite:
            try await withFolder { folder in
                try await body(SQLiteStore(path: folder + "/store.db", now: now))
            }
        }
    }
}

/// Runs a test with a new folder, which is removed afterwards.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = "/tmp/floria-tests-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

/// What a typed body throws, or a failure of the test if it doesn't.
func problem(_ body: () async throws -> Void, location: Testing.SourceLocation = #_sourceLocation) async throws -> Problem {
    do {
        try await body()
    } catch let problem as Problem {
        return problem
    }
    Issue.record("no problem was thrown", sourceLocation: location)
    throw Problem("test.no-problem", "no problem was thrown")
}

extension ID {
    /// A vertex of the directory `shop`.
    static func shop(_ name: String) -> ID { .vertex(Directory(["shop"]), name) }
    /// An edge of the directory `shop`.
    static func link(_ name: String) -> ID { ID(.edge, Directory(["shop"]), name) }
    /// A class.
    static func type(_ name: String) -> ID { ID(.class, Directory(["types"]), name) }
}

extension Entity {
    /// A class.
    static func type(_ id: ID, parent: ID? = nil) -> Entity { .class(Class(EntityHeader(id), parent: parent)) }

    /// A vertex with one property.
    static func vertex(
        _ id: ID, in container: ID? = nil, classes: [ID] = [], value: Value? = nil, reads: [PropertyReference] = []
    ) -> Entity {
        var vertex = Vertex(EntityHeader(id), classes: classes, container: container)
        if let value {
            var property = Property(value: value)
            property.reads = reads.map(Read.property)
            vertex.properties["value"] = property
        }
        return .vertex(vertex)
    }

    /// An edge.
    static func edge(_ id: ID, from source: ID, to target: ID) -> Entity {
        .edge(Edge(EntityHeader(id), name: id.name, source: source, target: target))
    }
}

extension Transaction {
    init(puts: [Entity] = [], deletions: [ID] = [], expectations: [ID: UInt64] = [:]) {
        self.init()
        self.puts = puts
        self.deletions = deletions
        self.expectations = expectations
    }
}
