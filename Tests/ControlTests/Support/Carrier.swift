// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Logging
import Support
import Testing

/// What carries the requests of a test.
enum Carrier: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case inProcess = "in process"
    case http = "over HTTP"

    var testDescription: String { rawValue }

    /// Runs a body with a client of a backend.
    func run<Result: Sendable>(
        _ backend: ControlBackend, access: Access = .standard, _ body: @Sendable (APIClient) async throws -> Result
    ) async throws -> Result {
        let router = Router(backend)
        switch self {
        case .inProcess: return try await body(APIClient(InProcessTransport(router, caller: access.caller(uid: ownUID))))
        case .http:
            return try await TestServer.run(router, access: access) { server async throws in
                try await body(APIClient(HTTPTransport(socket: server.path)))
            }
        }
    }
}

/// The account that the tests run as.
let ownUID = Caller.agent.uid

/// Catches the problems that an expression throws.
func problems(_ body: () async throws -> Void) async throws -> [Problem] {
    do {
        try await body()
    } catch let problems as Problems {
        return problems.all
    } catch let problem as Problem {
        return [problem]
    }
    Issue.record("nothing was thrown")
    return []
}

/// Collects a stream.
func collect<Element>(_ stream: APIStream<Element>) async throws -> [Element] {
    var elements: [Element] = []
    for try await element in stream { elements.append(element) }
    return elements
}

extension APIStream.AsyncIterator {
    /// What the stream fails with next; nil if it goes on or ends.
    mutating func failure() async -> Problem? {
        do {
            _ = try await next(isolation: nil)
            return nil
        } catch {
            return error
        }
    }
}
