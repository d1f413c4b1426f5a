// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// The HTTP methods that the API uses.
public enum APIMethod: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
}

/// What is asked of an agent, whatever carries it.
public struct APIRequest: Sendable {
    /// The method.
    public var method: APIMethod
    /// The path's segments below the version, decoded: `["nodes", "shop", "web-0"]`.
    public var path: [String]
    /// The query, decoded.
    public var query: [String: String]
    /// The body.
    public var body: APIBody
    /// How long to wait for the answer to begin; nil leaves it to the transport.
    public var patience: Duration?

    /// For requests that are answered when something has ended that may take any time.
    public static let endless = Duration.seconds(1 << 40)

    /// Makes a request.
    public init(
        _ method: APIMethod, _ path: [String], query: [String: String] = [:], body: APIBody = .none,
        patience: Duration? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.patience = patience
    }
}

/// The body of a request.
public enum APIBody: Sendable {
    /// No body.
    case none
    /// A document.
    case value(Value)
    /// Bytes in pieces; their number, if it is known beforehand.
    case bytes(APIStream<[UInt8]>, length: Int?)
}
