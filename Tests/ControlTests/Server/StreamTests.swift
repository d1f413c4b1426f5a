// SPDX-License-Identifier: Apache-2.0 OR MIT
@testable import Control
import Support
import Synchronization
import Testing

@Suite struct StreamTests {
    /// Counts how many elements of an endless stream were made, and whether its reader went away.
    private final class Source: Sendable {
        let made = Mutex(0)
        let ended = Mutex(false)

        func stream(size: Int) -> APIStream<Value> {
            APIStream(0) { number throws(Problem) -> Value? in
                if Task.isCancelled { return nil }
                self.made.withLock { $0 += 1 }
                number += 1
                return ["number": .integer(number), "filler": .text(String(repeating: "x", count: size))]
            }
        }
    }

    private func router(_ stream: APIStream<Value>) -> Router {
        Router([Route(.get, "stream") { _ throws(Problems) in APIResponse(.stream(stream)) }])
    }

    private func stream(of server: TestServer) async throws -> APIStream<Value> {
        let response = try await HTTPTransport(socket: server.path).send(APIRequest(.get, ["stream"]))
        guard case .stream(let stream) = response.body else { throw Problem("test.no-stream", "\(response)") }
        return stream
    }

    @Test func `a reader that stops reading stops the writer`() async throws {
        let source = Source()
        try await TestServer.run(router(source.stream(size: 64 << 10))) { server async throws in
            var iterator = try await stream(of: server).makeAsyncIterator()
            #expect(try await iterator.next()?["number"] == 1)
            try await Task.sleep(for: .milliseconds(300))
            let made = source.made.withLock { $0 }
            try await Task.sleep(for: .milliseconds(300))
            #expect(source.made.withLock { $0 } == made, "nothing is made while nobody reads")
            #expect(made < 200)
            for number in 2...300 { #expect(try await iterator.next()?["number"] == .integer(number)) }
        }
    }

    @Test func `a reader that goes ends the stream`() async throws {
        let (lines, source) = AsyncStream.makeStream(of: Value.self)
        let (gone, signal) = AsyncStream.makeStream(of: Void.self)
        source.onTermination = { _ in signal.finish() }
        try await TestServer.run(router(APIStream(lines))) { server async throws in
            do {
                let connection = try RawConnection(server.path)
                connection.send("GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n")
                source.yield("first")
                #expect(try await connection.receive(until: "first").contains("application/jsonl"))
            }
            for await _ in gone {}
        }
    }

    @Test func `a stream that fails says why in its last line`() async throws {
        let failing = APIStream(0) { number throws(Problem) -> Value? in
            number += 1
            if number > 2 { throw Problem("test.broken", "it broke", hint: "mend it") }
            return .integer(number)
        }
        try await TestServer.run(router(failing)) { server async throws in
            var iterator = try await stream(of: server).makeAsyncIterator()
            #expect(try await iterator.next() == 1)
            #expect(try await iterator.next() == 2)
            let failure = await iterator.failure()
            #expect(failure == Problem("test.broken", "it broke", hint: "mend it"))
        }
    }

    @Test func `many lines arrive in order, however they are cut`() async throws {
        let lines = (0..<5000).map { Value.object(["n": .integer($0), "text": .text(String(repeating: "ä", count: $0 % 97))]) }
        try await TestServer.run(router(APIStream(lines))) { server async throws in
            #expect(try await collect(stream(of: server)) == lines)
        }
    }

    @Test(arguments: [1, 2, 3, 7, 1000])
    func `lines are found in pieces of any size`(size: Int) async throws {
        let text = Array("{\"a\":1}\n\n[2]\n\"\u{e4}\"\n".utf8)
        let pieces = stride(from: 0, to: text.count, by: size).map { Array(text[$0..<min($0 + size, text.count)]) }
        #expect(try await collect(APIStream(JSONLines(bytes: APIStream(pieces)))) == [["a": 1], [2], "ä"])
    }

    @Test func `bytes that end within a line are a broken stream`() async throws {
        let found = try await problems {
            _ = try await collect(APIStream(JSONLines(bytes: APIStream([Array("1\n{\"a\"".utf8)]))))
        }
        #expect(found.map(\.code) == ["api.stream-broken"])
    }

    @Test func `an agent that does not answer in time is a problem`() async throws {
        let router = Router([
            Route(.get, "slow") { _ throws(Problems) in
                try? await Task.sleep(for: .seconds(30))
                return APIResponse("late")
            }
        ])
        try await TestServer.run(router) { server async throws in
            let transport = HTTPTransport(socket: server.path, timeout: .milliseconds(100))
            let found = try await problems { _ = try await transport.send(APIRequest(.get, ["slow"])) }
            #expect(found.map(\.code) == ["api.timeout"])
            #expect(found[0].meansUnreachable)
        }
    }
}
