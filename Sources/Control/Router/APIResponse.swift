// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// What an agent answers.
public struct APIResponse: Sendable {
    /// The status code of HTTP.
    public var status: Int
    /// The body.
    public var body: Body

    /// Makes an answer.
    public init(status: Int = 200, _ body: Body) {
        self.status = status
        self.body = body
    }

    /// An answer that is a document.
    public init(_ value: Value) { self.init(.value(value)) }

    /// The answer that something failed; its status follows from the first problem's code.
    public init(_ problems: Problems) {
        let document: Value = ["problems": .list(problems.all.map(\.value))]
        self.init(status: problems.all[0].status, .value(document))
    }

    /// The body of an answer.
    public enum Body: Sendable {
        /// No body.
        case none
        /// A document.
        case value(Value)
        /// The document of an entity; null if there is none.
        case entity(Entity?)
        /// The documents of entities.
        case entities([Entity])
        /// Bytes in pieces, and their number.
        case bytes(APIStream<[UInt8]>, length: Int)
        /// Documents, one after the other as things happen.
        case stream(APIStream<Value>)

        /// The document; nil if it is something else. Entities become one only where they leave the program.
        public var document: Value? {
            switch self {
            case .value(let value): value
            case .entity(let entity): entity?.document ?? .null
            case .entities(let entities): .list(entities.map(\.document))
            case .none, .bytes, .stream: nil
            }
        }
    }

    /// Whether what was asked for was done.
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// The problems that a failed answer tells of; never empty.
    var problems: Problems {
        if case .value(let document) = body, let entries = document["problems"]?.list, !entries.isEmpty {
            return Problems(entries.map(Problem.init(value:)))
        }
        return Problems([Problem("api.malformed-answer", "the agent answered with status \(status) and no reason")])
    }
}
