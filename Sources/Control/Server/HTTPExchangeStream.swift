// SPDX-License-Identifier: Apache-2.0 OR MIT
import HummingbirdCore
import NIOCore
import ServiceLifecycle
import Support

extension HTTPExchange {
    /// Writes the lines of a stream as they come, no faster than the caller reads them, until it ends, the caller goes
    /// or the server stops. A stream that fails ends with a line that says why.
    @concurrent func write(
        _ stream: APIStream<Value>, to body: consuming some ResponseBodyWriter, until departure: Departure
    ) async throws {
        var writer: any ResponseBodyWriter = body
        // The next lines are made when those before are written: each demand is answered with what is there together.
        let (demands, demand) = AsyncStream.makeStream(of: Void.self)
        let (batches, batch) = AsyncStream.makeStream(of: [Value].self)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                await HTTPExchange.answer(demands, from: stream, with: batch)
            }
            try await departure.watch({ batch.finish() }) {
                try await withGracefulShutdownHandler {
                    demand.yield()
                    for await lines in batches {
                        try await writer.write(HTTPExchange.bytes(of: lines))
                        demand.yield()
                    }
                } onGracefulShutdown: {
                    batch.finish()
                }
            }
            group.cancelAll()
        }
        if Task.isShuttingDownGracefully {
            let problem = Problem("api.stream-broken", "the agent is stopping", hint: "ask again when it runs again")
            try await writer.write(HTTPExchange.bytes(of: [APIResponse.lastLine(problem)]))
        }
        try await writer.finish(nil)
    }

    private static func answer(
        _ demands: AsyncStream<Void>, from stream: APIStream<Value>, with batch: AsyncStream<[Value]>.Continuation
    ) async {
        defer { batch.finish() }
        var lines = stream.makeAsyncIterator()
        for await _ in demands {
            do {
                guard let next = try await lines.nextBatch() else { return }
                batch.yield(next)
            } catch {
                batch.yield([APIResponse.lastLine(error)])
                return
            }
        }
    }

    private static func bytes(of lines: [Value]) -> ByteBuffer {
        var bytes: [UInt8] = []
        for line in lines {
            bytes += JSON.encodeBytes(line)
            bytes.append(UInt8(ascii: "\n"))
        }
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
