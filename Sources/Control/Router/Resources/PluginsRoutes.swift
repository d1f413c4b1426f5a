// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Route {
    /// Plugins.
    static func plugins(_ backend: ControlBackend) -> [Route] {
        [
            Route(.get, "plugins") { _ throws(Problems) in APIResponse(.list(try await backend.graph.plugins())) },
            Route(.get, "plugins/{plugin}") { context throws(Problems) in
                APIResponse(try await backend.graph.plugin(context.name("plugin")))
            },
        ]
    }
}
