// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import EventBus
import Floria
import Support

/// Hands events to the handlers of their entities, of these entities' classes, and of the directories that they are in.
struct EventHandlers: Sendable {
    /// How long one handler may take.
    static let timeLimit = Duration.seconds(120)

    let client: APIClient
    let dispatcher: Dispatcher

    /// Hands an event to every handler that is to have it. One that fails does not keep it from the others.
    func handle(_ event: Event, _ delivery: Delivery) async -> Delivery.Outcome {
        var outcome = Delivery.Outcome()
        do throws(Problems) {
            for attached in try await client.handlers(of: event.entity, for: event.type) {
                let key = attached.key
                if let only = delivery.only, !only.contains(key) { continue }
                if delivery.waiting.contains(key) {
                    outcome.held.insert(key)
                    continue
                }
                do throws(Problem) { try await call(attached, event) } catch { outcome.failures[key] = error }
            }
        } catch { outcome.problem = error.first }
        return outcome
    }

    private func call(_ attached: AttachedHandler, _ event: Event) async throws(Problem) {
        let handler = attached.handler
        let invocation = Invocation(
            call: handler.call, extra: [event.document], site: CallSite(entity: event.entity, property: nil),
            timeLimit: Self.timeLimit, cause: .event(event.id, handler: attached.key))
        do { _ = try await dispatcher.dispatch(invocation) } catch {
            // Nothing is to be done any more for a node that is being deleted.
            if error.code == "node.ending" { return }
            throw Problem(
                "event.handler-failed", "the handler ‘\(handler.name)’ of ‘\(event.type)’ failed",
                at: handler.location.map(Problem.Place.source) ?? .entity(event.entity.description, property: nil),
                causes: [error])
        }
    }
}
