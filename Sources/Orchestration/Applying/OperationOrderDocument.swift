// SPDX-License-Identifier: Apache-2.0 OR MIT
public import EventBus
public import Floria
public import Support

extension OperationOrder {
    /// The order as it is sent to a host.
    public var document: Value {
        var document: Value = [
            "id": .text(id), "service": .text(service), "subject": .text(subject.documentText),
            "operation": .text(operation), "call": .call(call), "inputs": .map(inputs), "attempt": .integer(attempt),
            "time-limit": .integer(timeLimit),
        ]
        if endsNode { document["ends-node"] = true }
        if let location { document["location"] = Problem.Place.source(location).value }
        return document
    }

    /// Reads an order.
    ///
    /// - Throws: `operation.malformed` if a key is missing or wrong.
    public init(document: Value) throws(Problem) {
        guard let id = document["id"]?.text, let service = document["service"]?.text,
            let subject = document["subject"]?.text, let operation = document["operation"]?.text,
            case .call(let call)? = document["call"], let inputs = document["inputs"]?.map,
            let attempt = document["attempt"]?.integer, let timeLimit = document["time-limit"]?.integer
        else { throw Problem("operation.malformed", "an order cannot be read") }
        self.id = id
        self.service = service
        self.subject = try ID(documentText: subject)
        self.operation = operation
        self.call = call
        self.inputs = inputs
        self.attempt = attempt
        self.timeLimit = Int64(timeLimit)
        endsNode = document["ends-node"] == true
        if case .source(let location)? = document["location"].flatMap(Problem.Place.init(value:)) { self.location = location }
    }
}

/// Carries operations to hosts over the bus.
public struct BusOperationRunner: OperationRunner {
    private let bus: any Bus

    /// Makes a runner.
    public init(bus: any Bus) { self.bus = bus }

    /// Asks the host to run the operation. A problem of the operation points at the place in the design that asked for it.
    public func run(_ order: OperationOrder, on host: String) async throws(Problem) -> ValueMap {
        do {
            return try await bus.ask(host, Message("operation", order.document)).map ?? ValueMap()
        } catch {
            let place = order.location.map(Problem.Place.source) ?? .entity(order.subject.description, property: nil)
            throw Problem(
                "operation.failed", "‘\(order.operation)’ of ‘\(order.subject)’ failed on ‘\(host)’", at: place,
                causes: [error], hint: "‘khutulun operation retry \(order.service)/\(order.id)’ tries it again")
        }
    }

    /// Asks the host to remove the vertexes' folders.
    public func clear(_ vertexes: [ID], on host: String) async throws(Problem) {
        _ = try await bus.ask(host, Message("clear", ["vertexes": .list(vertexes.map { .text($0.documentText) })]))
    }
}

/// Calls functions of plugins on a host, for expressions that are evaluated elsewhere.
public struct BusFunctions: FunctionLibrary {
    private let bus: any Bus
    private let host: @Sendable () -> String

    /// Makes a library that asks the host that `host` names.
    public init(bus: any Bus, host: @escaping @Sendable () -> String) {
        self.bus = bus
        self.host = host
    }

    /// Asks the host to call a function, `plugin:name`.
    public func dispatch(
        _ function: String, _ arguments: [Value], _ evaluation: Evaluation
    ) async throws(EvaluationFailure) -> Value {
        var body: Value = [
            "function": .text(function), "arguments": .list(arguments), "entity": .text(evaluation.site.entity.documentText),
        ]
        body["property"] = evaluation.site.property.map(Value.text)
        do { return try await bus.ask(host(), Message("function", body)) } catch { throw .failed(error) }
    }
}
