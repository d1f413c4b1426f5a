// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Orchestration
public import Support

/// Makes the design of a command that is to be run as a service, and gives the values of its inputs.
public typealias RunDesign = @Sendable (RunRequest) throws(Problems) -> (design: Design, inputs: [String: Value])

/// Puts the orchestrator behind the routes.
public struct OrchestratorBackend: ConductorBackend {
    private let orchestrator: Orchestrator
    private let runDesign: RunDesign
    private let uniqueName: @Sendable () -> String

    /// Makes it.
    ///
    /// - Parameter runDesign: makes the design of a command that is to be run as a service.
    public init(
        _ orchestrator: Orchestrator, uniqueName: @escaping @Sendable () -> String,
        runDesign: @escaping RunDesign
    ) {
        self.orchestrator = orchestrator
        self.uniqueName = uniqueName
        self.runDesign = runDesign
    }

    /// Plans a change, and keeps the plan so that it can be applied.
    public func plan(_ request: PlanRequest, of service: String, for caller: Caller) async throws(Problems) -> Value {
        switch request {
        case .design(let document, let inputs, let resolution):
            let design = try lifting { () throws(Problem) in try Design(document: document) }
            return try await orchestrator.plan(.design(design, inputs: inputs), of: service, resolution: resolution).document
        case .deletion:
            return try await orchestrator.planDeletion(of: service).document
        case .undo(let resolution):
            return try await orchestrator.plan(.undo, of: service, resolution: resolution).document
        }
    }

    /// Applies a plan.
    public func deploy(plan: String, of service: String, for caller: Caller) async throws(Problems) -> String {
        try await lifting { () async throws(Problem) in try await orchestrator.apply(plan: plan, of: service) }
    }

    /// Removes a plan.
    public func drop(plan: String, for caller: Caller) async throws(Problems) {
        try await lifting { () async throws(Problem) in try await orchestrator.drop(plan: plan) }
    }

    /// Interrupts the deployment that is under way.
    public func cancel(_ service: String, for caller: Caller) async throws(Problems) -> String {
        try await lifting { () async throws(Problem) in
            try await orchestrator.cancel(service: service)
            return ServiceRecord.State.cancelled.rawValue
        }
    }

    /// Plans the end of a service and applies the plan.
    public func delete(_ service: String, for caller: Caller) async throws(Problems) -> String {
        try await orchestrator.deploy(.deletion, of: service)
    }

    /// Makes a service of a command.
    ///
    /// - Throws: `service.name-taken` and what planning throws.
    public func run(_ command: RunRequest, for caller: Caller) async throws(Problems) -> RunResult {
        let name = command.name ?? "run-\(uniqueName())"
        try await lifting { () async throws(Problem) in try await orchestrator.requireAbsent(service: name) }
        let (design, inputs) = try runDesign(command)
        let deployment = try await orchestrator.deploy(.design(design, inputs: inputs), of: name)
        return RunResult(service: name, deployment: deployment)
    }

    /// Begins to stop and start a node.
    public func restart(_ node: ID, for caller: Caller) async throws(Problems) -> String {
        try await lifting { () async throws(Problem) in try await orchestrator.restart(node) }
    }

    /// Calls an operation and waits for it.
    public func call(
        _ operation: String, of node: ID, inputs: [String: Value], key: String?, for caller: Caller
    ) async throws(Problems) -> CallResult {
        try await lifting { () async throws(Problem) in
            let row = try await orchestrator.call(
                operation, of: node, inputs: ValueMap(inputs.map { (.text($0.key), $0.value) }),
                key: key ?? "call-\(uniqueName())")
            return CallResult(operation: row.key, outputs: .map(row.outputs))
        }
    }

    /// Tries an operation again that failed.
    public func retry(_ operation: String, for caller: Caller) async throws(Problems) -> Value {
        try await lifting { () async throws(Problem) in
            let parts = operation.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw Problem("operation.unknown", "‘\(operation)’ names no operation") }
            return try await orchestrator.retry(service: parts[0], operation: parts[1]).document
        }
    }
}
