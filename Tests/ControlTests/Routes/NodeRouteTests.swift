// SPDX-License-Identifier: Apache-2.0 OR MIT
@testable import Control
import EventBus
import Floria
import Support
import Testing

@Suite struct NodeRouteTests {
    @Test(arguments: Carrier.allCases)
    func `nodes are listed with their state, process and ports`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let nodes = try await carrier.run(shop.backend) { try await $0.nodes(of: "shop") }
        #expect(
            nodes == [
                ["node": "shop/database", "type": "", "state": "initial"],
                [
                    "node": "shop/web-0", "type": "Web", "state": "started", "host": "here", "pid": 77,
                    "ports": [["port": 8080, "capability": "endpoint", "protocol": "tcp"]],
                ],
            ])
        #expect(try await carrier.run(shop.backend) { try await $0.nodes() }.count == 2)
        let found = try await problems { _ = try await carrier.run(shop.backend) { try await $0.nodes(of: "x") } }
        #expect(found.map(\.code) == ["service.unknown"])
    }

    @Test(arguments: Carrier.allCases)
    func `a node is shown with what it contains and its edges`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let node = try await carrier.run(shop.backend) { try await $0.node(Shop.web) }
        #expect(node["id"] == "vertex:shop/web-0")
        #expect(
            node["contained"]?.list?.map { $0["id"] } == [
                "vertex:shop/web-0.capability.endpoint", "vertex:shop/web-0.interface.maintenance",
            ])
        #expect(node["outgoing"]?.list?.map { $0["id"] } == ["edge:shop/web-0.database-0"])
        #expect(node["incoming"] == [])
        let found = try await problems {
            _ = try await carrier.run(shop.backend) {
                try await $0.node(.vertex(Directory(["shop"]), "web 9/%ä".replacing("/", with: "?")))
            }
        }
        #expect(found.map(\.code) == ["node.unknown"])
        #expect(found[0].message == "there is no ‘shop/web 9?%ä’ in the graph")
    }

    @Test(arguments: Carrier.allCases)
    func `a property is set by hand, and says who did it`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let property = try await carrier.run(shop.backend) { try await $0.set("state", of: Shop.web, to: "tested") }
        #expect(property["value"] == "tested")
        #expect(property["provenance"]?["author"] == "person")
        #expect(property["provenance"]?["name"] == .text(Caller.agent.accountName))
        let found = try await problems {
            _ = try await carrier.run(shop.backend) { try await $0.set("no", of: Shop.web, to: 1) }
        }
        #expect(found.map(\.code) == ["node.unknown-property"])
    }

    @Test(arguments: Carrier.allCases)
    func `an expression that is set by hand computes the value from then on`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let property = try await client.set("host", of: Shop.web, toExpression: #"floria:value("state") # comment"#)
            #expect(property["value"] == "started")
            #expect(property["own-updater"] == (try Notation.decode(#"floria:value("state")"#)))
            #expect(property["provenance"]?["author"] == "person")
            #expect(property["provenance"]?["name"] == .text(Caller.agent.accountName))
            _ = try await client.set("state", of: Shop.web, to: "tested")
            let node = try await client.node(Shop.web)
            #expect(node["properties"]?["host"]?["value"] == "tested")
            let plain = try await client.set("host", of: Shop.web, to: "there")
            #expect(plain["value"] == "there")
            #expect(plain["own-updater"] == nil)
        }
    }

    @Test(arguments: [
        ("floria:value(", "notation.syntax", "expression:1:14"), ("[1,\n 2 3]", "notation.syntax", "expression:2:4"),
        (#"floria:value("state")"#, "floria.cycle", "shop/web-0.state"),
        (#"floria:value("none")"#, "floria.unknown-property", "shop/web-0.state"),
        ("none:at-all()", "floria.unknown-function", "shop/web-0.state"),
    ])
    func `an expression that will not do is refused, and changes nothing`(
        text: String, code: String, place: String
    ) async throws {
        let shop = try await Shop()
        try await Carrier.http.run(shop.backend) { client async throws in
            let before = try await client.node(Shop.web)
            let found = try await problems { _ = try await client.set("state", of: Shop.web, toExpression: text) }
            #expect(found.map(\.code) == [code])
            #expect(found[0].place?.description == place)
            #expect(try await client.node(Shop.web) == before)
        }
    }

    @Test(
        arguments: [
            ["name": "state"], ["name": "state", "value": 1, "expression": "1"], ["name": "state", "expression": 1],
        ] as [Value])
    func `a property is set to exactly one of a value and an expression`(body: Value) async throws {
        let request = APIRequest(.post, ["nodes", "shop", "web-0", "set"], body: .value(body))
        let response = await Router(try await Shop().backend).respond(to: request, from: .agent)
        #expect(response.status == 400)
        #expect(response.problems.all.map(\.code) == ["api.invalid-request"])
    }

    @Test func `what was set by hand is among the commands that would do the same`() async throws {
        let shop = try await Shop()
        let workloads = BusWorkloads(bus: CannedBus(answer: [["comment": "start it", "command": "web"]]), store: shop.store)
        try await Carrier.inProcess.run(shop.backend) { client async throws in
            _ = try await client.set("pid", of: Shop.web, toExpression: #"floria:value("state")"#)
            _ = try await client.set("state", of: Shop.web, to: "it's 1")
        }
        let account = Caller.agent.accountName
        #expect(
            try await workloads.explain(Shop.web) == [
                [
                    "comment": .text("set by \(account)"),
                    "command": #"khutulun node set shop/web-0 pid --expression 'floria:value("state")'"#,
                ],
                ["comment": .text("set by \(account)"), "command": #"khutulun node set shop/web-0 state 'it'\''s 1'"#],
                ["comment": "start it", "command": "web"],
            ])
    }

    @Test(arguments: Carrier.allCases)
    func `logs, commands and explanations come from the workload`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let lines = try await collect(client.logs(of: Shop.web, LogRequest(isFollowing: true, after: 5, lines: 2)))
            #expect(lines == [["position": 5, "line": "line 0"], ["position": 6, "line": "line 1"]])
            let output = try await collect(client.exec(["echo", "a b"], on: Shop.web))
            #expect(output == [["output": "echo a b"], ["error": ""], ["status": 0]])
            #expect(try await client.explain(Shop.web) == [["comment": "starts it", "command": "setsid web"]])
        }
    }

    @Test(arguments: Carrier.allCases)
    func `operations are called and nodes restarted by the conductor`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let result = try await client.call("maintenance.backup", of: Shop.web, inputs: ["to": "x"], key: "k")
            #expect(result == CallResult(operation: "shop/10", outputs: ["file": "dump"]))
            #expect(try await client.restart(Shop.web) == "shop/9")
            #expect(try await client.retry("shop/2")["state"] == "planned")
        }
        #expect(
            shop.conductor.requests == [
                #"call maintenance.backup shop/web-0 {"to":"x"} k"#, "restart shop/web-0", "retry shop/2",
            ])
    }

    @Test(arguments: Carrier.allCases)
    func `the ledger is listed by service and state, and shown by either name`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            #expect(try await client.operations().map { $0["id"] } == ["0", "1", "2", "3"])
            #expect(try await client.operations(of: "shop", state: "failed").map { $0["id"] } == ["0", "2"])
            #expect(try await client.operations(of: "other") == [])
            #expect(try await client.operation("shop/2")["state"] == "failed")
            #expect(try await client.operation("2")["state"] == "failed")
            let found = try await problems { _ = try await client.operation("9") }
            #expect(found.map(\.code) == ["operation.unknown"])
        }
    }
}

/// A stand-in for a bus, whose hosts all answer the same.
private struct CannedBus: Bus {
    let answer: Value

    func ask(_ host: String, _ message: Message) async throws(Problem) -> Value { answer }
    func serve(_ host: String, _ answer: @escaping @Sendable (Message) async throws(Problem) -> Value) async {}
}
