// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension APIClient {
    /// `{"name", "state", "nodes", "updated", "unfinished"}` of each service.
    public func services() async throws(Problems) -> [Value] { try await list(.get, "services") }

    /// What there is to tell of a service.
    public func service(_ name: String) async throws(Problems) -> Value { try await value(.get, "services", name) }

    /// Plans what makes a service as a design says. The artifacts of the design must have been sent before.
    ///
    /// - Parameter take: where the design's is taken although something was done by hand.
    public func plan(
        _ service: String, design: Value, inputs: [String: Value] = [:], take: Resolution = Resolution()
    ) async throws(Problems) -> Value {
        try await value(
            .post, "services", service, "plan",
            body: ["design": design, "inputs": .object(inputs), "take": take.document], patience: .seconds(600))
    }

    /// Plans what takes the last deployment of a service back.
    public func planUndo(of service: String, take: Resolution = Resolution()) async throws(Problems) -> Value {
        try await value(
            .post, "services", service, "plan", body: ["undo": true, "take": take.document], patience: .seconds(600))
    }

    /// The plans that are kept, of one service or of all, oldest first.
    public func plans(of service: String? = nil) async throws(Problems) -> [Value] {
        try await list(.get, "plans", query: ["service": service])
    }

    /// A plan's document, as it was shown.
    public func plan(_ id: String) async throws(Problems) -> Value { try await value(.get, "plans", id) }

    /// Removes a plan that was kept.
    public func drop(plan id: String) async throws(Problems) { _ = try await value(.delete, "plans", id) }

    /// Plans the removal of a service.
    public func planDeletion(of service: String) async throws(Problems) -> Value {
        try await value(.post, "services", service, "plan", body: ["delete": true])
    }

    /// Begins to carry out a plan. Returns the deployment's ID.
    public func deploy(_ service: String, plan: String) async throws(Problems) -> String {
        let answer = try await value(.post, "services", service, "deploy", body: ["plan": .text(plan)])
        return try APIClient.text("deployment", of: answer)
    }

    /// What happens to a service from a sequence number on, as it happens.
    public func progress(of service: String, after: UInt64 = 0) async throws(Problems) -> APIStream<Value> {
        try await stream(.get, "services", service, "progress", query: ["after": String(after)])
    }

    /// Stops what is under way. Returns the service's state.
    public func cancel(_ service: String) async throws(Problems) -> String {
        try APIClient.text("state", of: await value(.post, "services", service, "cancel"))
    }

    /// Begins to remove a service. Returns the deployment's ID.
    public func delete(_ service: String) async throws(Problems) -> String {
        try APIClient.text("deployment", of: await value(.delete, "services", service))
    }

    /// Begins to run a command as a service of its own.
    public func run(_ command: RunRequest) async throws(Problems) -> RunResult {
        var body: Value = [
            "arguments": .list(command.arguments.map(Value.text)),
            "environment": .object(command.environment),
            "ports": .list(command.ports.map(Value.text)),
        ]
        body["name"] = command.name.map(Value.text)
        body["directory"] = command.directory.map(Value.text)
        let answer = try await value(.post, "run", body: body)
        return RunResult(
            service: try APIClient.text("service", of: answer), deployment: try APIClient.text("deployment", of: answer))
    }
}
