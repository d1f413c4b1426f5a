// SPDX-License-Identifier: Apache-2.0 OR MIT
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import Support

/// Sends requests over HTTP to the agent that listens at a unix socket.
public final class HTTPTransport: APITransport {
    let path: String
    private let timeout: Duration
    private let client: HTTPClient

    /// Makes a transport. It connects with the first request, and keeps a connection for a while.
    ///
    /// - Parameters:
    ///   - path: The socket's path.
    ///   - timeout: How long the agent may take to begin an answer, where the request itself says nothing else.
    public init(socket path: String, timeout: Duration = .seconds(60)) {
        self.path = path
        self.timeout = timeout
        var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(5)))
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.idleTimeout = .seconds(20)
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit {
        let client = client
        Task { try? await client.shutdown() }
    }

    /// Sends a request and waits until the answer begins.
    public func send(_ request: APIRequest) async throws(Problem) -> APIResponse {
        try ServerSocket.check(path)
        let target = APIPath.encode(request.path, query: request.query)
        var message = HTTPClientRequest(url: "http+unix://\(APIPath.encode(path))\(target)")
        message.method = .RAW(value: request.method.rawValue)
        switch request.body {
        case .none: break
        case .value(let value):
            message.headers.add(name: "Content-Type", value: MediaType.document)
            message.body = .bytes(ByteBuffer(bytes: JSON.encodeBytes(value)))
        case .bytes(let bytes, let length):
            message.headers.add(name: "Content-Type", value: MediaType.bytes)
            let pieces = bytes.map { ByteBuffer(bytes: $0) }
            message.body = .stream(pieces, length: length.map { .known(Int64($0)) } ?? .unknown)
        }
        return try await answer(to: message, waiting: request.patience ?? timeout, isHead: request.method == .head)
    }

    private func answer(
        to message: HTTPClientRequest, waiting: Duration, isHead: Bool
    ) async throws(Problem) -> APIResponse {
        let response: HTTPClientResponse
        do {
            let deadline = waiting >= .seconds(1 << 30) ? NIODeadline.distantFuture : .now() + TimeAmount(waiting)
            response = try await client.execute(message, deadline: deadline)
        } catch {
            throw problem(of: error, waiting: waiting)
        }
        let status = Int(response.status.code)
        if isHead { return APIResponse(status: status, .none) }
        return APIResponse(status: status, try await body(of: response))
    }

    private func body(of response: HTTPClientResponse) async throws(Problem) -> APIResponse.Body {
        switch response.headers.first(name: "Content-Type") {
        case MediaType.document:
            var bytes: [UInt8] = []
            for try await piece in pieces(of: response) { bytes += piece }
            return .value(try JSON.decode(bytes, limits: HTTPTransport.limits, file: "the agent's answer"))
        case MediaType.stream: return .stream(APIStream(JSONLines(bytes: pieces(of: response))))
        case MediaType.bytes:
            let length = response.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
            return .bytes(pieces(of: response), length: length)
        default: return .none
        }
    }

    /// The bytes of an answer. They keep the transport, whose end would break them off.
    private func pieces(of response: HTTPClientResponse) -> APIStream<[UInt8]> {
        APIStream(response.body.map { [self] buffer in withExtendedLifetime(self) { Array(buffer.readableBytesView) } })
    }

    private static let limits = CodecLimits(size: 1 << 30, depth: CodecLimits.standard.depth, count: 64 << 20)
}
