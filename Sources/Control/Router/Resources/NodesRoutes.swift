// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Route {
    /// Nodes and their properties.
    static func nodes(_ backend: ControlBackend) -> [Route] {
        [
            Route(.get, "nodes") { context throws(Problems) in
                APIResponse(.list(try await backend.graph.nodes(of: context.request.query["service"])))
            },
            Route(.get, "nodes/{service}/{node}") { context throws(Problems) in
                APIResponse(try await backend.graph.node(context.node))
            },
            Route(.post, "nodes/{service}/{node}/set", body: .value) { context throws(Problems) in
                guard let value = try context.document["value"] else {
                    throw RequestContext.invalid("‘value’ of the body", "a value")
                }
                let property = try await backend.graph.set(
                    context.text("name"), of: context.node, to: value, for: context.caller)
                return APIResponse(property)
            },
        ]
    }
}
