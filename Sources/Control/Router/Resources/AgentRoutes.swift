// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Route {
    /// The agent itself.
    static func agent(_ backend: ControlBackend) -> [Route] {
        [
            Route(.get, "version") { _ throws(Problems) in
                APIResponse(try await backend.requireAgent().version())
            }
        ]
    }
}
