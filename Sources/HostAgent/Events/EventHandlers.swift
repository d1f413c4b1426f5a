// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import EventBus
import Floria
import Support

/// Hands events to the handlers of their entities and of these entities' classes.
struct EventHandlers: Sendable {
    /// How long one handler may take.
    static let timeLimit = Duration.seconds(120)

    let client: APIClient
    let dispatcher: Dispatcher

    /// Hands an event to every handler that has not had it. One that fails does not keep it from the others.
    func handle(_ event: Event, except handled: Set<String>) async -> EventProcessor.Outcome {
        var handled = handled
        var failures: [Problem] = []
        do {
            try await record(event)
            for handler in try await handlers(for: event) where !handled.contains(handler.name) {
                do {
                    try await call(handler, event)
                    handled.insert(handler.name)
                } catch { failures.append(error) }
            }
        } catch { failures.append(error) }
        return EventProcessor.Outcome(handled: handled, problem: failures.isEmpty ? nil : Problems(failures).first)
    }

    /// Adds what happened on this host to the history that the control role keeps.
    private func record(_ event: Event) async throws(Problem) {
        guard let host = event.host else { return }
        do {
            _ = try await client.emit(
                EmitRequest(entity: event.entity, type: event.type, payload: event.payload, id: event.id, host: host))
        } catch {
            guard error.all[0].code == "entity.not-found" else { throw error.first }
        }
    }

    private func handlers(for event: Event) async throws(Problem) -> [Handler] {
        do {
            guard let entity = try await client.entity(event.entity) else { return [] }
            let (own, classes) = entity.handlersAndClasses
            var handlers = own
            for id in classes {
                if case .class(let found)? = try await client.entity(id) { handlers += found.handlers }
            }
            return handlers.filter { $0.event == event.type }
        } catch { throw error.first }
    }

    private func call(_ handler: Handler, _ event: Event) async throws(Problem) {
        let invocation = Invocation(
            call: handler.call, extra: [event.document], site: CallSite(entity: event.entity, property: nil),
            timeLimit: Self.timeLimit, cause: .event(event.id, handler: "\(event.entity).\(handler.name)"))
        do { _ = try await dispatcher.dispatch(invocation) } catch {
            throw Problem(
                "event.handler-failed", "the handler ‘\(handler.name)’ of ‘\(event.type)’ failed",
                at: handler.location.map(Problem.Place.source) ?? .entity(event.entity.description, property: nil),
                causes: [error])
        }
    }
}

extension Entity {
    fileprivate var handlersAndClasses: ([Handler], [ID]) {
        switch self {
        case .vertex(let vertex): (vertex.handlers, vertex.classes)
        case .edge(let edge): (edge.handlers, edge.classes)
        default: ([], [])
        }
    }
}
