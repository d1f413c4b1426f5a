// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Route {
    /// Reserved ports.
    static func ports(_ backend: ControlBackend) -> [Route] {
        [Route(.get, "ports") { _ throws(Problems) in APIResponse(.list(try await backend.graph.ports())) }]
    }
}
