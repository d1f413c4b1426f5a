// SPDX-License-Identifier: Apache-2.0 OR MIT
import EventBus
import Floria
import Orchestration
import Support

/// Does on this host what it is asked for over the bus.
struct HostRole: Sendable {
    let name: String
    let dispatcher: Dispatcher
    let workloads: HostWorkloads
    let processor: EventProcessor

    /// Answers messages until the task is cancelled.
    func serve(_ bus: any Bus) async {
        await bus.serve(name) { message throws(Problem) in try await answer(message) }
    }

    private func answer(_ message: Message) async throws(Problem) -> Value {
        switch message.subject {
        case "operation": return try await operation(try OperationOrder(document: message.body))
        case "function": return try await function(message.body)
        case "events":
            var events: [Event] = []
            for document in message.body.list ?? [] { events.append(try Event(document: document)) }
            try await processor.take(events)
            return .null
        case "undelivered": return try await processor.undelivered().document
        case "taken":
            let ids = (message.body["ids"]?.list ?? []).compactMap(\.text)
            let taken = try await processor.taken(ids, until: UInt64(message.body["position"]?.integer ?? 0))
            return .list(taken.sorted().map(Value.text))
        case "letters": return .list(try await processor.letters().map(\.document))
        case "letter": return try await processor.letter(letterID(message.body)).document
        case "letter-retry":
            try await processor.retry(letter: letterID(message.body))
            return .null
        case "letter-drop":
            try await processor.drop(letter: letterID(message.body))
            return .null
        case "clear": return try clear(message.body)
        case "logs": return try await workloads.logs(message.body)
        case "exec": return try await workloads.exec(message.body)
        case "explain": return try await workloads.explain(message.body)
        default: throw Problem("bus.unknown-subject", "the host ‘\(name)’ does not know the subject ‘\(message.subject)’")
        }
    }

    private func letterID(_ body: Value) throws(Problem) -> String {
        guard let id = body["id"]?.text else { throw Problem("bus.malformed", "no dead letter is named") }
        return id
    }

    private func operation(_ order: OperationOrder) async throws(Problem) -> Value {
        let execution: Value = ["operation": .text("\(order.service)/\(order.id)"), "attempt": .integer(order.attempt)]
        let invocation = Invocation(
            call: order.call, extra: [.map(order.inputs), execution], site: CallSite(entity: order.subject, property: nil),
            timeLimit: .milliseconds(order.timeLimit), cause: .operation("\(order.service)/\(order.id)"))
        guard order.endsNode else { return try await dispatcher.dispatch(invocation) }
        try await dispatcher.functions.gates.close(order.subject)
        defer { dispatcher.functions.gates.open(order.subject) }
        return try await dispatcher.dispatch(invocation)
    }

    /// Removes the folders of vertexes that are no more.
    private func clear(_ body: Value) throws(Problem) -> Value {
        for text in (body["vertexes"]?.list ?? []).compactMap(\.text) {
            let id = try ID(documentText: text)
            try Files.remove(dispatcher.environment.folders.folder(of: id))
        }
        return .null
    }

    private func function(_ body: Value) async throws(Problem) -> Value {
        guard let function = body["function"]?.text.flatMap(FunctionName.init), let arguments = body["arguments"]?.list,
            let entity = body["entity"]?.text
        else { throw Problem("bus.malformed", "the call of a function cannot be read") }
        let site = CallSite(entity: try ID(documentText: entity), property: body["property"]?.text)
        return try await dispatcher.dispatch(
            Invocation(call: Call(function, arguments), extra: [], site: site, timeLimit: .seconds(30), cause: .evaluation))
    }
}
