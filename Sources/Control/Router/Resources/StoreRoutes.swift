// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Route {
    /// The store itself, for the agents of hosts.
    static func store(_ backend: ControlBackend) -> [Route] {
        [
            Route(.post, "store/get", body: .value, role: .admin) { context throws(Problems) in
                let id = try context.documentID("id")
                return APIResponse(.entity(try await backend.graph.entity(id)))
            },
            Route(.post, "store/scan", body: .value, role: .admin) { context throws(Problems) in
                let document = try context.document
                let scan = try lifting { () throws(Problem) in try Scan(document: document) }
                return APIResponse(.entities(try await backend.graph.entities(scan)))
            },
            Route(.post, "store/handlers", body: .value, role: .admin) { context throws(Problems) in
                let handlers = try await backend.graph.handlers(of: context.documentID("id"), for: context.text("type"))
                return APIResponse(.list(handlers.map(\.document)))
            },
            Route(.post, "store/events", body: .value, role: .admin) { context throws(Problems) in
                let documents = try context.document["events"]?.list ?? []
                let events = try lifting { () throws(Problem) in
                    var events: [Event] = []
                    for document in documents { events.append(try Event(document: document)) }
                    return events
                }
                try await backend.graph.record(events)
                return APIResponse(["events": .integer(events.count)])
            },
            Route(.post, "store/commit", body: .value, role: .admin) { context throws(Problems) in
                let document = try context.document
                let changes = try lifting { () throws(Problem) in try GraphChanges(document: document) }
                return APIResponse(["position": .number(try await backend.graph.commit(changes))])
            },
        ]
    }
}

extension RequestContext {
    fileprivate func documentID(_ key: String) throws(Problems) -> ID {
        let text = try text(key)
        return try lifting { () throws(Problem) in try ID(documentText: text) }
    }
}
