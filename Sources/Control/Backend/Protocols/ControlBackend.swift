// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What stands behind the routes. What is absent answers that it is not available here.
public struct ControlBackend: Sendable {
    /// What tells about the agent; nil where a store is read without one.
    public var agent: (any AgentBackend)?
    /// The graph, its events and the ledger.
    public var graph: any GraphBackends
    /// The files that designs bring.
    public var artifacts: (any ArtifactsBackend)?
    /// What changes services.
    public var conductor: (any ConductorBackend)?
    /// What reaches the workloads of nodes.
    public var workloads: (any WorkloadsBackend)?

    /// Makes it of its parts.
    public init(
        agent: (any AgentBackend)? = nil, graph: any GraphBackends, artifacts: (any ArtifactsBackend)? = nil,
        conductor: (any ConductorBackend)? = nil, workloads: (any WorkloadsBackend)? = nil
    ) {
        self.agent = agent
        self.graph = graph
        self.artifacts = artifacts
        self.conductor = conductor
        self.workloads = workloads
    }

    func requireAgent() throws(Problems) -> any AgentBackend { try require(agent, "the agent's version") }

    func requireArtifacts() throws(Problems) -> any ArtifactsBackend { try require(artifacts, "artifacts") }

    func requireConductor() throws(Problems) -> any ConductorBackend { try require(conductor, "changes of services") }

    func requireWorkloads() throws(Problems) -> any WorkloadsBackend { try require(workloads, "workloads") }

    private func require<Part>(_ part: Part?, _ what: String) throws(Problems) -> Part {
        if let part { return part }
        throw Problems([
            Problem(
                "api.unavailable", "\(what) cannot be reached without an agent", hint: "start one with ‘khutulun agent run’")
        ])
    }
}

/// What can be answered from the store alone.
public typealias GraphBackends = EdgesBackend & EntitiesBackend & EventsBackend & GraphBackend & HandlersBackend
    & NodesBackend & OperationsBackend & PlansBackend & PluginsBackend & PortsBackend & ServicesBackend
