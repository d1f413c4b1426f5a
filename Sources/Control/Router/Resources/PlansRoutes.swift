// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Route {
    /// Plans that were shown and are kept.
    static func plans(_ backend: ControlBackend) -> [Route] {
        [
            Route(.get, "plans") { context throws(Problems) in
                APIResponse(.list(try await backend.graph.plans(of: context.request.query["service"])))
            },
            Route(.get, "plans/{plan}") { context throws(Problems) in
                APIResponse(try await backend.graph.plan(context.name("plan")))
            },
            Route(.delete, "plans/{plan}") { context throws(Problems) in
                let plan = try context.name("plan")
                try await backend.requireConductor().drop(plan: plan, for: context.caller)
                return APIResponse(["id": .text(plan)])
            },
        ]
    }
}
