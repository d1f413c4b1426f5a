// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Route {
    /// Events.
    static func events(_ backend: ControlBackend) -> [Route] {
        [
            Route(.get, "events") { context throws(Problems) in
                let request = EventsRequest(
                    after: try context.number("after") ?? 0,
                    limit: try context.number("limit").map { Int(clamping: $0) } ?? 1000,
                    entity: try context.request.query["entity"].map(RequestContext.entity))
                return APIResponse(.list(try await backend.graph.events(request)))
            },
            Route(.get, "events/watch") { context throws(Problems) in
                APIResponse(.stream(try await backend.graph.watchEvents(after: context.number("after"))))
            },
            Route(.post, "events", body: .value) { context throws(Problems) in
                let event = try await backend.graph.emit(EmitRequest(context), for: context.caller)
                return APIResponse(status: 201, .value(event))
            },
        ]
    }
}

extension EmitRequest {
    fileprivate init(_ context: RequestContext) throws(Problems) {
        let document = try context.document
        self.init(
            entity: try RequestContext.entity(context.text("entity")), type: try context.text("type"),
            payload: document["payload"] ?? .null, delay: Int64(document["delay"]?.integer ?? 0),
            id: document["id"]?.text, host: document["host"]?.text)
        if type.isEmpty { throw RequestContext.invalid("‘type’ of the body", "the type of an event") }
    }
}
