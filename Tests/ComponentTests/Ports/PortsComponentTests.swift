// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Foundation
import Support
import Testing

@Suite struct PortsComponentTests {
    private func reserve(_ host: TestHost, _ node: String, _ port: String, _ options: Value? = nil) async throws(Problem)
        -> Int?
    {
        let capability = TestHost.id("\(node).capability.\(port)")
        let arguments: [Value] = [.text(capability.documentText)] + (options.map { [$0] } ?? [])
        return try await host.call("ports:reserve", arguments, at: TestHost.id(node))["port"]?.integer
    }

    private func reservations(_ host: TestHost) async throws -> [Value] {
        try #require(try await host.call("ports:list", ["here"], at: TestHost.id("any")).list)
    }

    @Test func `many who ask at once for ports of one range get each a different one`() async throws {
        try await TestHost.with { host in
            for number in 0..<20 { try await host.add("n\(number)", [:], ports: ["http": [21_100, 21_119]]) }
            let ports = try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<20 { group.addTask { try await reserve(host, "n\(number)", "http") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(ports.compactMap(\.self).sorted() == Array(21_100...21_119))
            for number in 0..<20 { #expect(ports.contains(try await host.port("n\(number)", "http"))) }
        }
    }

    @Test func `a reservation is kept, and tells what it is for`() async throws {
        try await TestHost.with { host in
            try await host.add("web", [:], ports: ["http": [21_120, 21_129]])
            let port = try #require(try await reserve(host, "web", "http"))
            #expect(try await reserve(host, "web", "http") == port)
            #expect(try await host.value(TestHost.id("web.capability.http"), "endpoint") == .text("127.0.0.1:\(port)"))
            let all = try await reservations(host)
            #expect(all.count == 1)
            var reservation = try #require(all.first)
            #expect(reservation["since"]?.integer ?? 0 > 1_700_000_000_000)
            reservation["since"] = nil
            #expect(
                reservation == [
                    "kind": "reservation", "host": "here", "protocol": "tcp", "address": "127.0.0.1", "port": .integer(port),
                    "node": "vertex:shop/web", "capability": "vertex:shop/web.capability.http",
                ])
        }
    }

    @Test func `a port on which somebody listens is not given out`() async throws {
        try await TestHost.with { host in
            let stranger = try #require(Listening.open("127.0.0.1", 21_130))
            defer { close(stranger) }
            try await host.add("web", [:], ports: ["http": [21_130, 21_131]])
            #expect(try await reserve(host, "web", "http") == 21_131)
        }
    }

    @Test func `an exhausted range is a problem that says what became of its ports`() async throws {
        try await TestHost.with { host in
            let stranger = try #require(Listening.open("0.0.0.0", 21_140))
            defer { close(stranger) }
            try await host.add("one", [:], ports: ["http": [21_140, 21_141]])
            try await host.add("two", [:], ports: ["http": [21_140, 21_141]])
            #expect(try await reserve(host, "one", "http") == 21_141)
            let problem = await #expect(throws: Problem.self) { _ = try await reserve(host, "two", "http") }
            #expect(problem?.code == "ports.exhausted")
            #expect(
                problem?.message
                    == "no tcp port from 21140 to 21141 is free on the host ‘here’ for ‘shop/two.capability.http’: 1 are reserved, 1 are in use"
            )
            #expect(
                problem?.hint
                    == "give the capability another ‘range’, or end what uses the ports; ‘khutulun port list’ shows the reservations"
            )
        }
    }

    @Test func `who holds a reserved port is named, and another is reserved in its place`() async throws {
        try await TestHost.with { host in
            try await host.add("web", [:], ports: ["http": [21_150, 21_159]])
            let port = try #require(try await reserve(host, "web", "http"))
            let capability = Value.text(TestHost.id("web.capability.http").documentText)
            #expect(try await host.call("ports:check", [capability], at: TestHost.id("web"))["state"] == "free")
            let stranger = try #require(Listening.open("127.0.0.1", port))
            defer { close(stranger) }
            let found = try await host.call("ports:check", [capability], at: TestHost.id("web"))
            #expect(found["state"] == "taken")
            #expect(found["holder"]?["pid"]?.integer == Int(getpid()))
            let other = try #require(try await reserve(host, "web", "http", ["instead-of": .integer(port)]))
            #expect(other != port)
            #expect(try await reservations(host).compactMap { $0["port"]?.integer } == [other])
            #expect(try await host.port("web", "http") == other)
        }
    }

    @Test func `releasing gives back the ports of the node and of no other`() async throws {
        try await TestHost.with { host in
            try await host.add("one", [:], ports: ["a": [21_160, 21_169], "b": [21_160, 21_169]])
            try await host.add("two", [:], ports: ["a": [21_160, 21_169]])
            for (node, port) in [("one", "a"), ("one", "b"), ("two", "a")] { _ = try await reserve(host, node, port) }
            let node = TestHost.id("one")
            #expect(try await host.call("ports:release", [.text(node.documentText)], at: node) == ["released": 2])
            #expect(try await host.call("ports:release", [.text(node.documentText)], at: node) == ["released": 0])
            #expect(try await reservations(host).compactMap { $0["node"] } == ["vertex:shop/two"])
        }
    }

    @Test func `another component in its place changes how ports are given out, and nothing else`() async throws {
        let odd = try await Components.build(example: "odd-ports")
        try await TestHost.with(replacing: ["ports": odd]) { host in
            let node = try await host.add(
                "web", ["command": ["sleep", "60"]], ports: ["a": [21_170, 21_179], "b": [21_170, 21_179]])
            try await host.call("process:create", [[:]], at: node)
            let ports = [try await host.port("web", "a"), try await host.port("web", "b")]
            #expect(ports.compactMap(\.self).sorted() == [21_177, 21_179])
        }
    }
}
