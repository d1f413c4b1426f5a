// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Everything that can be asked of an agent, as functions. What is asked for is in the extensions, one for each
/// resource.
///
/// All functions throw the problems that the agent answers with, or those of the transport.
public struct APIClient: Sendable {
    let transport: any APITransport

    /// Makes a client over a transport.
    public init(_ transport: any APITransport) { self.transport = transport }

    /// Sends a request; an answer other than success is thrown.
    public func send(_ request: APIRequest) async throws(Problems) -> APIResponse {
        let response = try await lifting { () async throws(Problem) in try await transport.send(request) }
        guard response.isSuccess else { throw response.problems }
        return response
    }

    /// Asks for a document.
    func value(
        _ method: APIMethod, _ path: String..., query: [String: String?] = [:], body: Value? = nil,
        patience: Duration? = nil
    ) async throws(Problems) -> Value {
        let request = APIRequest(
            method, path, query: query.compactMapValues { $0 }, body: body.map(APIBody.value) ?? .none,
            patience: patience)
        guard let value = try await send(request).body.document else { throw APIClient.malformed("no document") }
        return value
    }

    /// Asks for a list of documents.
    func list(_ method: APIMethod, _ path: String..., query: [String: String?] = [:]) async throws(Problems) -> [Value] {
        let request = APIRequest(method, path, query: query.compactMapValues { $0 })
        guard let list = try await send(request).body.document?.list else {
            throw APIClient.malformed("no list")
        }
        return list
    }

    /// Asks for a stream of documents.
    func stream(
        _ method: APIMethod, _ path: String..., query: [String: String?] = [:], body: Value? = nil
    ) async throws(Problems) -> APIStream<Value> {
        let request = APIRequest(
            method, path, query: query.compactMapValues { $0 }, body: body.map(APIBody.value) ?? .none)
        guard case .stream(let stream) = try await send(request).body else { throw APIClient.malformed("no stream") }
        return stream
    }

    /// The text at a key of an answer.
    static func text(_ key: String, of value: Value) throws(Problems) -> String {
        guard let text = value[key]?.text else { throw malformed("no ‘\(key)’") }
        return text
    }

    static func malformed(_ what: String) -> Problems {
        Problems([
            Problem(
                "api.malformed-answer", "the agent's answer holds \(what)",
                hint: "make sure that the agent and this program are of the same version")
        ])
    }
}
