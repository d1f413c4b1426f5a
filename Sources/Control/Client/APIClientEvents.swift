// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension APIClient {
    /// Stored events, oldest first.
    public func events(_ request: EventsRequest = EventsRequest()) async throws(Problems) -> [Value] {
        var query = request.filter.query
        query["after"] = String(request.after)
        query["limit"] = String(request.limit)
        return try await list(.get, "events", query: query)
    }

    /// The events that are stored after a sequence number, as they are; nil is those from now on.
    public func watchEvents(
        after: UInt64? = nil, filter: EventFilter = EventFilter()
    ) async throws(Problems) -> APIStream<Value> {
        var query = filter.query
        query["after"] = after.map { String($0) }
        return try await stream(.get, "events", "watch", query: query)
    }

    /// Makes an event. Returns it.
    public func emit(_ event: EmitRequest) async throws(Problems) -> Value {
        var body: Value = [
            "entity": .text(event.entity.documentText), "type": .text(event.type), "payload": event.payload,
        ]
        if event.delay != 0 { body["delay"] = .integer(event.delay) }
        body["id"] = event.id.map(Value.text)
        body["propagation"] = event.propagation?.document
        return try await value(.post, "events", body: body)
    }

    /// The events that handlers did not take, oldest first.
    public func letters() async throws(Problems) -> [Value] { try await list(.get, "events", "dead") }

    /// One of them.
    public func letter(_ id: String) async throws(Problems) -> Value { try await value(.get, "events", "dead", id) }

    /// Delivers one again, to the handler that did not take it.
    public func retryLetter(_ id: String) async throws(Problems) { _ = try await value(.post, "events", "dead", id, "retry") }

    /// Forgets one.
    public func dropLetter(_ id: String) async throws(Problems) { _ = try await value(.delete, "events", "dead", id) }

    /// The handlers that events of one entity reach, those of one directory, or all.
    public func handlers(of target: EventTarget? = nil) async throws(Problems) -> [Value] {
        try await list(.get, "handlers", query: target?.query ?? [:])
    }

    /// Attaches a handler. Returns it.
    public func addHandler(_ handler: HandlerRequest) async throws(Problems) -> Value {
        var body: Value = ["event": .text(handler.event)]
        for (key, value) in handler.target.query { body[key] = .text(value) }
        switch handler.action {
        case .operation(let name): body["operation"] = .text(name)
        case .function(let name): body["function"] = .text(name.description)
        case .script(let digest, let file):
            body["script"] = .text(digest)
            body["file"] = .text(file)
        }
        body["name"] = handler.name.map(Value.text)
        return try await value(.post, "handlers", body: body)
    }

    /// Detaches a handler.
    public func removeHandler(_ name: String, of target: EventTarget) async throws(Problems) {
        _ = try await value(.delete, "handlers", query: target.query.merging(["name": name]) { $1 })
    }

    /// The timers of one target or of all.
    public func timers(of target: EventTarget? = nil) async throws(Problems) -> [Value] {
        try await list(.get, "timers", query: target?.query ?? [:])
    }

    /// Adds a timer. Returns it.
    public func addTimer(_ timer: TimerRequest) async throws(Problems) -> Value {
        var body: Value = [
            "type": .text(timer.type), "payload": timer.payload, "misfire": .text(timer.misfire.rawValue),
        ]
        for (key, value) in timer.target.query { body[key] = .text(value) }
        switch timer.when {
        case .after(let delay): body["after"] = .integer(delay)
        case .at(let time): body["at"] = .integer(time)
        case .every(let interval): body["every"] = .integer(interval)
        case .cron(let expression, let zone):
            body["cron"] = .text(expression)
            body["zone"] = .text(zone)
        }
        body["name"] = timer.name.map(Value.text)
        body["propagation"] = timer.propagation?.document
        return try await value(.post, "timers", body: body)
    }

    /// Removes a timer.
    public func removeTimer(_ name: String, of target: EventTarget) async throws(Problems) {
        _ = try await value(.delete, "timers", query: target.query.merging(["name": name]) { $1 })
    }
}

extension EventTarget {
    /// The target in a query or a body.
    fileprivate var query: [String: String] {
        switch self {
        case .entity(let id): ["entity": id.documentText]
        case .directory(let directory): ["directory": directory.description]
        }
    }
}

extension EventFilter {
    /// The filter in a query.
    fileprivate var query: [String: String?] {
        [
            "type": types.isEmpty ? nil : types.sorted().joined(separator: ","), "entity": entity?.documentText,
            "directory": directory?.description, "class": `class`?.description, "host": host,
        ]
    }
}
