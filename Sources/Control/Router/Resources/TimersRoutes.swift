// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Route {
    /// Timers.
    static func timers(_ backend: ControlBackend) -> [Route] {
        [
            Route(.get, "timers") { context throws(Problems) in
                APIResponse(.list(try await backend.graph.timers(of: context.queriedTarget)))
            },
            Route(.post, "timers", body: .value) { context throws(Problems) in
                let timer = try await backend.graph.addTimer(TimerRequest(context), for: context.caller)
                return APIResponse(status: 201, .value(timer))
            },
            Route(.delete, "timers") { context throws(Problems) in
                let name = try context.requiredName("a timer's name")
                try await backend.graph.removeTimer(name, of: context.requiredTarget, for: context.caller)
                return APIResponse(["name": .text(name)])
            },
        ]
    }
}

extension TimerRequest {
    fileprivate init(_ context: RequestContext) throws(Problems) {
        let document = try context.document
        self.init(
            target: try context.bodyTarget, type: try context.text("type"), when: try When(context, document),
            payload: document["payload"] ?? .null, propagation: try context.propagation, name: document["name"]?.text)
        if let value = document["misfire"] {
            guard let misfire = value.text.flatMap(EventTimer.Misfire.init(rawValue:)) else {
                throw RequestContext.invalid("‘misfire’ of the body", "‘once’ or ‘skip’")
            }
            self.misfire = misfire
        }
    }
}

extension TimerRequest.When {
    fileprivate init(_ context: RequestContext, _ document: Value) throws(Problems) {
        let kinds = ["after", "at", "every", "cron"].filter { document[$0] != nil }
        guard kinds.count == 1 else {
            throw RequestContext.invalid("one of ‘after’, ‘at’, ‘every’ and ‘cron’ of the body", "the only one")
        }
        if let delay = try context.integer("after") {
            self = .after(delay)
        } else if let time = try context.integer("at") {
            self = .at(time)
        } else if let interval = try context.integer("every") {
            self = .every(interval)
        } else {
            self = .cron(try context.text("cron"), zone: document["zone"]?.text ?? "UTC")
        }
    }
}
