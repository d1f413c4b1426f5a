// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Plugins
import Support

/// The graph, as plugins reach it through the API.
extension GrantedHost {
    func evaluate(_ expression: Value, at site: CallSite) async throws(Problem) -> Value {
        var inner = invocation
        inner.site = site
        return try await dispatcher.evaluate(expression, at: inner)
    }

    func get(_ request: Value) async throws(Problem) -> Value {
        guard let id = request.text else { throw malformed(.get, "id") }
        let entity = try ID(documentText: id)
        try require(grants.allowsReading(entity.directory), "reading in the directory ‘\(entity.directory)’")
        return try await client { client throws(Problems) in try await client.entity(entity)?.view ?? .null }
    }

    func query(_ request: Value) async throws(Problem) -> Value {
        let scan = try Scan(document: request)
        try require(grants.allowsReading(scan.directoryRead), "reading in the directory ‘\(scan.directoryRead)’")
        return try await client { client throws(Problems) in
            guard case .contained(let container) = scan, request["itself"]?.boolean == true else {
                return .list(try await client.entities(scan).map(\.view))
            }
            guard let entity = try await client.entity(container) else { return [] }
            return .list([entity.view] + (try await client.entities(scan).map(\.view)))
        }
    }

    func commit(_ request: Value) async throws(Problem) -> Value {
        var changes = GraphChanges(
            provenance: Provenance(.plugin, plugin, event: invocation.event, time: environment.now()))
        try changes.read(request)
        let touched = changes.set.keys.map(\.entity) + changes.put.map(\.id) + changes.delete
        for id in touched {
            try require(grants.allowsWriting(id.directory), "writing in the directory ‘\(id.directory)’")
        }
        if request["event"]?.text != nil, case .event(let event, let handler) = invocation.cause {
            changes.effect = EventEffect(event: event, handler: handler)
        }
        let complete = changes
        return try await client { client throws(Problems) in ["position": .number(try await client.commit(complete))] }
    }

    func emit(_ request: Value) async throws(Problem) -> Value {
        guard let entity = request["entity"]?.text, let type = request["type"]?.text else { throw malformed(.emit, "entity") }
        let id = try ID(documentText: entity)
        try require(grants.allowsWriting(id.directory), "making events in the directory ‘\(id.directory)’")
        let time = environment.now()
        var event = Event(
            id: request["id"]?.text ?? environment.uniqueName(), type: type, entity: id,
            payload: request["payload"] ?? .null, host: environment.name, time: time)
        if let delay = request["delay"]?.integer { event.due = try Event.due(after: Int64(delay), from: time) }
        guard let ways = request["propagation"] else {
            try event.check()
            try await environment.take(event)
            return ["id": .text(event.id)]
        }
        // Only the graph knows where it spreads to, so it begins there.
        let spreading = EmitRequest(
            entity: id, type: type, payload: event.payload, delay: (event.due ?? time) - time, id: event.id,
            propagation: try Propagation(document: ways))
        return try await client { client throws(Problems) in ["id": try await client.emit(spreading)["id"] ?? .null] }
    }

    private func client(
        _ body: (APIClient) async throws(Problems) -> Value
    ) async throws(Problem) -> Value {
        do { return try await body(dispatcher.client) } catch { throw error.first }
    }
}

extension Problems {
    /// The first problem, with the others among its causes.
    var first: Problem {
        var problem = all[0]
        problem.causes += all.dropFirst()
        return problem
    }
}

extension Scan {
    /// The directory that a scan reads in.
    fileprivate var directoryRead: Directory {
        switch self {
        case .directory(_, let directory, _), .class(_, let directory): directory
        case .contained(let id), .outgoing(let id), .incoming(let id): id.directory
        }
    }
}
