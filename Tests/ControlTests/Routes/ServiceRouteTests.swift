// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Support
import Testing

@Suite struct ServiceRouteTests {
    @Test(arguments: Carrier.allCases)
    func `the agent tells its version`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let version = try await carrier.run(shop.backend) { try await $0.version() }
        #expect(version == ["version": "1.2.3", "host": "here", "data": "/data", "pid": 42])
    }

    @Test(arguments: Carrier.allCases)
    func `services are listed with what is unfinished`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let services = try await carrier.run(shop.backend) { try await $0.services() }
        #expect(services == [["name": "shop", "state": "failed", "nodes": 2, "unfinished": 3, "updated": 1234]])
    }

    @Test(arguments: Carrier.allCases)
    func `a service tells its inputs, outputs and nodes`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let service = try await carrier.run(shop.backend) { try await $0.service("shop") }
        #expect(service["inputs"] == ["greeting": "hello"])
        #expect(service["outputs"] == ["url": "http://127.0.0.1:8080/"])
        #expect(service["nodes"]?.list?.count == 2)
        #expect(service["problems"]?.list?.first?["code"] == "operation.failed")
    }

    @Test(arguments: Carrier.allCases)
    func `whatever is unfinished has a reason, an age and a cure`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let service = try await carrier.run(shop.backend) { try await $0.service("shop") }
        let expected: Value = [
            [
                "what": "lifecycle.start of shop/web-0", "reason": "there is no such program", "age": 3998,
                "deadline": .null, "cure": "khutulun operation retry shop/2",
            ],
            [
                "what": "lifecycle.check of shop/web-0", "reason": "it waits for 2", "age": 3997, "deadline": .null,
                "cure": "khutulun operation show shop/3",
            ],
            [
                "what": "shop.output.later", "reason": "it is known when it runs", "age": 4000, "deadline": .null,
                "cure": "khutulun node show shop",
            ],
        ]
        #expect(service["unfinished"] == expected)
    }

    @Test(arguments: [("failed", "khutulun node restart shop/database"), ("restarting", "khutulun node logs shop/database")])
    func `a node that is not as it was made is unfinished`(state: String, cure: String) async throws {
        let shop = try await Shop()
        let found = try await shop.store.read { snapshot throws(Problem) in try snapshot.entity(Shop.database) }
        guard case .vertex(var database)? = found else { throw Problem("test.no-node", "there is no database") }
        for (name, value) in [("state", state), ("reason", "it ended with status 3")] {
            database.properties[name] = Property(
                value: .text(value), provenance: Provenance(.plugin, "process", time: 2000))
        }
        database.properties["restart_deadline"] = Property(value: 9000)
        var transaction = Transaction()
        transaction.puts = [.vertex(database)]
        try await shop.store.commit(transaction)
        let unfinished = try await shop.backend.graph.service("shop")["unfinished"]?.list ?? []
        #expect(
            unfinished.contains([
                "what": "shop/database", "reason": "it ended with status 3", "age": 3000,
                "deadline": state == "restarting" ? 9000 : .null, "cure": .text(cure),
            ]))
    }

    @Test func `what waits has a deadline if all that it waits for has one, and what was cancelled is told`() async throws {
        let shop = try await Shop()
        func row(_ id: String, _ state: String, waitsFor: [Value] = []) -> Record {
            var row: Value = [
                "id": .text(id), "service": "shop", "node": "shop/database", "subject": "vertex:shop/database",
                "operation": "lifecycle.stop", "state": .text(state), "host": "here", "planned": 1000, "deployment": "d2",
                "waits-for": .list(waitsFor), "time-limit": 2000,
            ]
            if state == "started" { row["deadline"] = 6500 }
            return Record("operations", "shop/\(id)", row)
        }
        var transaction = Transaction()
        transaction.records = [
            row("4", "started"), row("5", "planned", waitsFor: ["1", "4"]), row("6", "planned", waitsFor: ["5"]),
            row("7", "planned", waitsFor: ["4", "2"]), row("8", "cancelled"), row("9", "planned"),
        ]
        try await shop.store.commit(transaction)
        let unfinished = try await shop.backend.graph.service("shop")["unfinished"]?.list ?? []
        let ours = unfinished.filter { $0["what"] == "lifecycle.stop of shop/database" }
        #expect(ours.map { $0["deadline"] } == [6500, 8500, 10500, .null, .null, 7000])
        #expect(ours[4]["reason"]?.text?.contains("cancelled") == true)
        #expect(ours[4]["cure"] == "khutulun operation retry shop/8")
        let pending = unfinished.filter { $0["what"] == "shop.output.later" }
        #expect(pending.map { $0["deadline"] } == [10500])
    }

    @Test(arguments: Carrier.allCases)
    func `a service that isn't there is a problem that says so`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let found = try await problems { _ = try await carrier.run(shop.backend) { try await $0.service("other") } }
        #expect(found.map(\.code) == ["service.unknown"])
        #expect(found[0].message == "there is no service ‘other’")
        #expect(found[0].status == 404)
    }

    @Test(arguments: Carrier.allCases)
    func `a plan is asked for with its design and inputs`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let plan = try await carrier.run(shop.backend) {
            try await $0.plan("new", design: ["root": "x"], inputs: ["count": 2])
        }
        #expect(plan == ["id": "p1", "service": "new"])
        #expect(shop.conductor.requests == [#"plan new {"root":"x"} {"count":2} \#(ownUID)"#])
    }

    @Test(arguments: Carrier.allCases)
    func `all problems of a plan arrive, with their hints`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let found = try await problems {
            _ = try await carrier.run(shop.backend) { try await $0.plan("new", design: ["broken": true]) }
        }
        #expect(found == [Problem("plan.broken", "one"), Problem("plan.broken", "two", hint: "mend it")])
        #expect(found[0].status == 422)
    }

    @Test(arguments: Carrier.allCases)
    func `services are deployed, cancelled and deleted by the conductor`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            #expect(try await client.deploy("shop", plan: "p1") == "d7")
            #expect(try await client.cancel("shop") == "cancelled")
            #expect(try await client.delete("shop") == "d8")
            #expect(try await client.planDeletion(of: "shop")["id"] == "p1")
        }
        #expect(shop.conductor.requests == ["deploy shop p1", "cancel shop", "delete shop", "plan shop deletion"])
        let outdated = try await problems {
            _ = try await carrier.run(shop.backend) { try await $0.deploy("shop", plan: "old") }
        }
        #expect(outdated.map(\.status) == [409])
    }

    @Test(arguments: Carrier.allCases)
    func `a command is run as a service`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let secret = SecretReference.stored(try SecretName(parsing: "shop/password"), version: nil).value
        let command = RunRequest(
            arguments: ["sleep", "1 2"], environment: ["A": "b", "P": secret], ports: ["http"], directory: "/tmp")
        let result = try await carrier.run(shop.backend) { try await $0.run(command) }
        #expect(result == RunResult(service: "run-1", deployment: "d9"))
        #expect(shop.conductor.requests == [#"run ["sleep", "1 2"] \#(JSON.encode(["A": "b", "P": secret])) ["http"] /tmp"#])
        for wrong in [RunRequest(arguments: []), RunRequest(arguments: ["sleep"], environment: ["A": 1])] {
            let found = try await problems { _ = try await carrier.run(shop.backend) { try await $0.run(wrong) } }
            #expect(found.map(\.code) == ["api.invalid-request"])
        }
    }

    @Test(arguments: Carrier.allCases)
    func `progress tells the rows of the deployment and ends with the outcome`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let lines = try await carrier.run(shop.backend) { try await collect($0.progress(of: "shop")) }
        #expect(lines.dropLast().map { $0["id"] } == ["1", "2", "3"])
        #expect(lines.last?["done"] == true)
        #expect(lines.last?["state"] == "failed")
        #expect(lines.last?["problems"]?.list?.count == 1)
    }

    @Test(arguments: Carrier.allCases)
    func `progress goes on where a reader stopped, and as things happen`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await shop.set(state: "deploying")
        let lines = try await carrier.run(shop.backend) { client async throws in
            var iterator = try await client.progress(of: "shop", after: 1).makeAsyncIterator()
            var transaction = Transaction()
            transaction.records = [
                Record("operations", "shop/3", ["id": "3", "state": "done", "deployment": "d2", "planned": 1])
            ]
            try await shop.store.commit(transaction)
            let first = try await iterator.next()
            try await shop.set(state: "running")
            return [first, try await iterator.next(), try await iterator.next()]
        }
        #expect(lines[0]?["id"] == "3")
        #expect(lines[0]?["state"] == "done")
        #expect(lines[0]?["sequence"] == 3)
        #expect(lines[1] == ["done": true, "state": "running", "problems": []])
        #expect(lines[2] == nil)
    }

    @Test(arguments: Carrier.allCases)
    func `the progress of a service that is gone ends at once`(carrier: Carrier) async throws {
        let shop = try await Shop()
        var transaction = Transaction()
        transaction.recordDeletions = [RecordKey("services", "shop")]
        try await shop.store.commit(transaction)
        let lines = try await carrier.run(shop.backend) { try await collect($0.progress(of: "shop")) }
        #expect(lines == [["done": true, "state": "deleted", "problems": []]])
    }
}

extension Shop {
    func set(state: Value) async throws {
        var transaction = Transaction()
        transaction.records = [
            Record("services", "shop", ["name": "shop", "state": state, "deployment": "d2", "problems": []])
        ]
        try await store.commit(transaction)
    }
}
