// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Plugins
import Support

/// The graph, as plugins reach it through the API.
extension GrantedHost {
    func evaluate(_ expression: Value, at site: CallSite) async throws(Problem) -> Value {
        if !mayCallPlugins { try requireOwn(expression, at: site.entity) }
        var inner = invocation
        inner.site = site
        return try await dispatcher.evaluate(expression, at: inner)
    }

    /// What came with a design evaluates within its service, and has nobody do what it may not do itself.
    private func requireOwn(_ expression: Value, at entity: ID) throws(Problem) {
        let service = invocation.site.entity.directory.names.first ?? invocation.site.entity.name
        try require((entity.directory.names.first ?? entity.name) == service, "evaluating at ‘\(entity)’")
        let library = HostFunctions.library
        for function in expression.functions {
            let isOwn = function.plugin == library && ["folder", "artifact", "render"].contains(function.name)
            try require(isOwn || environment.languages[function.plugin] != nil, "calling ‘\(function)’")
        }
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

extension Value {
    /// The functions that are called in it.
    fileprivate var functions: Set<FunctionName> {
        switch self {
        case .list(let items): items.reduce(into: []) { $0.formUnion($1.functions) }
        case .map(let map): map.reduce(into: []) { $0.formUnion($1.key.functions.union($1.value.functions)) }
        case .custom(_, let inner): inner.functions
        case .call(let call): call.arguments.reduce(into: [call.function]) { $0.formUnion($1.functions) }
        default: []
        }
    }
}
