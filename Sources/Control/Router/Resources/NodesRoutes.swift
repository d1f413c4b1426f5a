// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
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
                let property = try await backend.graph.set(
                    context.text("name"), of: context.node, to: PropertySetting(context), for: context.caller)
                return APIResponse(property)
            },
        ]
    }
}

extension PropertySetting {
    fileprivate init(_ context: RequestContext) throws(Problems) {
        let document = try context.document
        switch (document["value"], document["expression"]) {
        case (let value?, nil): self = .value(value)
        case (nil, _?):
            let text = try context.text("expression")
            self = .updater(try lifting { () throws(Problem) in try Notation.decode(text) })
        default:
            throw Problems([
                Problem("api.invalid-request", "the body must have exactly one of ‘value’ and ‘expression’")
            ])
        }
    }
}
