// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Glibc
import Support
import Testing

@Suite struct AccessTests {
    @Test func `root and the agent's own account are admin, and nobody else is anything`() {
        #expect(Access.standard.caller(uid: 0).role == .admin)
        #expect(Access.standard.caller(uid: geteuid()).role == .admin)
        #expect(Access.standard.caller(uid: 4_000_000).role == nil)
    }

    @Test func `each role may do what the one before it may`() {
        #expect(Role.allCases.sorted() == [.viewer, .operator, .admin, .host])
    }

    @Test(arguments: Carrier.allCases)
    func `an account without a role is denied, by its number`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let found = try await problems {
            _ = try await carrier.run(shop.backend, access: Access(roles: [:])) { try await $0.services() }
        }
        #expect(found.map(\.code) == ["api.denied"])
        #expect(found[0].message == "account \(ownUID) has no role here, and this needs the role ‘viewer’")
        #expect(found[0].status == 403)
    }

    @Test(arguments: Carrier.allCases)
    func `a viewer looks and changes nothing`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend, access: Access(roles: [ownUID: .viewer])) { client async throws in
            #expect(try await client.nodes().count == 2)
            let found = try await problems { _ = try await client.delete("shop") }
            #expect(found[0].message == "account \(ownUID) has the role ‘viewer’ here, and this needs the role ‘operator’")
        }
        #expect(shop.conductor.requests.isEmpty)
    }

    @Test(arguments: Carrier.allCases)
    func `only an admin reaches the store itself`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend, access: Access(roles: [ownUID: .operator])) { client async throws in
            #expect(try await client.delete("shop") == "d8")
            let found = try await problems { _ = try await client.entity(Shop.web) }
            #expect(found[0].message == "account \(ownUID) has the role ‘operator’ here, and this needs the role ‘admin’")
        }
    }

    @Test func `the kernel says who is at the other end`() throws {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { ends.forEach { close($0) } }
        let peer = try PeerCredentials(descriptor: ends[0])
        #expect(peer.pid == getpid())
        #expect(peer.uid == geteuid())
        #expect(peer.gid == getegid())
    }

    @Test func `what is no socket has nobody at its other end`() throws {
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        #expect(throws: Problem.self) { try PeerCredentials(descriptor: descriptor) }
    }

    @Test func `a caller has the name of its account`() {
        #expect(Caller(uid: 0, role: nil).accountName == "root")
        #expect(Caller(uid: 4_000_000, role: nil).accountName == "4000000")
    }
}
