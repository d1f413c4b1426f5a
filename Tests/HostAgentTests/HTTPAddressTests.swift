// SPDX-License-Identifier: Apache-2.0 OR MIT
import Testing

@testable import HostAgent

@Suite struct `Addresses of requests` {
    @Test(arguments: [
        ("http://127.0.0.1:8080/a", "127.0.0.1", 8080), ("http://host/x", "host", 80), ("https://host", "host", 443),
        ("http://[::1]:90/", "::1", 90), ("http://host?q=http://other:1/", "host", 80),
    ])
    func `host and port are those that are connected to`(url: String, host: String, port: Int) throws {
        guard case .internet(let foundHost, let foundPort)? = HTTPAddress(url) else {
            Issue.record("‘\(url)’ has no host")
            return
        }
        #expect(foundHost == host)
        #expect(foundPort == port)
    }

    @Test(arguments: ["file:///etc/passwd", "host:80", "http://user@host/", "http://"])
    func `anything else is refused`(url: String) {
        #expect(HTTPAddress(url) == nil)
    }

    @Test func `a socket is named by its path`() {
        guard case .socket(let path)? = HTTPAddress("http+unix://%2Frun%2Fa.sock/v1") else {
            Issue.record("no socket")
            return
        }
        #expect(path == "/run/a.sock")
    }
}
