// SPDX-License-Identifier: Apache-2.0 OR MIT
import AsyncHTTPClient
import CSAR
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Support
import TOSCA

/// What a server said of a file's version, to be told when it is asked for again (RFC 9110, 8.8).
struct Validators: Hashable {
    var tag: String?
    var date: String?
}

/// One request for a file, with the redirections that it takes.
struct Download: Sendable {
    /// A file that came.
    struct Answer {
        let content: ScratchContent
        let validators: Validators
    }

    /// How often a server may say that the file is elsewhere.
    private static let redirectionLimit = 5

    let options: FetchOptions
    let limit: Int

    /// Gets a file; nil if it is still the one that the validators tell.
    ///
    /// - Throws: `fetch.*`, `file.failed`.
    func get(_ address: WebAddress, unless validators: Validators?) throws(Problem) -> Answer? {
        try follow(address, validators) {
            Collector(limit: limit, name: $0.text)
        } then: { collector in
            let head = collector.head
            return head.status == 304 ? nil : Answer(content: collector.content, validators: head.validators)
        }
    }

    /// Begins to get a file, whose bytes come as they are asked for.
    ///
    /// - Throws: `fetch.*`.
    func stream(_ address: WebAddress) throws(Problem) -> any ByteStream {
        try follow(address, nil) {
            StreamedBody(limit: limit, name: $0.text)
        } then: { body in
            DownloadStream(body: body) { error in problem(of: error, address) }
        }
    }

    /// Asks for a file where it is said to be, until it is there.
    private func follow<Taker: ResponseTaker, Result>(
        _ address: WebAddress, _ validators: Validators?, taking make: (WebAddress) -> Taker, then use: (Taker) -> Result
    ) throws(Problem) -> Result {
        let names = try options.netrc.map { path throws(Problem) in try Netrc(path: path) }
        let deadline = NIODeadline.now() + .seconds(Int64(options.timeout))
        var current = address
        for _ in 0...Self.redirectionLimit {
            let client = try WebConnections.client(authorities: options.authorities, Proxy.environment.server(for: current))
            let taker = make(current)
            let request = try request(current, validators, names)
            do {
                try taker.take(client.execute(request: request, delegate: taker, deadline: deadline))
            } catch {
                throw problem(of: error, current)
            }
            switch taker.head.status {
            case 200: return use(taker)
            case 304 where validators != nil: return use(taker)
            case 301, 302, 303, 307, 308: current = try target(of: taker.head, current)
            default: throw refused(taker.head, current)
            }
        }
        throw Problem(
            "fetch.failed", "‘\(address.text)’ leads from one address to the next, more than \(Self.redirectionLimit) times")
    }

    private func request(
        _ address: WebAddress, _ validators: Validators?, _ names: Netrc?
    ) throws(Problem) -> HTTPClient.Request {
        var headers: HTTPHeaders = ["user-agent": "khutulun", "accept": "*/*"]
        if let tag = validators?.tag { headers.add(name: "if-none-match", value: tag) }
        if let date = validators?.date { headers.add(name: "if-modified-since", value: date) }
        // Without encryption everybody on the way could read the password.
        if address.isEncrypted, let login = names?.login(for: address.host) {
            headers.add(name: "authorization", value: login.authorization)
        }
        do {
            return try HTTPClient.Request(url: address.text, headers: headers)
        } catch {
            throw Problem("fetch.malformed-address", "‘\(address.text)’ is no address of the web")
        }
    }

    private func target(of response: ResponseHead, _ address: WebAddress) throws(Problem) -> WebAddress {
        guard let location = response.location else {
            throw Problem("fetch.failed", "‘\(address.text)’ is elsewhere, and its server doesn't say where")
        }
        let target = try address.resolving(location)
        guard target.isEncrypted || !address.isEncrypted else {
            throw Problem(
                "fetch.failed", "‘\(address.text)’ leads to ‘\(target.text)’, which isn't encrypted",
                hint: "if that is all right, use that address")
        }
        return target
    }

    private func refused(_ response: ResponseHead, _ address: WebAddress) -> Problem {
        let hint =
            switch response.status {
            case 401, 403: "give a name and a password for ‘\(address.host)’ in a file that ‘--netrc’ names"
            case 404, 410: "see whether the address is right"
            default: "try again later, or have the address lead elsewhere with ‘--map-url’"
            }
        return Problem(
            "fetch.failed", "the server of ‘\(address.text)’ answered \(response.status) \(response.reason)", hint: hint)
    }

    private func problem(of error: any Error, _ address: WebAddress) -> Problem {
        let hint = "see whether the address is right and the network there, or have it lead elsewhere with ‘--map-url’"
        switch error {
        case let problem as Problem: return problem
        case let error as HTTPClientError where [.deadlineExceeded, .readTimeout, .connectTimeout].contains(error):
            return Problem(
                "fetch.timeout", "‘\(address.text)’ did not come within \(options.timeout) s",
                hint: "try again, with more time by ‘--fetch-timeout’, or have it lead elsewhere with ‘--map-url’")
        case let error as HTTPClientError where error == .invalidProxyResponse:
            return Problem(
                "fetch.unreachable", "‘\(address.text)’ cannot be reached: the proxy allows no tunnel to it",
                hint: "except the host from the proxy with ‘no_proxy’, or have the address lead elsewhere with ‘--map-url’")
        default:
            return Problem("fetch.unreachable", "‘\(address.text)’ cannot be reached: \(Self.reason(error))", hint: hint)
        }
    }

    /// Why a server cannot be reached, in the system's words where it has some.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason($0.error) } ?? "the host ‘\(error.host)’ isn't known"
        default: "\(error)"
        }
    }
}
