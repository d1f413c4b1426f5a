// SPDX-License-Identifier: Apache-2.0 OR MIT
import AsyncHTTPClient
import CLinux
import Control
import EventBus
import Floria
import FloriaSQLite
import FloriaSecrets
import Glibc
import Logging
import NIOPosix
import Orchestration
import Plugins
public import Support
import UnixSignals

/// An agent with both of its roles: *control*, which keeps the graph and conducts services, and *host*, which runs plugins
/// and supervises workloads. The two speak only through the API and the bus.
public struct Agent: Sendable {
    let configuration: AgentConfiguration

    /// Makes an agent.
    public init(_ configuration: AgentConfiguration) { self.configuration = configuration }

    /// Runs until the task is cancelled. What it supervises goes on after it.
    ///
    /// - Throws: `agent.already-running` if another agent has the data folder or the socket; `agent.unusable-folder` if the
    ///   data folder or the socket's cannot be made or used; problems of the store, the socket and the built-in plugins.
    public func run() async throws(Problem) {
        // What is in memory is not to be left in a core file, nor read by others of its account.
        linux_become_private()
        let account = try nodesAccount()
        let owner = account?.owner ?? Owner(user: geteuid(), group: getegid())
        let lock = try takeFolders(for: owner)
        defer { lock.release() }
        let bus = InProcessBus()
        let control = try ControlRole(configuration, bus: bus)
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))
        let host = try HostParts(configuration, account, owner, client: control.client, http: http)
        let result = await run(control, host, bus)
        try? await http.shutdown()
        // Leaves one file of each, without the log beside it.
        for store in [control.store, host.spool] { store.close() }
        try result.get()
    }

    private func run(_ control: ControlRole, _ host: HostParts, _ bus: any Bus) async -> Result<Void, Problem> {
        let report: @Sendable (Problem) -> Void = { [logger = configuration.logger] in logger.error("\($0)") }
        do {
            try await host.prepare(configuration)
            // What it cannot finish is told, and keeps nothing else from going on.
            do throws(Problem) { try await control.secrets.recover() } catch { report(error) }
            try await control.orchestrator.recover()
            try await withThrowingTaskGroup(of: Void.self) { group in
                // It listens before anything that was unfinished asks for it.
                group.addImmediateTask { await host.role.serve(bus) }
                group.addTask { try await host.processor.run { await host.handlers.handle($0, $1) } }
                group.addTask { await host.exits.run(report: report) }
                group.addTask { await control.orchestrator.run(report: report) }
                group.addTask { await control.outbox.run(report: report) }
                group.addTask { await control.timers.run(report: report) }
                group.addTask { await host.forwarder.run(report: report) }
                group.addTask { await control.memory.run() }
                group.addTask { try await control.server.run() }
                group.addTask { await Self.waitForSignal() }
                try await group.next()
                group.cancelAll()
                while let _ = try await group.next() {}
            }
            return .success(())
        } catch let problem as Problem {
            return .failure(problem)
        } catch is CancellationError {
            return .success(())
        } catch {
            return .failure(Problem("agent.failed", "the agent failed: \(error)"))
        }
    }
}

extension Agent {
    /// Waits until a person or the system asks the agent to end.
    private static func waitForSignal() async {
        for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { return }
    }
}

/// The parts of the control role.
private struct ControlRole: Sendable {
    let store: SQLiteStore
    let secrets: Secrets
    let orchestrator: Orchestrator
    let outbox: Outbox
    let timers: Timers
    let memory: IdleMemory
    let server: APIServer
    let client: APIClient

    init(_ configuration: AgentConfiguration, bus: any Bus) throws(Problem) {
        store = try SQLiteStore(path: configuration.folders.database)
        let host = configuration.host
        let functions = Functions(configuration.languages, plugins: BusFunctions(bus: bus) { host })
        let names = UniqueTime(now: { WallClock.now })
        secrets = Secrets(
            store: store, keys: SecretKeys(folder: configuration.keys), failpoint: configuration.failpoint,
            now: { WallClock.now })
        orchestrator = Orchestrator(
            store: store, secrets: secrets, functions: functions, runner: BusOperationRunner(bus: bus), host: { host },
            failpoint: configuration.failpoint, now: { WallClock.now })
        outbox = Outbox(
            store: store, bus: bus, retention: configuration.retention, failpoint: configuration.failpoint, host: { host },
            now: { WallClock.now })
        timers = Timers(store: store, clock: HostClock(), failpoint: configuration.failpoint)
        memory = IdleMemory(store: store)
        let backend = ControlBackend(
            agent: AgentDescription(
                version: configuration.version, host: host, data: configuration.folders.root,
                pid: getpid()),
            graph: StoreBackend(
                store: store, functions: functions, now: { WallClock.now }, timers: timers,
                failpoint: configuration.failpoint),
            artifacts: try ArtifactStore(folder: configuration.folders.artifacts),
            secrets: StoredSecrets(secrets, now: { WallClock.now }),
            conductor: OrchestratorBackend(orchestrator, uniqueName: { names.next() }, runDesign: configuration.runDesign),
            workloads: BusWorkloads(bus: bus, store: store), letters: BusLetters(bus: bus) { [host] },
            archive: try StoreArchive(
                store, spools: BusSpools(bus: bus) { [host] }, timers: timers, folder: configuration.folders.copies,
                now: { WallClock.now }))
        let router = Router(backend)
        server = APIServer(router, socket: configuration.socket, logger: configuration.logger)
        client = APIClient(InProcessTransport(router))
    }
}

/// The parts of the host role.
private struct HostParts: Sendable {
    let spool: SQLiteStore
    let environment: HostEnvironment
    let registry: PluginRegistry
    let role: HostRole
    let processor: EventProcessor
    let exits: ExitReporter
    let handlers: EventHandlers
    let forwarder: EventForwarder
    let client: APIClient

    init(
        _ configuration: AgentConfiguration, _ account: Account?, _ owner: Owner, client: APIClient, http: HTTPClient
    ) throws(Problem) {
        // What a plugin asks for is compared with its grants without links.
        let folders = DataFolders(root: FilePath.resolved(configuration.folders.root))
        let names = UniqueTime(now: { WallClock.now })
        let logger = configuration.logger
        spool = try SQLiteStore(path: folders.spool)
        let processor = EventProcessor(
            spool: Spool(
                store: spool, retention: configuration.retention, follower: EventForwarder.place,
                failpoint: configuration.failpoint),
            clock: HostClock(), report: { logger.error("\($0)") })
        let environment = HostEnvironment(
            name: configuration.host, folders: folders, nodes: FilePath.resolved(folders.nodes), owner: owner,
            supervisor: ShimSupervisor(
                nodes: folders.nodes, shim: configuration.shim, host: configuration.host, defaultAccount: account),
            languages: configuration.languages, network: MultiThreadedEventLoopGroup.singleton, http: http,
            logger: configuration.logger, failpoint: configuration.failpoint, now: { WallClock.now },
            uniqueName: { "\(configuration.host):\(names.next())" },
            take: { event throws(Problem) in try await processor.take([event]) })
        let registry = PluginRegistry(
            engine: try PluginEngine(cache: configuration.folders.components, compiler: configuration.compiler))
        let functions = HostFunctions(
            environment: environment, client: client, artifacts: ArtifactFiles(folder: folders.files, client: client))
        let dispatcher = Dispatcher(plugins: registry, client: client, environment: environment, functions: functions)
        handlers = EventHandlers(client: client, dispatcher: dispatcher)
        forwarder = EventForwarder(spool: spool, client: client, failpoint: configuration.failpoint)
        self.environment = environment
        self.registry = registry
        self.processor = processor
        self.client = client
        role = HostRole(
            name: configuration.host, dispatcher: dispatcher,
            workloads: HostWorkloads(client: client, dispatcher: dispatcher), processor: processor)
        exits = ExitReporter(environment: environment, processor: processor)
    }

    /// Loads the plugins and finds the processes that are already there.
    func prepare(_ configuration: AgentConfiguration) async throws(Problem) {
        try await registry.load(
            folder: configuration.plugins, client: client, now: WallClock.now, failpoint: environment.failpoint)
        try await environment.supervisor.adopt()
    }
}
