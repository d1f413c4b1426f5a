// SPDX-License-Identifier: Apache-2.0 OR MIT
import AsyncHTTPClient
import Support
import TOSCA
import Testing

@testable import Fetching

/// Addresses, and what is told beside them.
struct WebAddressTests {
    @Test(arguments: [
        ("http://Example.org", "http://example.org/"), ("HTTPS://example.org:443/a", "https://example.org/a"),
        ("http://example.org:8080/a/../b/./c.yaml", "http://example.org:8080/b/c.yaml"),
        ("http://example.org/../../a", "http://example.org/a"), ("https://[::1]:8443/a", "https://[::1]:8443/a"),
        ("https://example.org/a b/ü?q=x/y", "https://example.org/a%20b/%C3%BC?q=x%2Fy"),
        ("https://example.org/a%20b", "https://example.org/a%20b"), ("https://example.org/a/#part", "https://example.org/a/"),
    ]) func `an address has one form`(text: String, form: String) throws {
        try #expect(WebAddress(parsing: text).text == form)
        try #expect(WebAddress(parsing: form).text == form)
    }

    @Test(arguments: ["http:/example.org/a", "https:a", "http://", "http:///a", "https://exa mple.org", "https://a%2e/b"])
    func `what has no host is no address`(text: String) {
        #expect(problem { try WebAddress(parsing: text) }?.code == "fetch.malformed-address")
    }

    @Test(arguments: [
        ("b", "https://h/x/b"), ("/b", "https://h/b"), ("../b", "https://h/b"), ("//k/b", "https://k/b"),
        ("http://k/b#c", "http://k/b"), ("b?c=/d", "https://h/x/b?c=%2Fd"),
    ]) func `a reference is seen from where it stands`(reference: String, target: String) throws {
        try #expect(WebAddress(parsing: "https://h/x/a?y=/z").resolving(reference).text == target)
    }

    @Test func `a netrc file tells who to be at each host`() throws {
        let text = """
            # machine example.org login nobody password wrong
            machine example.org login me password one
            machine other.org
              login you
              account x
              password two
            default login all password three
            """
        let netrc = try Netrc(parsing: text, file: "netrc")
        #expect(netrc.login(for: "Example.org")?.authorization == "Basic bWU6b25l")
        #expect(netrc.login(for: "other.org")?.password == "two")
        #expect(netrc.login(for: "third.org")?.name == "all")
        for malformed in ["secret", "machine", "machine a login", "machine a secret", "login a"] {
            let problem = problem { try Netrc(parsing: malformed, file: "netrc") }
            #expect(problem?.code == "fetch.malformed-netrc")
            #expect(problem?.message.contains("secret") == false)
        }
    }

    @Test func `the environment tells the proxy, and which hosts need none`() throws {
        let variables = ["https_proxy": "http://me:word@proxy:3128/", "http_proxy": "plain", "no_proxy": ".inner.org, local"]
        let proxy = Proxy { variables[$0] }
        func server(_ address: String) throws -> String? {
            try proxy.server(for: WebAddress(parsing: address)).map { "\($0.host):\($0.port)" }
        }
        try #expect(server("https://example.org/") == "proxy:3128")
        try #expect(proxy.server(for: WebAddress(parsing: "https://example.org/"))?.authorization != nil)
        try #expect(server("http://example.org/") == "plain:80")
        try #expect(server("https://a.inner.org/") == nil)
        try #expect(server("https://inner.org/") == nil)
        try #expect(server("https://local:8443/") == nil)
        try #expect(server("https://notlocal/") == "proxy:3128")
        try #expect(Proxy { $0 == "no_proxy" ? "*" : "p" }.server(for: WebAddress(parsing: "https://a/")) == nil)
    }
}
