// SPDX-License-Identifier: Apache-2.0 OR MIT
import NIOCore
import Synchronization

/// Whether the caller at the other end of a connection has gone, and what is to be done then.
final class Departure: Sendable {
    private enum State {
        case isHere(action: (@Sendable () -> Void)?)
        case isGone
    }

    private let state = Mutex(State.isHere(action: nil))

    /// Runs a body; if the caller goes meanwhile, or has gone, runs the action once.
    func watch<Result>(
        _ action: @escaping @Sendable () -> Void, while body: () async throws -> Result
    ) async rethrows -> Result {
        let isGone = state.withLock { state in
            if case .isGone = state { return true }
            state = .isHere(action: action)
            return false
        }
        if isGone { action() }
        defer { state.withLock { if case .isHere = $0 { $0 = .isHere(action: nil) } } }
        return try await body()
    }

    /// Says that the caller has gone.
    func happen() {
        let action = state.withLock { state -> (@Sendable () -> Void)? in
            guard case .isHere(let action) = state else { return nil }
            state = .isGone
            return action
        }
        action?()
    }
}

/// Notices that the other end of a connection sends nothing any more, or that the connection is closed.
final class DepartureHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private let departure: Departure

    init(_ departure: Departure) { self.departure = departure }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { departure.happen() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        departure.happen()
        context.fireChannelInactive()
    }
}
