// SPDX-License-Identifier: Apache-2.0 OR MIT
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A web server of one test.
final class WebServer: Sendable {
    /// What it answers for a path.
    struct Answer: Sendable {
        var status = HTTPResponseStatus.ok
        var headers = HTTPHeaders()
        var body = ""
        /// Whether it says how many bytes there are.
        var tellsSize = true
        /// Whether it never answers.
        var isSilent = false
        /// Whether it closes the connection in the middle of what it said it would send.
        var breaksOff = false

        /// A file.
        static func file(_ body: String, tag: String? = nil) -> Answer {
            Answer(headers: tag.map { ["etag": $0] } ?? [:], body: body)
        }

        /// A redirection.
        static func elsewhere(_ location: String) -> Answer { Answer(status: .found, headers: ["location": location]) }
    }

    private let answers: Mutex<[String: Answer]>
    private let heads = Mutex<[HTTPRequestHead]>([])
    private let channel = Mutex<(any Channel)?>(nil)

    private init(_ answers: [String: Answer]) { self.answers = Mutex(answers) }

    /// Runs a test with a server.
    static func with<Result>(_ answers: [String: Answer], _ body: (WebServer) throws -> Result) throws -> Result {
        let server = WebServer(answers)
        let channel = try ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(server: server))
                }
            }.bind(host: "127.0.0.1", port: 0).wait()
        server.channel.withLock { $0 = channel }
        defer { try? channel.close().wait() }
        return try body(server)
    }

    /// Its address, without a path.
    var address: String { "http://127.0.0.1:\(channel.withLock { $0?.localAddress?.port } ?? 0)" }

    /// The paths that were asked for, in order.
    var paths: [String] { requests.map(\.uri) }

    /// What was asked for, in order.
    var requests: [HTTPRequestHead] { heads.withLock { $0 } }

    /// From now on it answers something else for a path.
    func change(_ path: String, _ answer: Answer) { answers.withLock { $0[path] = answer } }

    fileprivate func answer(_ head: HTTPRequestHead) -> Answer {
        heads.withLock { $0.append(head) }
        let answer = answers.withLock { $0[head.uri] } ?? Answer(status: .notFound)
        let tag = head.headers.first(name: "if-none-match")
        return tag != nil && tag == answer.headers.first(name: "etag") ? Answer(status: .notModified) : answer
    }
}

private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: WebServer

    init(server: WebServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        let answer = server.answer(head)
        if answer.isSilent { return }
        var headers = answer.headers
        if answer.tellsSize, answer.status != .notModified {
            headers.add(name: "content-length", value: "\(answer.body.utf8.count + (answer.breaksOff ? 1 : 0))")
        }
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: answer.status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
        if answer.breaksOff {
            context.flush()
            return context.close(promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
