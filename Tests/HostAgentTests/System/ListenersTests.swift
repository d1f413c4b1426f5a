// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support
import Testing

@testable import HostAgent

@Suite struct ListenersTests {
    /// A socket bound to a free port of the loopback address.
    private func bound(_ type: __socket_type) throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) | getsockname(descriptor, $0, &length)
            }
        }
        try #require(result == 0)
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    @Test func `a listening socket and its holder are found`() throws {
        let (tcp, tcpPort) = try bound(SOCK_STREAM)
        let (udp, udpPort) = try bound(SOCK_DGRAM)
        defer {
            close(tcp)
            close(udp)
        }
        #expect(!Listeners.read().contains { $0.transport == .tcp && $0.port == tcpPort })
        try #require(listen(tcp, 5) == 0)
        let listeners = Listeners.read()
        let own = try #require(listeners.first { $0.transport == .tcp && $0.port == tcpPort })
        #expect(own.address == "127.0.0.1")
        #expect(own.pid == getpid())
        #expect(own.program?.isEmpty == false)
        #expect(listeners.contains { $0.transport == .udp && $0.port == udpPort && $0.pid == getpid() })
    }

    @Test func `addresses of both families are read`() {
        let table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1234 1 0 100 0 0 10 0
               1: 0100007F:1F91 0100007F:0050 01 00000000:00000000 00:00000000 00000000     0        0 1235 1 0 100 0 0 10 0
               2: B80D0120000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 77 1

            """
        let sockets = Listeners.parse(Array(table.utf8), .tcp)
        #expect(
            sockets == [
                .init(listener: Listener(transport: .tcp, address: "127.0.0.1", port: 8080), inode: 1234),
                .init(listener: Listener(transport: .tcp, address: "2001:db8::1", port: 80), inode: 77),
            ])
        #expect(sockets[0].listener.document == ["protocol": "tcp", "address": "127.0.0.1", "port": 8080])
    }
}
