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

    /// Stored events, oldest first.
    public func events(_ request: EventsRequest = EventsRequest()) async throws(Problems) -> [Value] {
        try await list(
            .get, "events",
            query: [
                "after": String(request.after), "limit": String(request.limit), "entity": request.entity?.documentText,
            ])
    }

    /// The events that are stored after a sequence number, as they are; nil is those from now on.
    public func watchEvents(after: UInt64? = nil) async throws(Problems) -> APIStream<Value> {
        try await stream(.get, "events", "watch", query: ["after": after.map { String($0) }])
    }

    /// Makes an event. Returns it.
    public func emit(_ event: EmitRequest) async throws(Problems) -> Value {
        var body: Value = [
            "entity": .text(event.entity.documentText), "type": .text(event.type), "payload": event.payload,
        ]
        if event.delay != 0 { body["delay"] = .integer(event.delay) }
        body["id"] = event.id.map(Value.text)
        body["host"] = event.host.map(Value.text)
        return try await value(.post, "events", body: body)
    }

    /// The handlers of one node or of all.
    public func handlers(of node: ID? = nil) async throws(Problems) -> [Value] {
        try await list(.get, "handlers", query: ["node": node?.description])
    }

    /// Attaches a handler to a node. Returns it.
    public func addHandler(_ handler: HandlerRequest) async throws(Problems) -> Value {
        var body: Value = ["node": .text(handler.node.description), "event": .text(handler.event)]
        switch handler.action {
        case .operation(let name): body["operation"] = .text(name)
        case .function(let name): body["function"] = .text(name.description)
        case .script(let digest, let file):
            body["script"] = .text(digest)
            body["file"] = .text(file)
        }
        body["name"] = handler.name.map(Value.text)
        return try await value(.post, "handlers", body: body)
    }

    /// Detaches a handler from a node.
    public func removeHandler(_ name: String, of node: ID) async throws(Problems) {
        _ = try await value(.delete, "handlers", node.directory.description, node.name, name)
    }

    private func document(_ method: APIMethod, _ path: [String]) async throws(Problems) -> Value {
        guard let value = try await send(APIRequest(method, path)).body.document else {
            throw APIClient.malformed("no document")
        }
        return value
    }
}
