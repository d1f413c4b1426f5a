// SPDX-License-Identifier: Apache-2.0 OR MIT
import HummingbirdCore
import NIOCore
import ServiceLifecycle
import Support

extension HTTPExchange {
    /// Writes the lines of a stream as they come, no faster than the caller reads them, until it ends, the caller goes
    /// or the server stops. A stream that fails ends with a line that says why.
    @concurrent func write(_ stream: APIStream<Value>, to body: consuming some ResponseBodyWriter, of request: Request) async throws {
        var writer: any ResponseBodyWriter = body
        try await request.body.consumeWithCancellationOnInboundClose { _ in
            do {
                for try await line in stream.cancelOnGracefulShutdown() { try await writer.write(HTTPExchange.line(line)) }
            } catch let problem as Problem {
                try await writer.write(HTTPExchange.line(APIResponse.lastLine(problem)))
            }
            if Task.isShuttingDownGracefully {
                let problem = Problem("api.stream-broken", "the agent is stopping", hint: "ask again when it runs again")
                try await writer.write(HTTPExchange.line(APIResponse.lastLine(problem)))
            }
            try await writer.finish(nil)
        }
    }

    private static func line(_ value: Value) -> ByteBuffer {
        var bytes = JSON.encodeBytes(value)
        bytes.append(UInt8(ascii: "\n"))
        return ByteBuffer(bytes: bytes)
    }
}

extension APIResponse {
    /// The last line of a stream that failed.
    static func lastLine(_ problem: Problem) -> Value { ["problems": [problem.value]] }

    /// The problem that a line of a stream tells of, if it is such a last line.
    static func problem(inLine line: Value) -> Problem? {
        guard let map = line.map, map.count == 1, let problem = map["problems"]?.list?.first else { return nil }
        return Problem(value: problem)
    }
}
