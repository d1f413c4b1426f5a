// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// One attempt of an operation, as it is given to a host.
public struct OperationOrder: Sendable, Hashable {
    /// The ledger's row.
    public var id: String
    /// The service.
    public var service: String
    /// The node or edge; its own vertex is the call's site.
    public var subject: ID
    /// `INTERFACE.OPERATION`.
    public var operation: String
    /// What implements it.
    public var call: Call
    /// The inputs: those of the design, evaluated, overlaid by the caller's.
    public var inputs: ValueMap
    /// The attempt, from 1.
    public var attempt: Int
    /// How long it may take, in milliseconds.
    public var timeLimit: Int64
    /// Whether it ends the node, so that nothing else may run for it meanwhile.
    public var endsNode: Bool
    /// The place in the design that asked for it.
    public var location: SourceLocation?

    /// Makes an order.
    public init(record: OperationRecord, call: Call, inputs: ValueMap, endsNode: Bool, location: SourceLocation?) {
        id = record.id
        service = record.service
        subject = record.subject
        operation = record.operation
        self.call = call
        self.inputs = inputs
        attempt = record.attempt
        timeLimit = record.timeLimit
        self.endsNode = endsNode
        self.location = location
    }
}

/// Carries operations to the hosts that run them.
public protocol OperationRunner: Sendable {
    /// Runs an operation on a host and gives its outputs. Running it again for the same row finishes what was begun.
    func run(_ order: OperationOrder, on host: String) async throws(Problem) -> ValueMap

    /// Removes what a host keeps of vertexes that are no more. Doing it again has no further effect.
    func clear(_ vertexes: [ID], on host: String) async throws(Problem)
}
