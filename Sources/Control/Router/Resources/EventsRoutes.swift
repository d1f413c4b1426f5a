// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Route {
    /// Events, and those among them that handlers did not take.
    static func events(_ backend: ControlBackend) -> [Route] {
        [
            Route(.get, "events") { context throws(Problems) in
                let request = EventsRequest(
                    after: try context.number("after") ?? 0,
                    limit: try context.number("limit").map { Int(clamping: $0) } ?? 1000,
                    filter: try context.eventFilter)
                return APIResponse(.list(try await backend.graph.events(request)))
            },
            Route(.get, "events/watch") { context throws(Problems) in
                let after = try context.number("after")
                return APIResponse(.stream(try await backend.graph.watchEvents(after: after, filter: context.eventFilter)))
            },
            Route(.post, "events", body: .value) { context throws(Problems) in
                let event = try await backend.graph.emit(EmitRequest(context), for: context.caller)
                return APIResponse(status: 201, .value(event))
            },
            Route(.get, "events/dead") { _ throws(Problems) in
                APIResponse(.list(try await backend.requireLetters().letters()))
            },
            Route(.get, "events/dead/{letter}") { context throws(Problems) in
                APIResponse(try await backend.requireLetters().letter(context.name("letter")))
            },
            Route(.post, "events/dead/{letter}/retry") { context throws(Problems) in
                let id = try context.name("letter")
                try await backend.requireLetters().retryLetter(id)
                return APIResponse(["id": .text(id)])
            },
            Route(.delete, "events/dead/{letter}") { context throws(Problems) in
                let id = try context.name("letter")
                try await backend.requireLetters().dropLetter(id)
                return APIResponse(["id": .text(id)])
            },
        ]
    }
}

extension RequestContext {
    /// The filter that the query says.
    fileprivate var eventFilter: EventFilter {
        get throws(Problems) {
            let query = request.query
            return EventFilter(
                types: Set(query["type"]?.split(separator: ",").map(String.init) ?? []),
                entity: try query["entity"].map(RequestContext.entity),
                directory: try query["directory"].map(RequestContext.directory),
                class: try query["class"].map { text throws(Problems) in
                    try lifting { () throws(Problem) in try ID(.class, parsing: text) }
                }, host: query["host"])
        }
    }

    /// What the query or the body says that handlers or timers are attached to; nil if nothing.
    func target(_ texts: (String) throws(Problems) -> String?) throws(Problems) -> EventTarget? {
        if let text = try texts("directory") { return .directory(try RequestContext.directory(text)) }
        return try texts("entity").map { text throws(Problems) in .entity(try RequestContext.entity(text)) }
    }

    /// What the query says that handlers or timers are attached to.
    var queriedTarget: EventTarget? {
        get throws(Problems) { try target { key throws(Problems) in request.query[key] } }
    }

    /// What the query says, which has to say something.
    var requiredTarget: EventTarget {
        get throws(Problems) {
            if let target = try queriedTarget { return target }
            throw RequestContext.invalid("‘entity’ or ‘directory’ of the query", "what it is attached to")
        }
    }

    /// The name that the query says, which has to say one.
    func requiredName(_ what: String) throws(Problems) -> String {
        if let name = request.query["name"] { return name }
        throw RequestContext.invalid("‘name’ of the query", what)
    }

    /// What the body says, which has to say something.
    var bodyTarget: EventTarget {
        get throws(Problems) {
            let document = try document
            if let target = try target({ key throws(Problems) in document[key]?.text }) { return target }
            throw RequestContext.invalid("‘entity’ or ‘directory’ of the body", "what it is attached to")
        }
    }

    /// How an event is to spread, as the body says.
    var propagation: Propagation? {
        get throws(Problems) {
            guard let value = try document["propagation"] else { return nil }
            return try lifting { () throws(Problem) in try Propagation(document: value) }
        }
    }

    /// The directory of a path; slashes at its end don't matter.
    static func directory(_ text: String) throws(Problems) -> Directory {
        let path = text.hasSuffix("/") ? String(text.dropLast()) : text
        return try lifting { () throws(Problem) in try Directory(parsing: path) }
    }

    /// A whole number at a key of the body; nil if there is none.
    func integer(_ key: String) throws(Problems) -> Int64? {
        guard let value = try document[key] else { return nil }
        guard case .integer(let number) = value else { throw RequestContext.invalid("‘\(key)’ of the body", "a whole number") }
        return number
    }
}

extension EmitRequest {
    fileprivate init(_ context: RequestContext) throws(Problems) {
        let document = try context.document
        self.init(
            entity: try RequestContext.entity(context.text("entity")), type: try context.text("type"),
            payload: document["payload"] ?? .null, delay: try context.integer("delay") ?? 0,
            id: document["id"]?.text, propagation: try context.propagation)
    }
}
