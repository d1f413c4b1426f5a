// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension Orchestrator {
    /// Calls one operation of a node or an edge, now.
    ///
    /// - Parameter key: names the call; calling again with one key goes on with what was begun, or gives its outcome.
    /// - Returns: the ledger's row.
    /// - Throws: `operation.unknown`, `operation.malformed-inputs`, or the problem of the operation itself.
    public func call(
        _ operation: String, of subject: ID, inputs: ValueMap, key: String
    ) async throws(Problem) -> OperationRecord {
        let service = subject.directory.names.first ?? ""
        let name = "\(service)/\(key)"
        let hasWaited = await turns.begin(name)
        defer { turns.end(name) }
        let (known, host, timeLimit, given) = try await store.read { snapshot throws(Problem) in
            let implementation = try OperationImplementation(of: operation, subject: subject, in: snapshot)
            try implementation.checkSecrets(in: inputs)
            let (limit, given) = (implementation.timeLimit, CallInputs(inputs, for: operation, of: subject, implementation))
            let record = try snapshot.record(OperationRecord.collection, name)
            guard case .vertex(let vertex) = try snapshot.entity(subject) else { return (record, "", limit, given) }
            return (record, vertex.properties["host"]?.value?.text ?? "", limit, given)
        }
        var row = OperationRecord(
            id: key, service: service, deployment: nil, subject: subject, operation: operation, host: host, planned: now())
        if let timeLimit { row.timeLimit = timeLimit }
        if let known {
            row = try OperationRecord(document: known.value)
        } else {
            row.inputs = try await given.prepared(by: effects.update, in: store)
        }
        if row.state == .done { return row }
        if hasWaited, let problem = row.problem { throw problem }
        return try await execute(row)
    }

    private func execute(_ row: OperationRecord) async throws(Problem) -> OperationRecord {
        let row = try await attempt(row)
        if let problem = row.problem { throw problem }
        return row
    }

    /// Runs a row of the ledger that belongs to no deployment, and writes its outcome.
    ///
    /// - Throws: `node.ending` if its node is being deleted. `operation.interrupted` if it was cancelled; it then has no
    ///   outcome, and the next agent goes on with it.
    func attempt(_ row: OperationRecord) async throws(Problem) -> OperationRecord {
        guard try await effects.endsNode(row) else {
            try gates.enter(row.subject)
            defer { gates.leave(row.subject) }
            return try await attemptWithinGate(row)
        }
        try await gates.close(row.subject)
        defer { gates.open(row.subject) }
        return try await attemptWithinGate(row)
    }

    private func attemptWithinGate(_ row: OperationRecord) async throws(Problem) -> OperationRecord {
        var row = row
        row.state = .started
        row.started = now()
        row.ended = nil
        row.problem = nil
        row.attempt += 1
        failpoint.reach("call.before-commit")
        var transaction = Transaction()
        transaction.records = [row.record, Record(Self.openCalls, row.key, .boolean(true))]
        try await store.commit(transaction)
        do {
            failpoint.reach("call.before-run")
            let outputs = try await runner.run(try await effects.order(for: row), on: row.host)
            row.outputs = try await effects.sealing.seal(outputs, of: row)
            row.state = .done
        } catch {
            if Task.isCancelled { throw .interrupted(row) }
            row.problem = error
            row.state = .failed
        }
        row.ended = now()
        try await write(row)
        return row
    }

    func write(_ row: OperationRecord) async throws(Problem) {
        for _ in 0..<OutcomeEffects.attemptLimit {
            var transaction = Transaction()
            transaction.records = [row.record]
            transaction.recordDeletions = [RecordKey(Self.openCalls, row.key)]
            transaction.provenance = Provenance(.operation, row.id, time: now())
            if row.state == .done {
                try await effects.add(outputsOf: [row], to: &transaction)
                if try await effects.isOfLifecycle(row) { try await effects.add(progressOf: row, to: &transaction) }
            }
            failpoint.reach("call.before-outcome")
            do {
                try await store.commit(transaction)
                return
            } catch { guard error.code == "store.conflict" else { throw error } }
        }
        throw Problem("service.contended", "the graph of ‘\(row.service)’ changes too often for it to be written")
    }

    /// Tries an operation again that failed or was cancelled. If it belongs to the service's last deployment, the
    /// deployment goes on with it.
    ///
    /// - Throws: `operation.unknown` if there is no such row, `operation.not-failed` if there is nothing to retry,
    ///   `service.busy` if a deployment is under way.
    public func retry(service name: String, operation id: String) async throws(Problem) -> OperationRecord {
        let (operation, service) = try await failed(service: name, operation: id)
        guard let deployment = operation.deployment else {
            _ = await turns.begin(operation.key)
            defer { turns.end(operation.key) }
            return try await execute(try await failed(service: name, operation: id).0)
        }
        guard let service, try ServiceRecord(record: service).deployment == deployment else {
            throw Problem("operation.not-failed", "‘\(name)/\(id)’ belongs to an earlier deployment", hint: "deploy again")
        }
        try await resume(try ServiceRecord(record: service), retrying: id)
        return operation
    }

    private func failed(
        service name: String, operation id: String
    ) async throws(Problem) -> (OperationRecord, service: Record?) {
        let (row, service) = try await store.read { snapshot throws(Problem) in
            (
                try snapshot.record(OperationRecord.collection, "\(name)/\(id)"),
                try snapshot.record(ServiceRecord.collection, name)
            )
        }
        guard let row else { throw Problem("operation.unknown", "the ledger has no operation ‘\(name)/\(id)’") }
        let operation = try OperationRecord(document: row.value)
        guard operation.state == .failed || operation.state == .cancelled else {
            throw Problem("operation.not-failed", "‘\(name)/\(id)’ is \(operation.state.rawValue), there is nothing to retry")
        }
        return (operation, service)
    }

    private func resume(_ service: ServiceRecord, retrying id: String) async throws(Problem) {
        guard !service.isBusy else { throw .busy(service.name) }
        var (deployment, token) = try await store.read { [now] snapshot throws(Problem) in
            (
                try Deployment(service: service, in: snapshot, now: now),
                try ServiceRecord.nextToken(of: service.name, in: snapshot)
            )
        }
        let started = deployment.resume(retrying: id, token: token)
        var transaction = Transaction()
        transaction.records = deployment.rows.values.map(\.record) + [deployment.service.record]
        transaction.recordExpectations[service.key] = service.version
        try await begin(deployment, started, transaction, conflict: .busy(service.name))
    }
}

extension Problem {
    fileprivate static func interrupted(_ row: OperationRecord) -> Problem {
        Problem(
            "operation.interrupted", "the agent ended while ‘\(row.operation)’ of ‘\(row.subject)’ was under way",
            at: .entity(row.subject.description, property: nil),
            hint: "it goes on when the agent runs again; ‘khutulun operation list’ shows it")
    }
}
