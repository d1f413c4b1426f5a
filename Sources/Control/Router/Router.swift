// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Leads requests to their handlers by a table. It knows nothing of what carries the requests.
public struct Router: Sendable {
    /// The version that every path begins with.
    public static let version = "v1"

    private let routes: [String: [Route]]

    /// Makes a router of a table.
    public init(_ table: [Route]) {
        routes = Dictionary(grouping: table) { route in
            if case .literal(let text)? = route.pattern.first { text } else { "" }
        }
    }

    /// Answers a request: with an answer that tells of the problems, if it can't be done.
    public func respond(to request: APIRequest, from caller: Caller) async -> APIResponse {
        do {
            return try await answer(request, from: caller)
        } catch {
            return APIResponse(error)
        }
    }

    /// The body that the route of a request takes.
    ///
    /// - Throws: `api.not-found`, `api.method-not-allowed`, `api.denied`.
    func bodyKind(_ method: APIMethod, _ path: [String], from caller: Caller) throws(Problem) -> Route.BodyKind {
        let (route, _) = try find(method, path)
        try Access.check(caller, has: route.role)
        return route.body
    }

    private func answer(_ request: APIRequest, from caller: Caller) async throws(Problems) -> APIResponse {
        let (route, names) = try lifting { () throws(Problem) in
            let found = try find(request.method, request.path)
            try Access.check(caller, has: found.route.role)
            return found
        }
        return try await route.handler(RequestContext(request: request, caller: caller, names: names))
    }

    private func find(_ method: APIMethod, _ path: [String]) throws(Problem) -> (route: Route, names: [String: String]) {
        var others: [String] = []
        for route in routes[path.first ?? ""] ?? [] {
            guard let names = route.match(path) else { continue }
            if route.method == method { return (route, names) }
            others.append(route.method.rawValue)
        }
        let text = path.joined(separator: "/")
        guard others.isEmpty else {
            throw Problem(
                "api.method-not-allowed", "\(method.rawValue) cannot be done to ‘\(text)’",
                hint: "what can be done: \(others.joined(separator: ", "))")
        }
        throw Problem("api.not-found", "the API has no ‘\(text)’", hint: "docs/api.md lists what there is")
    }
}
