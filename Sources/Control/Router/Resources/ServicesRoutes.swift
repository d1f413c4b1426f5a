// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Route {
    /// Services, and the commands that are run as such.
    static func services(_ backend: ControlBackend) -> [Route] {
        [
            Route(.get, "services") { _ throws(Problems) in APIResponse(.list(try await backend.graph.services())) },
            Route(.get, "services/{service}") { context throws(Problems) in
                APIResponse(try await backend.graph.service(context.serviceName))
            },
            Route(.get, "services/{service}/progress") { context throws(Problems) in
                let after = try context.number("after") ?? 0
                return APIResponse(.stream(try await backend.graph.progress(of: context.serviceName, after: after)))
            },
            Route(.post, "services/{service}/plan", body: .value) { context throws(Problems) in
                let plan = try await backend.requireConductor().plan(
                    PlanRequest(context), of: context.serviceName, for: context.caller)
                return APIResponse(plan)
            },
            Route(.post, "services/{service}/deploy", body: .value) { context throws(Problems) in
                let deployment = try await backend.requireConductor().deploy(
                    plan: context.text("plan"), of: context.serviceName, for: context.caller)
                return APIResponse(["deployment": .text(deployment)])
            },
            Route(.post, "services/{service}/cancel") { context throws(Problems) in
                APIResponse([
                    "state": .text(try await backend.requireConductor().cancel(context.serviceName, for: context.caller))
                ])
            },
            Route(.delete, "services/{service}") { context throws(Problems) in
                let deployment = try await backend.requireConductor().delete(context.serviceName, for: context.caller)
                return APIResponse(["deployment": .text(deployment)])
            },
            Route(.post, "run", body: .value) { context throws(Problems) in
                let result = try await backend.requireConductor().run(RunRequest(context), for: context.caller)
                return APIResponse(["service": .text(result.service), "deployment": .text(result.deployment)])
            },
        ]
    }
}

extension PlanRequest {
    fileprivate init(_ context: RequestContext) throws(Problems) {
        let document = try context.document
        let take = try lifting { () throws(Problem) in try Resolution(document: document["take"] ?? []) }
        if document["delete"] == true {
            self = .deletion
        } else if document["undo"] == true {
            self = .undo(take: take)
        } else if let design = document["design"] {
            self = .design(design, inputs: try context.entries("inputs"), take: take)
        } else {
            throw RequestContext.invalid("‘design’ of the body", "a compiled design")
        }
    }
}

extension RunRequest {
    fileprivate init(_ context: RequestContext) throws(Problems) {
        let document = try context.document
        let environment = try context.entries("environment")
        for (name, value) in environment where value.text == nil && !value.isStoredSecret {
            throw RequestContext.invalid("‘\(name)’ of the environment", "a text or a reference to a secret")
        }
        self.init(
            name: document["name"]?.text, arguments: try context.texts("arguments"), environment: environment,
            ports: try context.texts("ports"), directory: document["directory"]?.text)
        if arguments.isEmpty { throw RequestContext.invalid("‘arguments’ of the body", "a list that begins with a program") }
    }
}

extension Value {
    fileprivate var isStoredSecret: Bool {
        if case .stored? = SecretReference(self) { true } else { false }
    }
}
