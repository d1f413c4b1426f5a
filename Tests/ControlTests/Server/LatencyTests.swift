// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Support
import Testing

/// Times of requests, with room for debug builds on busy machines; the figures themselves are printed.
@Suite(.serialized) struct LatencyTests {
    private func median(of count: Int, _ body: () async throws -> Void) async throws -> Duration {
        var times: [Duration] = []
        for _ in 0..<count {
            let start = ContinuousClock.now
            try await body()
            times.append(ContinuousClock.now - start)
        }
        return times.sorted()[count / 2]
    }

    @Test func `asking over the socket takes less than 20 milliseconds`() async throws {
        let shop = try await Shop()
        try await TestServer.run(Router(shop.backend)) { server async throws in
            let client = APIClient(HTTPTransport(socket: server.path))
            let time = try await median(of: 300) { _ = try await client.version() }
            #expect(time < .milliseconds(20), "\(time)")
            print("GET version over the socket: \(time)")
        }
    }

    @Test func `asking in process takes less than 50 microseconds`() async throws {
        let client = APIClient(InProcessTransport(Router(try await Shop().backend)))
        let time = try await median(of: 1000) { _ = try await client.version() }
        #expect(time < .microseconds(50), "\(time)")
        print("GET version in process: \(time)")
    }
}
