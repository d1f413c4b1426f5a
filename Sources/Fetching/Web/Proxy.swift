// SPDX-License-Identifier: Apache-2.0 OR MIT
import AsyncHTTPClient
import Glibc

/// Through which servers others are reached, as the environment tells: `https_proxy`, `http_proxy` and `no_proxy`, as usual.
struct Proxy {
    /// What the environment of this program tells.
    static let environment = Proxy { name in getenv(name).map { String(cString: $0) } }

    private let secure: String?
    private let plain: String?
    private let exceptions: [Substring]

    /// - Parameter variable: The value of an environment variable.
    init(_ variable: (String) -> String?) {
        // In upper case, what a web server calls HTTP_PROXY is a header of a request.
        plain = variable("http_proxy")
        secure = variable("https_proxy") ?? variable("HTTPS_PROXY")
        exceptions = (variable("no_proxy") ?? variable("NO_PROXY") ?? "").split { $0 == "," || $0 == " " }
    }

    /// The server through which the one of an address is reached; nil if it is reached directly.
    func server(for address: WebAddress) -> HTTPClient.Configuration.Proxy? {
        guard let text = address.isEncrypted ? secure : plain, !text.isEmpty, !isException(address.host) else { return nil }
        let authority = text.split(separator: "/").last { $0 != "http:" } ?? ""
        let (login, server) = Self.split(authority)
        let colon = server.lastIndex(of: ":")
        let port = colon.flatMap { Int(server[server.index(after: $0)...]) } ?? 80
        let host = String(server[..<(colon ?? server.endIndex)])
        guard let login else { return .server(host: host, port: port) }
        let parts = login.split(separator: ":", maxSplits: 1).map(String.init)
        return .server(
            host: host, port: port,
            authorization: .basic(username: parts.first ?? "", password: parts.count > 1 ? parts[1] : ""))
    }

    private func isException(_ host: String) -> Bool {
        exceptions.contains { name in
            let domain = name.drop { $0 == "." }.lowercased()
            return name == "*" || host == domain || host.hasSuffix(".\(domain)")
        }
    }

    private static func split(_ authority: Substring) -> (Substring?, Substring) {
        guard let at = authority.lastIndex(of: "@") else { return (nil, authority) }
        return (authority[..<at], authority[authority.index(after: at)...])
    }
}
