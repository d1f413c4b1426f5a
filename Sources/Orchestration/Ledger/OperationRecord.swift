// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// One execution of an operation: a row of the ledger.
public struct OperationRecord: Sendable, Hashable {
    /// The collection of records that holds the ledger.
    public static let collection = "operations"

    /// How far an operation has come.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Intended: it waits for others.
        case planned
        /// Given to its host; it has no outcome yet.
        case started
        /// Ended as it should.
        case done
        /// Ended with a problem.
        case failed
        /// Taken back by a person before it ended.
        case cancelled

        /// Whether nothing more happens to it by itself.
        public var isFinal: Bool { self == .done || self == .failed || self == .cancelled }
    }

    /// Unique within the service; sorts by the time of planning.
    public var id: String
    /// The service.
    public var service: String
    /// The deployment that it belongs to; nil if it was called by itself.
    public var deployment: String?
    /// The node, or the edge, that it is for.
    public var subject: ID
    /// `INTERFACE.OPERATION`.
    public var operation: String
    /// How far it has come.
    public var state: State
    /// The host that carries it out.
    public var host: String
    /// How often it was started.
    public var attempt: Int
    /// The fencing token of the conductor that started it.
    public var token: UInt64
    /// The operations that must be done before it can start.
    public var waitsFor: [String]
    /// The inputs that were given by the caller, beside those of the design.
    public var inputs: ValueMap
    /// What it gave.
    public var outputs: ValueMap
    /// Why it failed.
    public var problem: Problem?
    /// When it was planned, in milliseconds since 1970 UTC.
    public var planned: Int64
    /// When it was last started.
    public var started: Int64?
    /// When it ended.
    public var ended: Int64?
    /// How long one attempt may take, in milliseconds.
    public var timeLimit: Int64

    /// Plans an operation.
    public init(
        id: String, service: String, deployment: String?, subject: ID, operation: String, host: String,
        waitsFor: [String] = [], inputs: ValueMap = ValueMap(), planned: Int64
    ) {
        self.id = id
        self.service = service
        self.deployment = deployment
        self.subject = subject
        self.operation = operation
        self.state = .planned
        self.host = host
        self.attempt = 0
        self.token = 0
        self.waitsFor = waitsFor
        self.inputs = inputs
        self.outputs = ValueMap()
        self.planned = planned
        self.timeLimit = Self.timeLimit(of: operation)
    }

    /// The moment after which an attempt is given up, if one is under way.
    public var deadline: Int64? { state == .started ? started.map { $0 + timeLimit } : nil }

    /// The key of its record.
    public var key: String { "\(service)/\(id)" }

    /// How long one attempt of an operation of this name may take, in milliseconds.
    static func timeLimit(of operation: String) -> Int64 {
        switch operation.split(separator: ".").last {
        case "create": 15 * 60_000
        case "start": 3 * 60_000
        case "stop", "delete": 2 * 60_000
        default: 5 * 60_000
        }
    }
}
