// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Support
import Testing

@Suite struct PlanRouteTests {
    private func shop() async throws -> Shop {
        let shop = try await Shop()
        var transaction = Transaction()
        for (id, service) in [("1", "shop"), ("2", "other")] {
            transaction.records.append(Record("plans", id, ["id": .text(id), "service": .text(service)]))
            let content: Value = [
                "service": .text(service), "goal": "delete", "take": [], "secrets": [],
                "shown": ["service": .text(service), "operations": []],
            ]
            transaction.records.append(Record("plan-contents", "\(id)/00", .blob(CBOR.encode(content))))
        }
        try await shop.store.commit(transaction)
        return shop
    }

    @Test(arguments: Carrier.allCases)
    func `plans are listed, shown as they were, and dropped by the conductor`(carrier: Carrier) async throws {
        let shop = try await shop()
        try await carrier.run(shop.backend) { client async throws in
            #expect(try await client.plans().map { $0["id"] } == ["1", "2"])
            #expect(try await client.plans(of: "other").map { $0["id"] } == ["2"])
            #expect(try await client.plan("1") == ["id": "1", "service": "shop", "operations": []])
            try await client.drop(plan: "1")
        }
        #expect(shop.conductor.requests == ["drop 1"])
        let unknown = try await problems { _ = try await carrier.run(shop.backend) { try await $0.plan("9") } }
        #expect(unknown.map(\.status) == [404])
    }

    @Test(arguments: Carrier.allCases)
    func `what is taken from the design is said when planning, and so is an undo`(carrier: Carrier) async throws {
        let shop = try await Shop()
        var take = Resolution()
        take.properties = [PropertyReference(Shop.web, "x")]
        try await carrier.run(shop.backend) { [take] client async throws in
            _ = try await client.plan("new", design: [:], take: take)
            _ = try await client.planUndo(of: "shop")
        }
        #expect(
            shop.conductor.requests == [
                #"plan new {} {} \#(ownUID) taking [{"entity":"vertex:shop/web-0","property":"x"}]"#, "plan shop undo",
            ])
    }
}
