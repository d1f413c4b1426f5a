// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension APIClient {
    /// The ledger's rows of one service or of all, and of one state or of any.
    public func operations(of service: String? = nil, state: String? = nil) async throws(Problems) -> [Value] {
        try await list(.get, "operations", query: ["service": service, "state": state])
    }

    /// The ledger's row of an operation, by its ID or by `SERVICE/ID`.
    public func operation(_ id: String) async throws(Problems) -> Value {
        try await document(.get, ["operations"] + id.split(separator: "/").map(String.init))
    }

    /// Begins to run an operation again that failed. Returns its row.
    public func retry(_ operation: String) async throws(Problems) -> Value {
        try await document(.post, ["operations"] + operation.split(separator: "/").map(String.init) + ["retry"])
    }

    /// Makes an edge by hand. Returns its entity.
    public func addEdge(_ edge: EdgeRequest) async throws(Problems) -> Value {
        var body: Value = [
            "source": .text(edge.source.description), "target": .text(edge.target.description),
            "name": .text(edge.name),
        ]
        body["class"] = edge.class.map { .text($0.description) }
        return try await value(.post, "edges", body: body)
    }

    /// Removes an edge.
    public func removeEdge(_ edge: ID) async throws(Problems) {
        _ = try await value(.delete, "edges", edge.directory.description, edge.name)
    }

    /// `{"vertexes", "edges"}` of one service or of all.
    public func graph(of service: String? = nil) async throws(Problems) -> Value {
        try await value(.get, "graph", query: ["service": service])
    }

    /// The graph of a service, to be read from and computed with.
    public func graph(ofService service: String) async throws(Problem) -> Graph {
        do {
            return try Graph(document: try await graph(of: service))
        } catch let problems as Problems {
            throw problems.all[0]
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem("api.malformed-answer", "the graph of ‘\(service)’ cannot be read: \(error)")
        }
    }

    private func document(_ method: APIMethod, _ path: [String]) async throws(Problems) -> Value {
        guard let value = try await send(APIRequest(method, path)).body.document else {
            throw APIClient.malformed("no document")
        }
        return value
    }
}
