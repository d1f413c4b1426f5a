// SPDX-License-Identifier: Apache-2.0 OR MIT
import HTTPTypes
import HummingbirdCore
import NIOCore
import Support

/// One request and its answer over HTTP: between the bytes and the router.
struct HTTPExchange: Sendable {
    let router: Router
    let limits: ServerLimits

    /// Answers a request. It throws only if the connection cannot be used any longer.
    @concurrent func respond(
        to request: Request, from caller: Caller, with writer: consuming ResponseWriter, until departure: Departure
    ) async throws {
        let response = await answer(request, from: caller)
        let status = HTTPResponse.Status(code: response.status)
        switch response.body {
        case .none:
            try await writer.write(response: HTTPResponse(status: status, headerFields: [.contentLength: "0"]), body: .init())
        case .value, .entity, .entities:
            let bytes = JSON.encodeBytes(response.body.document ?? .null)
            let fields: HTTPFields = [.contentType: MediaType.document, .contentLength: String(bytes.count)]
            try await writer.write(
                response: HTTPResponse(status: status, headerFields: fields), body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .bytes(let bytes, let length):
            let fields: HTTPFields = [.contentType: MediaType.bytes, .contentLength: String(length)]
            var body = try await writer.writeHead(HTTPResponse(status: status, headerFields: fields))
            for try await piece in bytes { try await body.write(ByteBuffer(bytes: piece)) }
            try await body.finish(nil)
        case .stream(let stream):
            let fields: HTTPFields = [.contentType: MediaType.stream]
            let body = try await writer.writeHead(HTTPResponse(status: status, headerFields: fields))
            try await write(stream, to: body, until: departure)
        }
    }

    private func answer(_ request: Request, from caller: Caller) async -> APIResponse {
        do {
            return await router.respond(to: try await read(request, from: caller), from: caller)
        } catch {
            return APIResponse(Problems([error]))
        }
    }

    private func read(_ request: Request, from caller: Caller) async throws(Problem) -> APIRequest {
        guard let method = APIMethod(rawValue: request.method.rawValue) else {
            throw Problem("api.method-not-allowed", "the API knows no method ‘\(request.method.rawValue)’")
        }
        let (path, query) = try APIPath.decode(request.head.path ?? "/")
        let body: APIBody =
            switch try router.bodyKind(method, path, from: caller) {
            case .none: .none
            case .value: .value(try await document(of: request))
            case .bytes: bytes(of: request)
            }
        return APIRequest(method, path, query: query, body: body)
    }

    private func document(of request: Request) async throws(Problem) -> Value {
        var bytes: [UInt8] = []
        if let length = length(of: request) {
            try check(size: length)
            bytes.reserveCapacity(length)
        }
        for try await piece in arriving(request) {
            try check(size: bytes.count + piece.count)
            bytes += piece
        }
        if bytes.isEmpty { throw Problem("api.invalid-body", "the request has no body", hint: "send a JSON object") }
        return try JSON.decode(bytes, limits: limits.document, file: "request body")
    }

    private func check(size: Int) throws(Problem) {
        guard size > limits.documentSize else { return }
        throw Problem("api.too-large", "the request's body is larger than \(limits.documentSize) bytes")
    }

    private func bytes(of request: Request) -> APIBody { .bytes(arriving(request), length: length(of: request)) }

    private func length(of request: Request) -> Int? { request.headers[.contentLength].flatMap { Int($0) } }

    /// The pieces of a request's body, until the time is over in which it has to arrive. A caller that sends nothing
    /// at all loses the connection much earlier.
    private func arriving(_ request: Request) -> APIStream<[UInt8]> {
        let deadline = ContinuousClock.now + limits.arrival
        let pieces = request.body.map { buffer throws in
            guard ContinuousClock.now < deadline else {
                throw Problem("api.timeout", "the request's body took too long to arrive")
            }
            return Array(buffer.readableBytesView)
        }
        return APIStream(pieces)
    }
}

/// The media types of bodies.
enum MediaType {
    static let document = "application/json"
    static let stream = "application/jsonl"
    static let bytes = "application/octet-stream"
}
