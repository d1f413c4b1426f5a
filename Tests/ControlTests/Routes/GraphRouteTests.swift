// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Support
import Testing

@Suite struct GraphRouteTests {
    @Test(arguments: Carrier.allCases)
    func `the graph is given whole or of one service`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let graph = try await client.graph(of: "shop")
            #expect(graph["vertexes"]?.list?.count == 5)
            #expect(graph["edges"]?.list?.count == 1)
            #expect(try await client.graph()["vertexes"]?.list?.count == 6)
            let read = try await client.graph(ofService: "shop")
            #expect(read.vertex(Shop.web)?.properties["pid"]?.value == 77)
            #expect(try await problems { _ = try await client.graph(of: "x") }.map(\.code) == ["service.unknown"])
        }
    }

    @Test(arguments: Carrier.allCases)
    func `an edge is made by hand and removed`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let request = EdgeRequest(source: Shop.web, target: Shop.database, name: "database")
            let edge = try await client.addEdge(request)
            #expect(edge["id"] == "edge:shop/web-0.database-1")
            #expect(edge["index"] == 1)
            #expect(edge["provenance"]?["author"] == "person")
            try await client.removeEdge(ID(.edge, Directory(["shop"]), "web-0.database-1"))
            let found = try await problems { try await client.removeEdge(ID(.edge, Directory(["shop"]), "web-0.database-1")) }
            #expect(found.map(\.code) == ["edge.unknown"])
        }
    }

    @Test(arguments: Carrier.allCases)
    func `an edge to nowhere is refused`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let request = EdgeRequest(source: Shop.web, target: .vertex(Directory(["shop"]), "gone"), name: "x")
        let found = try await problems { _ = try await carrier.run(shop.backend) { try await $0.addEdge(request) } }
        #expect(found.map(\.code) == ["node.unknown"])
    }

    @Test(arguments: Carrier.allCases)
    func `plugins and reserved ports are listed`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            #expect(try await client.plugins().map { $0["name"] } == ["process"])
            #expect(try await client.plugin("process")["digest"] == "d1")
            #expect(try await problems { _ = try await client.plugin("x") }.map(\.code) == ["plugin.unknown"])
            #expect(
                try await client.ports() == [
                    [
                        "host": "here", "protocol": "tcp", "address": "127.0.0.1", "port": 8080, "node": "shop/web-0",
                        "capability": "shop/web-0.capability.endpoint", "since": 900,
                    ]
                ])
        }
    }
}
