// SPDX-License-Identifier: Apache-2.0 OR MIT
import AsyncHTTPClient
import CSAR
import NIOCore
import NIOHTTP1
import Support
import Synchronization

/// What a server says before the file itself.
struct ResponseHead {
    var status: UInt = 0
    var reason = ""
    var location: String?
    var validators = Validators()

    init() {}

    init(_ head: HTTPResponseHead) {
        status = head.status.code
        reason = head.status.reasonPhrase
        location = head.headers.first(name: "location")
        validators = Validators(tag: head.headers.first(name: "etag"), date: head.headers.first(name: "last-modified"))
    }
}

/// Takes what a server answers.
protocol ResponseTaker: HTTPClientResponseDelegate {
    /// What the server said; known once it was taken.
    var head: ResponseHead { get }

    /// Waits until as much has come as is needed.
    func take(_ task: HTTPClient.Task<Response>) throws
}

/// Takes all that a server sends, up to a limit.
final class Collector: ResponseTaker {
    typealias Response = Void

    private let limit: Int
    private let name: String
    private let known = Mutex(ResponseHead())
    /// What came.
    let content = ScratchContent()

    init(limit: Int, name: String) {
        self.limit = limit
        self.name = name
    }

    var head: ResponseHead { known.withLock { $0 } }

    func take(_ task: HTTPClient.Task<Void>) throws { try task.wait() }

    func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        known.withLock { $0 = ResponseHead(head) }
        // What an error page says is of no use, but its size isn't either.
        let size = head.headers.first(name: "content-length").flatMap(Int.init) ?? 0
        if head.status == .ok, size > limit { return task.eventLoop.makeFailedFuture(Problem.tooLarge(name, limit)) }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        do throws(Problem) {
            guard content.size + buffer.readableBytes <= limit else { throw .tooLarge(name, limit) }
            try content.append(Array(buffer.readableBytesView))
            return task.eventLoop.makeSucceededVoidFuture()
        } catch {
            return task.eventLoop.makeFailedFuture(error)
        }
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) {}
}

extension Problem {
    /// A file that is larger than it may be.
    static func tooLarge(_ name: String, _ limit: Int) -> Problem {
        Problem("fetch.too-large", "‘\(name)’ has more than \(limit) bytes", hint: "it was not fetched")
    }
}
