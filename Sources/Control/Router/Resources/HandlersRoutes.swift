// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Route {
    /// Handlers attached to entities and directories.
    static func handlers(_ backend: ControlBackend) -> [Route] {
        [
            Route(.get, "handlers") { context throws(Problems) in
                APIResponse(.list(try await backend.graph.handlers(of: context.queriedTarget)))
            },
            Route(.post, "handlers", body: .value) { context throws(Problems) in
                let request = try HandlerRequest(context)
                if case .script(let digest, _) = request.action, let artifacts = backend.artifacts,
                    try await artifacts.size(digest) == nil
                {
                    throw Problems([Problem("artifact.not-found", "there is no artifact ‘\(digest)’", hint: "send it first")])
                }
                let handler = try await backend.graph.addHandler(request, for: context.caller)
                return APIResponse(status: 201, .value(handler))
            },
            Route(.delete, "handlers") { context throws(Problems) in
                let name = try context.requiredName("a handler's name")
                try await backend.graph.removeHandler(name, of: context.requiredTarget, for: context.caller)
                return APIResponse(["name": .text(name)])
            },
        ]
    }
}

extension HandlerRequest {
    fileprivate init(_ context: RequestContext) throws(Problems) {
        let document = try context.document
        self.init(
            target: try context.bodyTarget, event: try context.text("event"), action: try Action(document),
            name: document["name"]?.text)
        if event.isEmpty { throw RequestContext.invalid("‘event’ of the body", "the type of an event") }
    }
}

extension HandlerRequest.Action {
    fileprivate init(_ document: Value) throws(Problems) {
        if let operation = document["operation"]?.text {
            self = .operation(operation)
        } else if let function = document["function"]?.text {
            guard let name = FunctionName(function) else {
                throw RequestContext.invalid("‘function’ of the body", "the name of a function, ‘plugin:name’")
            }
            self = .function(name)
        } else if let digest = document["script"]?.text {
            self = .script(digest: digest, file: document["file"]?.text ?? "script")
        } else {
            throw RequestContext.invalid("‘operation’, ‘function’ or ‘script’ of the body", "what the handler does")
        }
    }
}
