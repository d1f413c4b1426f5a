// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Carries requests to an agent and answers back.
public protocol APITransport: Sendable {
    /// Sends a request and waits for the answer, of which a stream goes on coming.
    ///
    /// - Throws: `api.unreachable` if no agent listens, `api.timeout`, `api.stream-broken` or `api.malformed-answer`.
    ///   That the agent refuses or fails is no error here, but an answer.
    func send(_ request: APIRequest) async throws(Problem) -> APIResponse
}

/// Hands requests to a router in this process, without making bytes of them.
public struct InProcessTransport: APITransport {
    private let router: Router
    private let caller: Caller

    /// Makes a transport to a router. All requests are made in the name of `caller`.
    public init(_ router: Router, caller: Caller = .agent) {
        self.router = router
        self.caller = caller
    }

    /// Answers a request.
    public func send(_ request: APIRequest) async throws(Problem) -> APIResponse {
        await router.respond(to: request, from: caller)
    }
}
