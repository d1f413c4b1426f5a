// SPDX-License-Identifier: Apache-2.0 OR MIT
@testable import PortsDecisions
import Testing

@Suite struct PortRangeTests {
    private func range(_ first: Int, _ last: Int) throws -> PortRange { try #require(PortRange(checking: first, last)) }

    @Test func `every port of a range is tried once, beginning at a place of the asker's`() throws {
        let range = try range(20_000, 20_009)
        let first = Array(Candidates(range, excluding: nil, for: "shop/web-0.capability.http"))
        let second = Array(Candidates(range, excluding: nil, for: "shop/web-1.capability.http"))
        #expect(first.sorted() == Array(20_000...20_009))
        #expect(second.sorted() == Array(20_000...20_009))
        #expect(first.first != second.first)
        #expect(first == Array(Candidates(range, excluding: nil, for: "shop/web-0.capability.http")))
    }

    @Test func `the kernel's own ports are left out`() throws {
        let candidates = Candidates(try range(32_760, 32_770), excluding: try range(32_768, 60_999), for: "a")
        #expect(candidates.sorted() == Array(32_760...32_767))
    }

    @Test func `a range within the kernel's own leaves none`() throws {
        #expect(Array(Candidates(try range(40_000, 40_100), excluding: try range(32_768, 60_999), for: "a")).isEmpty)
    }

    @Test(arguments: [(0, 10), (10, 9), (1, 65_536)])
    func `what is no range of ports is none`(first: Int, last: Int) {
        #expect(PortRange(checking: first, last) == nil)
    }

    @Test func `the kernel's range is read as it is written`() throws {
        #expect(PortRange.parse("32768\t60999\n") == (try range(32_768, 60_999)))
        #expect(PortRange.parse("") == nil)
        #expect(PortRange.parse("99999999999999999999 1") == nil)
    }

    @Test func `the hash is the same everywhere`() {
        #expect(stableHash("") == 0xcbf2_9ce4_8422_2325)
        #expect(stableHash("a") == 0xaf63_dc4c_8601_ec8c)
    }

    @Test func `the parent of a process is read whatever its name is`() {
        #expect(parentProcess("77 (a) 1 (b) S 42 77 77 0") == 42)
        #expect(parentProcess("") == nil)
    }
}

@Suite struct SocketTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "10.0.0.1", false), ("0.0.0.0", "127.0.0.1", true),
        ("10.0.0.1", "0.0.0.0", true),
        ("::", "127.0.0.1", true), ("::ffff:127.0.0.1", "127.0.0.1", true), ("[::1]", "::1", true), ("::1", "127.0.0.1", false),
        ("*", "10.0.0.1", true),
    ])
    func `two sockets of one port conflict if one address takes in the other`(first: String, second: String, conflict: Bool) {
        let first = Socket(transport: "tcp", address: first, port: 80)
        #expect(first.conflicts(with: Socket(transport: "tcp", address: second, port: 80)) == conflict)
    }

    @Test func `other ports and other transports never conflict`() {
        let socket = Socket(transport: "tcp", address: "0.0.0.0", port: 80)
        #expect(!socket.conflicts(with: Socket(transport: "udp", address: "0.0.0.0", port: 80)))
        #expect(!socket.conflicts(with: Socket(transport: "tcp", address: "0.0.0.0", port: 81)))
    }

    @Test func `all reservations of one port have one name, whatever the address is`() {
        #expect(Socket(transport: "tcp", address: "0.0.0.0", port: 80).reservationName == "tcp-80")
        #expect(Socket(transport: "tcp", address: "::1", port: 80).reservationName == "tcp-80")
        #expect(Socket(transport: "udp", address: "::1", port: 80).reservationName == "udp-80")
    }

    @Test(arguments: [("127.0.0.1", "127.0.0.1:80"), ("0.0.0.0", "192.0.2.7:80"), ("::", "192.0.2.7:80"), ("::1", "[::1]:80")])
    func `an endpoint is where others reach the socket`(address: String, text: String) {
        #expect(endpoint(address, 80, hostAddress: "192.0.2.7") == text)
    }
}
