// SPDX-License-Identifier: Apache-2.0 OR MIT
@testable import Control
import Support
import Testing

@Suite struct RouterTests {
    let router = Router([
        Route(.get, "things/{thing}") { context throws(Problems) in APIResponse(.text(try context.name("thing"))) },
        Route(.get, "things/all") { _ throws(Problems) in APIResponse("all") },
        Route(.post, "things/{thing}", body: .value) { context throws(Problems) in APIResponse(try context.document) },
        Route(.get, "number") { context throws(Problems) in APIResponse(.number(try context.number("n") ?? 0)) },
        Route(.get, "flag") { context throws(Problems) in APIResponse(.boolean(try context.flag("f"))) },
    ])

    private func ask(_ method: APIMethod, _ path: [String], query: [String: String] = [:], body: APIBody = .none) async
        -> APIResponse
    {
        await router.respond(to: APIRequest(method, path, query: query, body: body), from: .agent)
    }

    private func value(_ response: APIResponse) -> Value? {
        response.body.document
    }

    @Test func `the first row that fits answers`() async {
        #expect(value(await ask(.get, ["things", "a b"])) == "a b")
        #expect(value(await ask(.get, ["things", "all"])) == "all")
    }

    @Test(arguments: [["nothing"], ["things"], ["things", "a", "b"], []])
    func `what isn't there is not found`(path: [String]) async {
        let response = await ask(.get, path)
        #expect(response.status == 404)
        #expect(response.problems.all.map(\.code) == ["api.not-found"])
    }

    @Test func `another method is named with those that there are`() async {
        let response = await ask(.delete, ["things", "a"])
        #expect(response.status == 405)
        #expect(response.problems.all[0].hint == "what can be done: GET, POST")
    }

    @Test(arguments: [APIBody.none, .value("text"), .value([1])])
    func `a body that is no object is refused`(body: APIBody) async {
        #expect(await ask(.post, ["things", "a"], body: body).status == 400)
    }

    @Test func `queries are checked`() async {
        #expect(value(await ask(.get, ["number"], query: ["n": "7"])) == 7)
        #expect(await ask(.get, ["number"], query: ["n": "-7"]).status == 400)
        #expect(value(await ask(.get, ["flag"], query: ["f": "true"])) == true)
        #expect(value(await ask(.get, ["flag"])) == false)
        #expect(await ask(.get, ["flag"], query: ["f": "yes"]).status == 400)
    }

    @Test(arguments: [
        ("api.invalid-body", 400), ("floria.malformed-id", 400), ("api.denied", 403), ("service.unknown", 404),
        ("node.unknown-property", 404), ("store.conflict", 409), ("service.busy", 409), ("agent.already-running", 409),
        ("artifact.too-large", 413), ("process.not-found", 404), ("plan.broken", 422), ("store.unavailable", 503),
    ])
    func `a problem's status follows from its code`(code: String, status: Int) {
        #expect(Problem(code, "x").status == status)
    }

    @Test(arguments: [
        (["nodes", "shop", "web-0"], [:], "/v1/nodes/shop/web-0"),
        (["nodes", "a b", "ä/%?#"], [:], "/v1/nodes/a%20b/%C3%A4%2F%25%3F%23"),
        (["events"], ["after": "1", "entity": "edge:a/b&c=d+e"], "/v1/events?after=1&entity=edge%3Aa%2Fb%26c%3Dd%2Be"),
    ])
    func `paths and queries survive being written`(path: [String], query: [String: String], text: String) throws {
        #expect(APIPath.encode(path, query: query) == text)
        let read = try APIPath.decode(text)
        #expect(read.path == path)
        #expect(read.query == query)
    }

    @Test(arguments: ["/v1/a%", "/v1/a%2", "/v1/a%zz", "/v1/%ff", "/v2/services", "/", "*"])
    func `a malformed path is refused`(text: String) {
        #expect(throws: Problem.self) { try APIPath.decode(text) }
    }

    @Test func `without an agent only the store answers`() async throws {
        let shop = try await Shop()
        let client = APIClient(InProcessTransport(Router(ControlBackend(graph: shop.backend.graph))))
        #expect(try await client.services().count == 1)
        for found in [
            try await problems { _ = try await client.version() },
            try await problems { _ = try await client.deploy("shop", plan: "p") },
            try await problems { _ = try await client.logs(of: Shop.web) },
            try await problems { _ = try await client.artifact("x") },
        ] {
            #expect(found.map(\.code) == ["api.unavailable"])
            #expect(found[0].hint == "start one with ‘khutulun agent run’")
            #expect(found[0].status == 503)
        }
    }
}
