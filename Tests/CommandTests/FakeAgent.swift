// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Glibc
import Synchronization
import Testing

/// Something at a unix socket that answers requests as a test says, and remembers them.
final class FakeAgent: Sendable {
    /// An answer of the agent.
    struct Answer: Sendable {
        var status = 200
        var type = "application/json"
        var body: String
        /// Whether the connection stays open after the body, as that of a stream does.
        var staysOpen = false

        static func json(_ body: String) -> Answer { Answer(body: body) }
        static func lines(_ body: String, staysOpen: Bool = false) -> Answer {
            Answer(type: "application/jsonl", body: body, staysOpen: staysOpen)
        }
        static func problem(_ code: String, _ message: String, status: Int = 422) -> Answer {
            Answer(status: status, body: "{\"problems\":[{\"code\":\"\(code)\",\"message\":\"\(message)\"}]}")
        }
    }

    let socket: String
    private let listener: Int32
    private let answers: [String: Answer]
    private let log = Mutex<[String]>([])

    /// The requests so far, each `METHOD PATH BODY`.
    var requests: [String] { log.withLock { $0 } }

    /// Begins to answer; the keys are `METHOD PATH`.
    init(_ answers: [String: Answer]) throws {
        self.answers = answers
        socket = "/tmp/khutulun-test-\(UInt32.random(in: 0...UInt32.max)).sock"
        listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket.utf8) }
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(isBound == 0 && listen(listener, 16) == 0)
        Thread { [self] in serve() }.start()
    }

    /// Ends it.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        unlink(socket)
    }

    private func serve() {
        while case let connection = accept(listener, nil, nil), connection >= 0 {
            Thread { [self] in
                while let request = read(connection) {
                    log.withLock { $0.append(request.line + (request.body.isEmpty ? "" : " " + request.body)) }
                    let answer =
                        answers[request.line] ?? .problem("api.not-found", "the test has no \(request.line)", status: 404)
                    write(answer, isHead: request.line.hasPrefix("HEAD"), to: connection)
                }
                close(connection)
            }.start()
        }
    }

    private func read(_ connection: Int32) -> (line: String, body: String)? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let head = text[..<end.lowerBound].components(separatedBy: "\r\n")
                let length =
                    head.compactMap { line -> Int? in
                        let parts = line.lowercased().components(separatedBy: ": ")
                        return parts[0] == "content-length" ? Int(parts[1]) : nil
                    }.first ?? 0
                if text[end.upperBound...].utf8.count >= length {
                    let words = head[0].split(separator: " ")
                    return ("\(words[0]) \(words[1])", String(text[end.upperBound...]))
                }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }

    private func write(_ answer: Answer, isHead: Bool, to connection: Int32) {
        let framing = answer.staysOpen ? "Transfer-Encoding: chunked" : "Content-Length: \(answer.body.utf8.count)"
        var text = "HTTP/1.1 \(answer.status) Answer\r\nContent-Type: \(answer.type)\r\n\(framing)\r\n\r\n"
        if !isHead {
            text += answer.staysOpen ? String(answer.body.utf8.count, radix: 16) + "\r\n" + answer.body + "\r\n" : answer.body
        }
        let bytes = Array(text.utf8)
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}

/// Runs a body with an agent, and ends the agent afterwards.
func withAgent<Result>(_ answers: [String: FakeAgent.Answer], _ body: (FakeAgent) throws -> Result) throws -> Result {
    let agent = try FakeAgent(answers)
    defer { agent.stop() }
    return try body(agent)
}
