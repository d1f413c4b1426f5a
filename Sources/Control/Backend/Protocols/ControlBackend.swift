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
    /// Secrets.
    public var secrets: (any SecretsBackend)?
    /// What changes services.
    public var conductor: (any ConductorBackend)?
    /// What reaches the workloads of nodes.
    public var workloads: (any WorkloadsBackend)?
    /// What reaches the events that handlers did not take.
    public var letters: (any LettersBackend)?
    /// What deals with the store as a whole.
    public var archive: (any ArchiveBackend)?

    /// Makes it of its parts.
    public init(
        agent: (any AgentBackend)? = nil, graph: any GraphBackends, artifacts: (any ArtifactsBackend)? = nil,
        secrets: (any SecretsBackend)? = nil, conductor: (any ConductorBackend)? = nil,
        workloads: (any WorkloadsBackend)? = nil, letters: (any LettersBackend)? = nil,
        archive: (any ArchiveBackend)? = nil
    ) {
        self.agent = agent
        self.graph = graph
        self.artifacts = artifacts
        self.secrets = secrets
        self.conductor = conductor
        self.workloads = workloads
        self.letters = letters
        self.archive = archive
    }

    func requireAgent() throws(Problems) -> any AgentBackend { try require(agent, "the agent's version") }

    func requireArtifacts() throws(Problems) -> any ArtifactsBackend { try require(artifacts, "artifacts") }

    func requireSecrets() throws(Problems) -> any SecretsBackend { try require(secrets, "secrets") }

    func requireConductor() throws(Problems) -> any ConductorBackend { try require(conductor, "changes of services") }

    func requireWorkloads() throws(Problems) -> any WorkloadsBackend { try require(workloads, "workloads") }

    func requireLetters() throws(Problems) -> any LettersBackend { try require(letters, "dead letters") }

    func requireArchive() throws(Problems) -> any ArchiveBackend { try require(archive, "copies, exports and imports") }

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
    & NodesBackend & OperationsBackend & PlansBackend & PluginsBackend & PortsBackend & ServicesBackend & TimersBackend
