// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Route {
    /// What nodes are implemented by.
    static func workloads(_ backend: ControlBackend) -> [Route] {
        [
            Route(.get, "nodes/{service}/{node}/logs") { context throws(Problems) in
                let request = LogRequest(
                    isFollowing: try context.flag("follow"), after: try context.number("after"),
                    lines: try context.number("lines").map { Int(clamping: $0) })
                return APIResponse(.stream(try await backend.requireWorkloads().logs(of: context.node, request)))
            },
            Route(.post, "nodes/{service}/{node}/exec", body: .value) { context throws(Problems) in
                let arguments = try context.texts("arguments")
                guard !arguments.isEmpty else {
                    throw RequestContext.invalid("‘arguments’ of the body", "a list that begins with a program")
                }
                return APIResponse(
                    .stream(try await backend.requireWorkloads().exec(arguments, on: context.node, for: context.caller)))
            },
            Route(.get, "nodes/{service}/{node}/explain") { context throws(Problems) in
                APIResponse(["commands": .list(try await backend.requireWorkloads().explain(context.node))])
            },
            Route(.post, "nodes/{service}/{node}/restart") { context throws(Problems) in
                let operation = try await backend.requireConductor().restart(context.node, for: context.caller)
                return APIResponse(["operation": .text(operation)])
            },
            Route(.post, "nodes/{service}/{node}/call", body: .value) { context throws(Problems) in
                let result = try await backend.requireConductor().call(
                    context.text("operation"), of: context.node, inputs: context.entries("inputs"),
                    key: context.document["key"]?.text, for: context.caller)
                return APIResponse(["operation": .text(result.operation), "outputs": result.outputs])
            },
        ]
    }
}
