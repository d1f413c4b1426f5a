// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// Changes services: plans, carries out and records. All that is asked for by one call is committed to the ledger
/// before the call returns, and runs on by itself.
public protocol ConductorBackend: Sendable {
    /// Plans a change. Returns the plan's document, and keeps the plan under its ID.
    func plan(_ request: PlanRequest, of service: String, for caller: Caller) async throws(Problems) -> Value
    /// Begins to carry out a plan. When it returns, the service's record says so.
    ///
    /// - Returns: The deployment's ID.
    func deploy(plan: String, of service: String, for caller: Caller) async throws(Problems) -> String
    /// Removes a plan that was kept.
    func drop(plan: String, for caller: Caller) async throws(Problems)
    /// Stops what is under way. Returns the service's state.
    func cancel(_ service: String, for caller: Caller) async throws(Problems) -> String
    /// Begins to remove a service. Returns the deployment's ID.
    func delete(_ service: String, for caller: Caller) async throws(Problems) -> String
    /// Begins to run a command as a service of its own.
    func run(_ command: RunRequest, for caller: Caller) async throws(Problems) -> RunResult
    /// Begins to stop and start a node's workload. Returns the operation's ID.
    func restart(_ node: ID, for caller: Caller) async throws(Problems) -> String
    /// Runs an operation of a node and waits for its end.
    ///
    /// - Parameters:
    ///   - operation: `INTERFACE.OPERATION`.
    ///   - key: Names this call among those of the node's service: calling again with the same key finds the operation
    ///     that was begun, and waits for it. Nil makes a new one.
    func call(
        _ operation: String, of node: ID, inputs: [String: Value], key: String?, for caller: Caller
    ) async throws(Problems) -> CallResult
    /// Begins to run an operation again that failed. Returns its row.
    ///
    /// - Parameter operation: The key of its record, `SERVICE/ID`.
    func retry(_ operation: String, for caller: Caller) async throws(Problems) -> Value
}

/// What is to be planned.
public enum PlanRequest: Sendable, Hashable {
    /// That the service be as a design makes it with these inputs. The document is that of `docs/api.md`.
    case design(Value, inputs: [String: Value], take: Resolution)
    /// That the service be no more.
    case deletion
    /// That the service be what it was before its last deployment.
    case undo(take: Resolution)
}

/// A command to be run as a service.
public struct RunRequest: Sendable, Hashable {
    /// The service's name; nil lets the agent choose one.
    public var name: String?
    /// The program and its arguments.
    public var arguments: [String]
    /// What is added to its environment: texts, and references to secrets.
    public var environment: [String: Value]
    /// The names of the ports to be reserved for it.
    public var ports: [String]
    /// Its working directory; nil is a folder of its own.
    public var directory: String?

    /// Makes a command.
    public init(
        name: String? = nil, arguments: [String], environment: [String: Value] = [:], ports: [String] = [],
        directory: String? = nil
    ) {
        self.name = name
        self.arguments = arguments
        self.environment = environment
        self.ports = ports
        self.directory = directory
    }
}

/// A command that is on its way.
public struct RunResult: Sendable, Hashable {
    /// The service's name.
    public var service: String
    /// The deployment's ID.
    public var deployment: String

    /// Makes it.
    public init(service: String, deployment: String) {
        self.service = service
        self.deployment = deployment
    }
}

/// An operation that has ended well.
public struct CallResult: Sendable, Hashable {
    /// The operation's ID.
    public var operation: String
    /// Its outputs.
    public var outputs: Value

    /// Makes it.
    public init(operation: String, outputs: Value) {
        self.operation = operation
        self.outputs = outputs
    }
}
