// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Route {
    /// Edges made by hand.
    static func edges(_ backend: ControlBackend) -> [Route] {
        [
            Route(.post, "edges", body: .value) { context throws(Problems) in
                APIResponse(status: 201, .value(try await backend.graph.addEdge(EdgeRequest(context), for: context.caller)))
            },
            Route(.delete, "edges/{service}/{edge}") { context throws(Problems) in
                let text = try "\(context.name("service"))/\(context.name("edge"))"
                let id = try lifting { () throws(Problem) in try ID(.edge, parsing: text) }
                try await backend.graph.removeEdge(id, for: context.caller)
                return APIResponse(["edge": .text(text)])
            },
        ]
    }
}

extension EdgeRequest {
    fileprivate init(_ context: RequestContext) throws(Problems) {
        self.init(
            source: try context.vertex("source"), target: try context.vertex("target"), name: try context.text("name"))
        guard let text = try context.document["class"]?.text else { return }
        self.class = try lifting { () throws(Problem) in try ID(.class, parsing: text) }
    }
}
