// SPDX-License-Identifier: Apache-2.0 OR MIT
import HummingbirdCore
import Logging
import NIOCore
import Support

/// Sets up each connection: HTTP, and the caller that the kernel says is at its other end.
struct ControlChannel: ServerChildChannel {
    let exchange: HTTPExchange
    let access: Access
    let limits: ServerLimits

    /// A connection, whose caller is known.
    struct Connection: ServerChildChannelValue {
        let http: HTTP1Channel
        let value: HTTP1Channel.Value

        var channel: any Channel { value.channel }
    }

    /// Reads the credentials before anything else, on the connection's event loop.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        let caller: Caller
        do {
            let peer = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
                try PeerCredentials(descriptor: $0)
            }
            guard let peer else { throw Problem("api.no-credentials", "the connection is no socket") }
            caller = access.caller(uid: peer.uid)
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        let http = http(for: caller)
        return http.setup(channel: channel, logger: logger).map { Connection(http: http, value: $0) }
    }

    /// Answers the connection's requests, one after the other.
    func handle(value: Connection, logger: Logger) async {
        await value.http.handle(value: value.value, logger: logger)
    }

    private func http(for caller: Caller) -> HTTP1Channel {
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headSize, maxHeaderListSize: limits.headSize, maxHeaderFieldCount: 100)
        let departure = Departure()
        return HTTP1Channel(
            responder: { [exchange] request, writer, _ in
                try await exchange.respond(to: request, from: caller, with: writer, until: departure)
            },
            configuration: .init(
                additionalChannelHandlers: [DepartureHandler(departure)], idleTimeout: TimeAmount(limits.idle),
                httpDecoderConfiguration: decoder))
    }
}
