// SPDX-License-Identifier: Apache-2.0 OR MIT
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Plugins
import Support

/// The network, as plugins reach it.
extension GrantedHost {
    /// The largest answer that a plugin gets, in bytes.
    static var answerLimit: Int { 4 << 20 }

    func connect(_ request: Value) async throws(Problem) -> Value {
        guard let address = request["address"]?.text, let port = request["port"]?.integer else {
            throw malformed(.connect, "address")
        }
        try require(grants.allows(address: address, port: port), "connecting to \(address):\(port)")
        let timeout = TimeAmount.milliseconds(Int64(request["timeout"]?.integer ?? 5000))
        do {
            let channel = try await ClientBootstrap(group: environment.network).connectTimeout(timeout)
                .connect(host: address, port: port).get()
            try? await channel.close()
            return ["open": true]
        } catch {
            return ["open": false, "reason": .text("\(error)")]
        }
    }

    func http(_ request: Value) async throws(Problem) -> Value {
        guard let address = request["address"]?.text, let target = HTTPAddress(address) else {
            throw malformed(.http, "address")
        }
        switch target {
        case .internet(let host, let port):
            try require(grants.allows(address: host, port: port), "connecting to \(host):\(port)")
        case .socket(let path): try require(grants.allows(socket: path), "connecting to ‘\(path)’")
        }
        var message = HTTPClientRequest(url: address)
        message.method = .RAW(value: request["method"]?.text ?? "GET")
        for (name, value) in request["headers"]?.map ?? ValueMap() {
            if let name = name.text, let value = value.text { message.headers.add(name: name, value: value) }
        }
        if let body = request["body"]?.text { message.body = .bytes(ByteBuffer(string: body)) }
        do {
            let timeout = TimeAmount.milliseconds(Int64(request["timeout"]?.integer ?? 30_000))
            let answer = try await environment.http.execute(message, timeout: timeout)
            let body = try await answer.body.collect(upTo: Self.answerLimit)
            let headers = answer.headers.map { (Value.text($0.name.lowercased()), Value.text($0.value)) }
            return [
                "status": .integer(Int(answer.status.code)), "headers": .map(ValueMap(headers)),
                "body": .text(String(buffer: body)),
            ]
        } catch {
            throw Problem("http.failed", "\(address) did not answer: \(error)")
        }
    }
}

/// Where a request goes.
enum HTTPAddress {
    case internet(host: String, port: Int)
    case socket(path: String)

    /// Reads a URL with the scheme `http`, `https` or `http+unix`.
    init?(_ url: String) {
        guard let schemeEnd = url.range(of: "://") else { return nil }
        let rest = url[schemeEnd.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        switch url[..<schemeEnd.lowerBound] {
        case "http+unix":
            guard let path = String(authority).removingPercentEncoding else { return nil }
            self = .socket(path: path)
        case "http", "https":
            guard !authority.contains("@"), !authority.isEmpty else { return nil }
            let fallback = url.hasPrefix("https") ? 443 : 80
            if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
                let port = authority[authority.index(after: end)...].dropFirst()
                self = .internet(host: String(authority[..<end].dropFirst()), port: Int(port) ?? fallback)
            } else {
                let parts = authority.split(separator: ":", maxSplits: 1)
                self = .internet(host: String(parts[0]), port: parts.count > 1 ? Int(parts[1]) ?? fallback : fallback)
            }
        default: return nil
        }
    }
}
