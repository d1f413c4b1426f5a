// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension OperationRecord {
    /// The row as a document, as the ledger keeps it and the API shows it.
    public var document: Value {
        var document: Value = [
            "id": .text(id), "service": .text(service), "subject": .text(subject.documentText),
            "node": .text(subject.description), "operation": .text(operation), "state": .text(state.rawValue),
            "host": .text(host), "attempt": .integer(attempt), "token": .number(token), "planned": .integer(planned),
            "time-limit": .integer(timeLimit),
        ]
        document["deployment"] = deployment.map(Value.text)
        if !waitsFor.isEmpty { document["waits-for"] = .list(waitsFor.map(Value.text)) }
        if !inputs.isEmpty { document["inputs"] = .map(inputs) }
        if !outputs.isEmpty { document["outputs"] = .map(outputs) }
        document["problem"] = problem?.value
        document["started"] = started.map(Value.integer)
        document["ended"] = ended.map(Value.integer)
        document["deadline"] = deadline.map(Value.integer)
        return document
    }

    /// Reads a row's document.
    ///
    /// - Throws: `ledger.malformed` if a key is missing or wrong.
    public init(document: Value) throws(Problem) {
        guard let id = document["id"]?.text, let service = document["service"]?.text,
            let subject = document["subject"]?.text, let operation = document["operation"]?.text,
            let state = document["state"]?.text.flatMap(State.init(rawValue:)), let host = document["host"]?.text,
            let planned = document["planned"]?.integer
        else { throw Problem("ledger.malformed", "a row of the ledger cannot be read") }
        self.init(
            id: id, service: service, deployment: document["deployment"]?.text, subject: try ID(documentText: subject),
            operation: operation, host: host, waitsFor: (document["waits-for"]?.list ?? []).compactMap(\.text),
            inputs: document["inputs"]?.map ?? ValueMap(), planned: Int64(planned))
        self.state = state
        attempt = document["attempt"]?.integer ?? 0
        token = UInt64(document["token"]?.integer ?? 0)
        outputs = document["outputs"]?.map ?? ValueMap()
        problem = document["problem"].map(Problem.init(value:))
        started = document["started"]?.integer.map(Int64.init)
        ended = document["ended"]?.integer.map(Int64.init)
        timeLimit = document["time-limit"]?.integer.map(Int64.init) ?? timeLimit
    }

    /// The row as a record.
    public var record: Record { Record(Self.collection, key, document) }
}
