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
    func `events are made, listed and watched`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let first = try await client.emit(
                EmitRequest(entity: Shop.web, type: "ping", payload: ["n": 1], delay: 50, id: "e1"))
            #expect(first["due"] == 5050)
            _ = try await client.emit(EmitRequest(entity: Shop.web, type: "ping", id: "e1"))
            var watched = try await client.watchEvents().makeAsyncIterator()
            _ = try await client.emit(EmitRequest(entity: Shop.database, type: "pong", host: "here"))
            let seen = try #require(try await watched.next())
            #expect(seen["type"] == "pong")
            #expect(seen["sequence"] == 2)
            #expect(try await client.events().map { $0["type"] } == ["ping", "pong"])
            #expect(try await client.events(EventsRequest(after: 1)).map { $0["host"] } == ["here"])
            #expect(try await client.events(EventsRequest(limit: 1)).count == 1)
            #expect(try await client.events(EventsRequest(entity: Shop.database)).map { $0["type"] } == ["pong"])
            var replayed = try await client.watchEvents(after: 0).makeAsyncIterator()
            #expect(try await replayed.next()?["id"] == "e1")
        }
    }

    @Test(arguments: Carrier.allCases)
    func `an event of nothing is refused`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let request = EmitRequest(entity: .vertex(.root, "gone"), type: "ping")
        let found = try await problems { _ = try await carrier.run(shop.backend) { try await $0.emit(request) } }
        #expect(found.map(\.code) == ["entity.not-found"])
        #expect(found[0].status == 404)
    }

    @Test(arguments: Carrier.allCases)
    func `handlers are attached, listed with those of the classes, and detached`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let script = try #require(try await client.sendArtifact("#!/bin/sh\n"))
            let first = try await client.addHandler(
                HandlerRequest(node: Shop.web, event: "exited", action: .script(digest: script, file: "note.sh")))
            #expect(first["name"] == "exited-1")
            #expect(first["call"] == .call(Call(FunctionName(plugin: "khutulun", name: "script"), [.text(script), "note.sh"])))
            _ = try await client.addHandler(
                HandlerRequest(node: Shop.web, event: "due", action: .operation("maintenance.backup"), name: "b"))
            _ = try await client.addHandler(
                HandlerRequest(node: Shop.web, event: "due", action: .function(FunctionName(plugin: "process", name: "exited")))
            )
            let names = try await client.handlers(of: Shop.web).map { $0["name"] }
            #expect(names == ["exited-1", "b", "due-1", "process"])
            #expect(try await client.handlers().count == 4)
            try await client.removeHandler("b", of: Shop.web)
            let found = try await problems { try await client.removeHandler("b", of: Shop.web) }
            #expect(found.map(\.code) == ["handler.unknown"])
        }
    }

    @Test(
        arguments: Carrier.allCases,
        [
            (HandlerRequest.Action.operation("maintenance.restore"), "node.unknown-operation"),
            (.function(FunctionName(plugin: "nobody", name: "x")), "plugin.unknown"),
            (.function(FunctionName(plugin: "process", name: "x")), "plugin.unknown-function"),
            (.script(digest: String(repeating: "0", count: 64), file: "x"), "artifact.not-found"),
        ])
    func `a handler that could never work is refused`(
        carrier: Carrier, wrong: (action: HandlerRequest.Action, code: String)
    ) async throws {
        let shop = try await Shop()
        let request = HandlerRequest(node: Shop.web, event: "x", action: wrong.action)
        let found = try await problems { _ = try await carrier.run(shop.backend) { try await $0.addHandler(request) } }
        #expect(found.map(\.code) == [wrong.code])
        #expect(found[0].status == 404)
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
