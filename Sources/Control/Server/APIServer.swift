// SPDX-License-Identifier: Apache-2.0 OR MIT
import HummingbirdCore
public import Logging
public import NIOCore
public import NIOPosix
public import ServiceLifecycle
import Support
import Synchronization

/// Answers the API over HTTP on a unix socket, until it is told to stop. It does nothing at all while nobody asks.
///
/// When it is told to stop, or its task is cancelled, it takes no more connections, ends streams, gives the requests
/// that are under way some time to end, and removes its socket.
public struct APIServer: Service {
    private let router: Router
    private let path: String
    private let access: Access
    private let limits: ServerLimits
    private let group: any EventLoopGroup
    private let logger: Logger
    private let onListening: @Sendable () async -> Void

    /// Makes a server.
    ///
    /// - Parameters:
    ///   - path: The socket's path, at most 103 bytes. The folder has to be there.
    ///   - access: Who may do what.
    ///   - onListening: Called once requests are answered.
    public init(
        _ router: Router, socket path: String, access: Access = .standard, limits: ServerLimits = ServerLimits(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger,
        onListening: @escaping @Sendable () async -> Void = {}
    ) {
        self.router = router
        self.path = path
        self.access = access
        self.limits = limits
        self.group = group
        self.logger = logger
        self.onListening = onListening
    }

    /// Listens and answers until the service is shut down or the task is cancelled.
    ///
    /// - Throws: `agent.socket-path-too-long`, `agent.already-running`, `agent.cannot-listen`.
    public func run() async throws {
        let socket = try ServerSocket(path: path)
        defer { socket.release() }
        let channel = ControlChannel(
            exchange: HTTPExchange(router: router, limits: limits), access: access, limits: limits)
        let server = Server(
            childChannelSetup: channel, configuration: ServerConfiguration(address: .unixDomainSocket(path: path)),
            onServerRunning: { [onListening] _ in
                socket.didListen()
                await onListening()
            }, eventLoopGroup: group, logger: logger)
        try await run(server)
    }

    /// Runs the server in a group of its own. A cancelled task must not reach it, as a connection that was just taken
    /// would then be dropped without being closed: it always stops gracefully first.
    private func run(_ server: Server<ControlChannel>) async throws {
        var configuration = ServiceGroupConfiguration(services: [server], logger: logger)
        configuration.maximumGracefulShutdownDuration = limits.grace
        let group = ServiceGroup(configuration: configuration)
        let isStopping = Atomic(false)
        try await withTaskCancellationOrGracefulShutdownHandler {
            do {
                try await Task { try await group.run() }.value
            } catch  where isStopping.load(ordering: .relaxed) {
                logger.debug("requests were broken off: \(error)")
            } catch {
                throw ServerSocket.cannotListen(path, "\(error)")
            }
        } onCancelOrGracefulShutdown: {
            isStopping.store(true, ordering: .relaxed)
            Task { await group.triggerGracefulShutdown() }
        }
    }
}
