// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// One row of the routing table: which requests it answers, who may make them, and how it answers.
public struct Route: Sendable {
    /// Answers a request.
    public typealias Handler = @Sendable (RequestContext) async throws(Problems) -> APIResponse

    /// The bodies that a route takes.
    public enum BodyKind: Sendable, Hashable {
        /// None.
        case none
        /// A document.
        case value
        /// Bytes.
        case bytes
    }

    let method: APIMethod
    let pattern: [Segment]
    let body: BodyKind
    let role: Role
    let handler: Handler

    /// Makes a row.
    ///
    /// - Parameters:
    ///   - pattern: The path below the version; a segment in braces, such as `{service}`, stands for any one name.
    ///   - body: What it takes.
    ///   - role: The role that the caller needs; without one, viewers may look and operators may do anything else.
    public init(
        _ method: APIMethod, _ pattern: String, body: BodyKind = .none, role: Role? = nil, handler: @escaping Handler
    ) {
        self.method = method
        self.pattern = pattern.split(separator: "/").map { Segment(String($0)) }
        self.body = body
        self.role = role ?? (method == .get || method == .head ? .viewer : .operator)
        self.handler = handler
    }

    enum Segment: Sendable, Hashable {
        case literal(String)
        case parameter(String)

        init(_ text: String) {
            self = text.hasPrefix("{") && text.hasSuffix("}") ? .parameter(String(text.dropFirst().dropLast())) : .literal(text)
        }
    }

    /// The names in a path at the places of the parameters; nil if the path is another's.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == pattern.count else { return nil }
        var names: [String: String] = [:]
        for (segment, text) in zip(pattern, path) {
            switch segment {
            case .literal(let literal): if literal != text { return nil }
            case .parameter(let name): names[name] = text
            }
        }
        return names
    }
}

/// A request on its way to its handler.
public struct RequestContext: Sendable {
    /// The request.
    public let request: APIRequest
    /// Who makes it.
    public let caller: Caller
    /// The names in its path, by the route's parameter.
    public let names: [String: String]
}
