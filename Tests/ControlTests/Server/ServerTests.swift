// SPDX-License-Identifier: Apache-2.0 OR MIT
@testable import Control
import Floria
import Glibc
import Logging
import ServiceLifecycle
import Support
import Testing

@Suite struct ServerTests {
    private func router() async throws -> Router { Router(try await Shop().backend) }

    @Test func `without an agent the client says so and what to do`() async throws {
        let client = APIClient(HTTPTransport(socket: "/tmp/khutulun-nobody/socket"))
        let found = try await problems { _ = try await client.version() }
        #expect(
            found == [
                Problem(
                    "api.unreachable", "no agent listens at ‘/tmp/khutulun-nobody/socket’: there is no such socket",
                    hint: "start one with ‘khutulun agent run’, or name its socket with ‘--socket’")
            ])
        #expect(found[0].meansUnreachable)
    }

    @Test func `a socket that an agent left behind is taken over`() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/Some Folder%"
        try leaveStaleSocket(path)
        let found = try await problems { _ = try await APIClient(HTTPTransport(socket: path)).version() }
        #expect(found.map(\.message) == ["no agent listens at ‘\(path)’ any longer"])
        try await TestServer.run(try await router(), path: path) { server async throws in
            #expect(try await APIClient(HTTPTransport(socket: path)).version()["pid"] == 42)
        }
        #expect(folder.files("").isEmpty, "the socket is removed in the end, and its lock")
    }

    @Test func `a second agent at the same socket is refused, and the first one goes on`() async throws {
        let router = try await router()
        try await TestServer.run(router) { server async throws in
            let found = try await problems { try await TestServer.run(router, path: server.path) { _ in } }
            #expect(found.map(\.code) == ["agent.already-running"])
            #expect(found[0].message == "an agent listens at ‘\(server.path)’ already, process \(getpid())")
            #expect(try await APIClient(HTTPTransport(socket: server.path)).version()["pid"] == 42)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func `of two agents that start at once one listens`(leftBehind: Bool) async throws {
        let router = try await router()
        for _ in 0..<10 {
            let folder = try TemporaryFolder()
            let path = "\(folder.path)/socket"
            if leftBehind { try leaveStaleSocket(path) }
            let (refusals, refuse) = AsyncStream.makeStream(of: Void.self)
            let outcomes = await withTaskGroup(of: String.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        defer { refuse.finish() }
                        do {
                            return try await TestServer.run(router, path: path) { server async throws in
                                for await _ in refusals {}
                                return try await APIClient(HTTPTransport(socket: server.path)).version()["version"]?.text ?? ""
                            }
                        } catch { return (error as? Problem)?.code ?? "\(error)" }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.sorted() == ["1.2.3", "agent.already-running"])
            #expect(folder.files("").isEmpty, "nothing is left in the end")
        }
    }

    @Test func `an agent that starts while another ends keeps its socket`() async throws {
        let router = try await router()
        for _ in 0..<30 {
            let folder = try TemporaryFolder()
            let path = "\(folder.path)/socket"
            let (ends, end) = AsyncStream.makeStream(of: Void.self)
            async let first: Void = TestServer.run(router, path: path) { _ async throws in end.finish() }
            for await _ in ends {}
            var answer: Value?
            while answer == nil {
                do {
                    answer = try await TestServer.run(router, path: path) { server async throws in
                        try await Task.sleep(for: .milliseconds(5))
                        return try await APIClient(HTTPTransport(socket: server.path)).version()["pid"]
                    }
                } catch let problem as Problem where problem.code == "agent.already-running" {}
            }
            #expect(answer == 42)
            try await first
        }
    }

    @Test func `a path that is too long is refused by server and client`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/" + String(repeating: "x", count: 103 - folder.path.utf8.count)
        #expect(path.utf8.count == 104)
        let router = try await router()
        let server = try await problems { try await TestServer.run(router, path: path) { _ in } }
        let client = try await problems { _ = try await APIClient(HTTPTransport(socket: path)).version() }
        #expect(server.map(\.code) == ["agent.socket-path-too-long"])
        #expect(server == client)
        #expect(server[0].message == "the path of the socket has 104 bytes, and at most 103 are possible: ‘\(path)’")
        let longest = String(path.dropLast())
        try await TestServer.run(router, path: longest) { _ async throws in
            #expect(try await APIClient(HTTPTransport(socket: longest)).version()["pid"] == 42)
        }
    }

    @Test func `a file that is no socket is left alone`() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/file"
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        let router = try await router()
        let found = try await problems { try await TestServer.run(router, path: path) { _ in } }
        #expect(found.map(\.code) == ["agent.cannot-listen"])
        #expect(found[0].message == "‘\(path)’ is there already and is no socket")
        #expect(access(path, F_OK) == 0)
    }

    @Test func `a folder that isn't there is named`() async throws {
        let router = try await router()
        let found = try await problems { try await TestServer.run(router, path: "/tmp/khutulun-no/such/socket") { _ in } }
        #expect(
            found.map(\.message) == [
                "cannot listen at ‘/tmp/khutulun-no/such/socket’: the folder ‘/tmp/khutulun-no/such’: No such file or directory"
            ])
    }

    @Test func `a place that cannot be locked is named`() async throws {
        let folder = try TemporaryFolder()
        mkdir("\(folder.path)/socket.lock", 0o700)
        let router = try await router()
        let found = try await problems { try await TestServer.run(router, path: "\(folder.path)/socket") { _ in } }
        #expect(found.map(\.code) == ["agent.cannot-listen"])
        #expect(found[0].message.hasSuffix("‘\(folder.path)/socket.lock’ cannot be locked: Is a directory"))
    }

    @Test func `only the account and its group may connect`() async throws {
        try await TestServer.run(try await router()) { server async throws in
            var status = stat()
            #expect(stat(server.path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o660)
        }
    }

    @Test(arguments: [
        ("GET /v1/services HTTP/1.1", "", 200), ("GET /v1/nothing HTTP/1.1", "", 404), ("GET / HTTP/1.1", "", 404),
        ("PATCH /v1/services HTTP/1.1", "", 405), ("POST /v1/services HTTP/1.1", "", 405),
        ("GET /v1/services/%zz HTTP/1.1", "", 400), ("GET /v1/events?after=x HTTP/1.1", "", 400),
        ("POST /v1/run HTTP/1.1", "", 400), ("POST /v1/run HTTP/1.1", "{", 400), ("POST /v1/run HTTP/1.1", "[]", 400),
        ("POST /v1/run HTTP/1.1", #"{"arguments": [1]}"#, 400), ("POST /v1/run HTTP/1.1", #"{"arguments": ["a"]}"#, 200),
        ("POST /v1/store/scan HTTP/1.1", "{}", 400), ("POST /v1/store/commit HTTP/1.1", "{}", 400),
        ("nonsense", "", 400),
    ])
    func `each request gets its status`(line: String, body: String, status: Int) async throws {
        try await TestServer.run(try await router()) { server async throws in
            let connection = try RawConnection(server.path)
            connection.send("\(line)\r\nHost: x\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let answer = try await connection.receive()
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
        }
    }

    @Test func `a head that is too large is refused`() async throws {
        try await TestServer.run(try await router()) { server async throws in
            let connection = try RawConnection(server.path)
            connection.send("GET /v1/version HTTP/1.1\r\nX: \(String(repeating: "x", count: 20 << 10))\r\n\r\n")
            #expect(try await connection.receive().hasPrefix("HTTP/1.1 4"))
        }
    }

    @Test(arguments: [true, false])
    func `a body that is too large is refused, and the server goes on`(announced: Bool) async throws {
        let limits = ServerLimits(documentSize: 1000)
        try await TestServer.run(try await router(), limits: limits) { server async throws in
            let connection = try RawConnection(server.path)
            let body = "{" + String(repeating: " ", count: 2000) + "}"
            let framing = announced ? "Content-Length: \(body.utf8.count)" : "Transfer-Encoding: chunked"
            let content = announced ? body : "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            connection.send("POST /v1/run HTTP/1.1\r\nConnection: close\r\n\(framing)\r\n\r\n\(content)")
            let answer = try await connection.receive()
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.contains("the request's body is larger than 1000 bytes"))
            #expect(try await APIClient(HTTPTransport(socket: server.path)).version()["pid"] == 42)
        }
    }

    @Test func `a document that is nested too deep is refused`() async throws {
        try await TestServer.run(try await router()) { server async throws in
            let connection = try RawConnection(server.path)
            let body = String(repeating: "[", count: 5000)
            connection.send("POST /v1/run HTTP/1.1\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(try await connection.receive().hasPrefix("HTTP/1.1 4"))
        }
    }

    @Test func `a caller that sends nothing loses the connection`() async throws {
        let limits = ServerLimits(idle: .milliseconds(200))
        try await TestServer.run(try await router(), limits: limits) { server async throws in
            for text in ["", "POST /v1/run HTTP/1.1\r\nContent-Length: 10\r\n\r\n{"] {
                let connection = try RawConnection(server.path)
                connection.send(text)
                let start = ContinuousClock.now
                _ = try await connection.receive()
                #expect(ContinuousClock.now - start < .seconds(5))
            }
        }
    }

    @Test func `several requests go over one connection`() async throws {
        try await TestServer.run(try await router()) { server async throws in
            let connection = try RawConnection(server.path)
            for _ in 0..<3 {
                connection.send("GET /v1/version HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await connection.receive(until: "}").contains(#""pid":42"#))
            }
        }
    }

    @Test func `a stopping server lets a request end and ends streams with a reason`() async throws {
        let shop = try await Shop()
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/socket"
        let (listening, signal) = AsyncStream.makeStream(of: Void.self)
        let server = APIServer(Router(shop.backend), socket: path, logger: .quiet, onListening: { signal.finish() })
        let group = ServiceGroup(configuration: .init(services: [server], logger: .quiet))
        async let running: Void = group.run()
        for await _ in listening {}
        let client = APIClient(HTTPTransport(socket: path))
        var events = try await client.watchEvents(after: 0).makeAsyncIterator()
        _ = try await client.emit(EmitRequest(entity: Shop.web, type: "ping"))
        #expect(try await events.next()?["type"] == "ping")
        await group.triggerGracefulShutdown()
        let failure = await events.failure()
        #expect(failure == Problem("api.stream-broken", "the agent is stopping", hint: "ask again when it runs again"))
        try await running
        #expect(access(path, F_OK) != 0)
    }

    /// Leaves what an agent leaves that is killed.
    private func leaveStaleSocket(_ path: String) throws {
        close(open("\(path).lock", O_CREAT | O_WRONLY, 0o600))
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(descriptor)
        try #require(result == 0)
    }
}
