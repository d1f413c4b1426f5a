// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// Answers what can be answered from a store alone, and makes the changes that need nothing else. On a store that is
/// only read, changes fail.
///
/// What is changed by hand is recomputed and tried again if something else was changed in between.
public struct StoreBackend: GraphBackends {
    let store: any Store
    let functions: Functions
    let now: @Sendable () -> Int64
    let timers: Timers
    let failpoint: Failpoint

    /// Makes it.
    ///
    /// - Parameters:
    ///   - functions: What the expressions of properties call.
    ///   - now: The time in milliseconds since 1970 UTC.
    ///   - timers: Where timers are added and removed; without them nothing fires.
    ///   - failpoint: Where tests end the program.
    public init(
        store: any Store, functions: Functions, now: @escaping @Sendable () -> Int64 = { Timestamp.now() },
        timers: Timers? = nil, failpoint: Failpoint = .none
    ) {
        self.store = store
        self.functions = functions
        self.now = now
        self.timers = timers ?? Timers(store: store, failpoint: failpoint)
        self.failpoint = failpoint
    }

    /// Reads from one snapshot.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Snapshot) throws(Problem) -> Result
    ) async throws(Problems) -> Result {
        try await lifting { () async throws(Problem) in try await store.read(body) }
    }
}

extension Snapshot {
    /// The vertex of an ID.
    ///
    /// - Throws: `node.unknown`.
    func vertex(_ id: ID) throws(Problem) -> Vertex {
        if case .vertex(let vertex) = try entity(id) { return vertex }
        throw Problem(
            "node.unknown", "there is no ‘\(id)’ in the graph", at: .entity(id.description, property: nil),
            hint: "‘khutulun node list’ shows the nodes that are there")
    }

    /// All vertexes of a service, its own among them, or of all services.
    func vertexes(of service: String?) throws(Problem) -> [Vertex] {
        let directory = service.map { Directory([$0]) } ?? .root
        var vertexes: [Vertex] = []
        if let service, case .vertex(let root)? = try entity(.vertex(.root, service)) { vertexes.append(root) }
        for case .vertex(let vertex) in try entities(.directory(.vertex, directory, isDeep: true)) {
            vertexes.append(vertex)
        }
        return vertexes
    }

    /// All records of a collection whose key begins with a prefix.
    func allRecords(_ collection: String, prefix: String = "") throws(Problem) -> [Record] {
        try records(collection, prefix: prefix, after: nil, limit: .max)
    }
}

extension Vertex {
    /// What the vertex stands for: `service`, `node`, `capability`, …
    var kind: String? { header.metadata["kind"]?.text }
}
