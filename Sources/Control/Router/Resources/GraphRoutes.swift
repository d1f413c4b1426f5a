// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Route {
    /// The graph as a whole.
    static func graph(_ backend: ControlBackend) -> [Route] {
        [
            Route(.get, "graph") { context throws(Problems) in
                APIResponse(try await backend.graph.graph(of: context.request.query["service"]))
            }
        ]
    }
}
