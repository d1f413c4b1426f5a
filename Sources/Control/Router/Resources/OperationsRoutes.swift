// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Route {
    /// The ledger. An operation is named by its ID or by `SERVICE/ID`.
    static func operations(_ backend: ControlBackend) -> [Route] {
        let show: Handler = { context throws(Problems) in
            APIResponse(try await backend.graph.operation(context.operationName).row)
        }
        let retry: Handler = { context throws(Problems) in
            let key = try await backend.graph.operation(context.operationName).key
            let conductor = try backend.requireConductor()
            return APIResponse(try await conductor.retry(key, for: context.caller))
        }
        return [
            Route(.get, "operations") { context throws(Problems) in
                let query = context.request.query
                return APIResponse(
                    .list(try await backend.graph.operations(of: query["service"], state: query["state"])))
            },
            Route(.post, "operations/{operation}/retry", handler: retry),
            Route(.post, "operations/{service}/{operation}/retry", handler: retry),
            Route(.get, "operations/{operation}", handler: show),
            Route(.get, "operations/{service}/{operation}", handler: show),
        ]
    }
}

extension RequestContext {
    fileprivate var operationName: String {
        get throws(Problems) {
            let name = try name("operation")
            return names["service"].map { "\($0)/\(name)" } ?? name
        }
    }
}
