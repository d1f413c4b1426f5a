// SPDX-License-Identifier: Apache-2.0 OR MIT
import AsyncHTTPClient
import CSAR
import Dispatch
import Glibc
import NIOCore
import NIOHTTP1
import Support
import Synchronization

/// Hands on what a server sends as fast as it is taken, through two sockets; nothing is kept.
final class StreamedBody: ResponseTaker {
    typealias Response = Void

    private struct State {
        var head: ResponseHead?
        var failure: (any Error)?
        var writing: Int32 = -1
    }

    private let limit: Int
    private let name: String
    /// The end that is read.
    let reading: Int32
    private let state: Mutex<State>
    private let answered = DispatchSemaphore(value: 0)
    private let taken = Atomic(0)
    private let queue = DispatchQueue(label: "khutulun.fetching")

    init(limit: Int, name: String) {
        self.limit = limit
        self.name = name
        var ends: [Int32] = [-1, -1]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        reading = ends[0]
        state = Mutex(State(writing: ends[1]))
    }

    deinit {
        close(reading)
        finish(nil)
    }

    var head: ResponseHead { state.withLock { $0.head ?? ResponseHead() } }

    /// What broke it off.
    var failure: (any Error)? { state.withLock { $0.failure } }

    func take(_ task: HTTPClient.Task<Void>) throws {
        answered.wait()
        if let failure, state.withLock({ $0.head == nil }) { throw failure }
    }

    func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        state.withLock { $0.head = ResponseHead(head) }
        answered.signal()
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        guard head.status == 200 else { return task.eventLoop.makeSucceededVoidFuture() }
        let count = taken.add(buffer.readableBytes, ordering: .relaxed).newValue
        guard count <= limit else { return task.eventLoop.makeFailedFuture(Problem.tooLarge(name, limit)) }
        let writing = state.withLock { $0.writing }
        let bytes = Array(buffer.readableBytesView)
        let promise = task.eventLoop.makePromise(of: Void.self)
        // It may take long until somebody reads, and other connections share the loop.
        queue.async {
            if Self.send(bytes, to: writing) { promise.succeed() } else { promise.fail(CancellationError()) }
        }
        return promise.futureResult
    }

    /// Sends bytes as they are taken; false if nobody will take them any more.
    private static func send(_ bytes: [UInt8], to socket: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if sent < 0 && errno == EINTR { continue }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) { finish(nil) }

    func didReceiveError(task: HTTPClient.Task<Void>, _ error: any Error) {
        finish(error)
        answered.signal()
    }

    private func finish(_ error: (any Error)?) {
        state.withLock { state in
            state.failure = state.failure ?? error
            if state.writing >= 0 { close(state.writing) }
            state.writing = -1
        }
    }
}

/// The bytes of a file that comes from the web. When nobody wants them any more no more are fetched.
final class DownloadStream: ByteStream {
    private let body: StreamedBody
    private let failed: @Sendable (any Error) -> Problem

    init(body: StreamedBody, failed: @escaping @Sendable (any Error) -> Problem) {
        self.body = body
        self.failed = failed
    }

    deinit { shutdown(body.reading, Int32(SHUT_RDWR)) }

    func next(count: Int) throws(Problem) -> [UInt8] {
        var length = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            repeat { length = read(body.reading, buffer.baseAddress, buffer.count) } while length < 0 && errno == EINTR
            filled = max(0, length)
        }
        if bytes.isEmpty, let failure = body.failure { throw failed(failure) }
        return bytes
    }
}
