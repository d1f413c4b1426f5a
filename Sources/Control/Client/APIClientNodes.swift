// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension APIClient {
    /// The nodes of one service or of all.
    public func nodes(of service: String? = nil) async throws(Problems) -> [Value] {
        try await list(.get, "nodes", query: ["service": service])
    }

    /// A node's entity with what it contains, its edges and its handlers.
    public func node(_ node: ID) async throws(Problems) -> Value {
        try await value(.get, "nodes", node.service, node.name)
    }

    /// Sets a property of a node. Returns the property.
    public func set(_ property: String, of node: ID, to value: Value) async throws(Problems) -> Value {
        try await self.value(
            .post, "nodes", node.service, node.name, "set", body: ["name": .text(property), "value": value])
    }

    /// Lets an expression, in the text notation, give the value of a property of a node from now on. Returns the property.
    public func set(_ property: String, of node: ID, toExpression text: String) async throws(Problems) -> Value {
        try await value(
            .post, "nodes", node.service, node.name, "set", body: ["name": .text(property), "expression": .text(text)])
    }

    /// Begins to restart a node. Returns the operation's ID.
    public func restart(_ node: ID) async throws(Problems) -> String {
        try APIClient.text("operation", of: await value(.post, "nodes", node.service, node.name, "restart"))
    }

    /// The lines of a node's log, `{"position", "line"}` each.
    public func logs(of node: ID, _ request: LogRequest = LogRequest()) async throws(Problems) -> APIStream<Value> {
        try await stream(
            .get, "nodes", node.service, node.name, "logs",
            query: [
                "follow": request.isFollowing ? "true" : nil, "after": request.after.map { String($0) },
                "lines": request.lines.map { String($0) },
            ])
    }

    /// Runs a command beside a node's workload: `{"output"}`, `{"error"}`, and last `{"status"}`.
    public func exec(_ arguments: [String], on node: ID) async throws(Problems) -> APIStream<Value> {
        let body: Value = ["arguments": .list(arguments.map(Value.text))]
        return try await stream(.post, "nodes", node.service, node.name, "exec", body: body)
    }

    /// The commands that would give the same state by hand, `{"comment", "command"}` each.
    public func explain(_ node: ID) async throws(Problems) -> [Value] {
        let answer = try await value(.get, "nodes", node.service, node.name, "explain")
        guard let commands = answer["commands"]?.list else { throw APIClient.malformed("no ‘commands’") }
        return commands
    }

    /// Runs an operation, `INTERFACE.OPERATION`, of a node and waits for its end.
    ///
    /// - Parameter key: Names the call, so that calling again with the same key does not run it twice.
    public func call(
        _ operation: String, of node: ID, inputs: [String: Value] = [:], key: String? = nil
    ) async throws(Problems) -> CallResult {
        var body: Value = ["operation": .text(operation), "inputs": .object(inputs)]
        body["key"] = key.map(Value.text)
        let answer = try await value(
            .post, "nodes", node.service, node.name, "call", body: body, patience: APIRequest.endless)
        return CallResult(
            operation: try APIClient.text("operation", of: answer), outputs: answer["outputs"] ?? .object([:]))
    }
}

extension ID {
    /// The directory that stands for the service in the paths of the API.
    fileprivate var service: String { directory.description }
}
