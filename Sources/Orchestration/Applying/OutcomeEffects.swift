// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSecrets
import Support

/// What the outcomes of operations do to the graph, and what the graph says about operations to come.
struct OutcomeEffects: Sendable {
    /// How often a commit is tried when others change the graph at the same time.
    static let attemptLimit = 20

    let store: any Store
    let update: GraphUpdate
    let sealing: OutputSealing
    let now: @Sendable () -> Int64

    /// The order for an operation: what implements it, with its inputs as they are now.
    ///
    /// - Throws: `operation.unknown` if nothing implements it any more, `operation.input-missing` if an input has no
    ///   value.
    func order(for row: OperationRecord) async throws(Problem) -> OperationOrder {
        try await store.read { snapshot throws(Problem) in
            let implementation = try OperationImplementation(of: row.operation, subject: row.subject, in: snapshot)
            var inputs = try implementation.inputs()
            for (key, value) in row.inputs { inputs[key] = value }
            return OperationOrder(
                record: row, call: implementation.handler.call, inputs: inputs, endsNode: implementation.endsNode,
                location: implementation.location)
        }
    }

    /// Whether an operation's outcome says how far its node has come.
    func isOfLifecycle(_ row: OperationRecord) async throws(Problem) -> Bool {
        try await implementation(of: row)?.isOfLifecycle == true
    }

    /// Whether an operation ends its node. One that nothing implements doesn't.
    func endsNode(_ row: OperationRecord) async throws(Problem) -> Bool {
        try await implementation(of: row)?.endsNode == true
    }

    private func implementation(of row: OperationRecord) async throws(Problem) -> OperationImplementation? {
        do {
            return try await store.read { snapshot throws(Problem) in
                try OperationImplementation(of: row.operation, subject: row.subject, in: snapshot)
            }
        } catch {
            guard error.code == "operation.unknown" || error.code == "node.unknown" else { throw error }
            return nil
        }
    }

    /// The transaction that records rows, together with everything that those which are done do to the graph.
    func transaction(for rows: [OperationRecord], of deployment: Deployment) async throws(Problem) -> Transaction {
        var transaction = Transaction()
        transaction.records = rows.map(\.record)
        let done = rows.filter { $0.state == .done }
        try await add(outputsOf: done, to: &transaction)
        for row in done { try await add(progressOf: row, to: &transaction) }
        if let record = deployment.finishedRecord { try await add(endOf: deployment, record, to: &transaction) }
        try await spread(&transaction, of: deployment.service)
        transaction.recordExpectations[deployment.service.key] = deployment.service.version
        transaction.provenance = Provenance(.operation, deployment.service.deployment, time: now())
        return transaction
    }

    /// Checks that a conflict was not over the service itself.
    func checkOwnership(of deployment: Deployment) async throws(Problem) {
        let key = deployment.service.key
        let present = try await store.read { snapshot throws(Problem) in try snapshot.record(key.collection, key.key) }
        guard present?.version == deployment.service.version else {
            throw Problem("service.taken-over", "another conductor has taken the service ‘\(key.key)’ over")
        }
    }

    /// Sets the attributes that the design maps outputs to.
    func add(outputsOf rows: [OperationRecord], to transaction: inout Transaction) async throws(Problem) {
        let rows = rows.filter { !$0.outputs.isEmpty }
        guard !rows.isEmpty else { return }
        let values = try await store.read { snapshot throws(Problem) in
            var values: [PropertyReference: Value] = [:]
            for row in rows {
                let implementation = try OperationImplementation(of: row.operation, subject: row.subject, in: snapshot)
                try values.merge(implementation.values(of: row.outputs, in: snapshot)) { $1 }
            }
            return values
        }
        guard !values.isEmpty else { return }
        let provenance = Provenance(.operation, rows[0].id, time: now())
        do {
            try await update.push(values, in: store, provenance: provenance).add(to: &transaction)
        } catch { throw error.all[0] }
    }

    /// Notes how far the node has come with an operation of its lifecycle; removes it when it has been deleted.
    func add(progressOf row: OperationRecord, to transaction: inout Transaction) async throws(Problem) {
        let key = RecordKey("progress", row.subject.description)
        switch row.operation.operationName {
        case "delete":
            try await remove([row.subject], from: &transaction)
            transaction.recordDeletions.append(key)
        case "stop": transaction.records.append(Record(key.collection, key.key, .text("stop")))
        case let name where Lifecycle.making.contains(name):
            transaction.records.append(Record(key.collection, key.key, .text(name)))
        default: break
        }
    }

    private func add(
        endOf deployment: Deployment, _ record: DeploymentRecord, to transaction: inout Transaction
    ) async throws(Problem) {
        guard deployment.isComplete else {
            transaction.records.append(deployment.service.record)
            return
        }
        try await remove(record.obsolete, from: &transaction)
        transaction.recordDeletions.append(RecordKey(DeploymentRecord.collection, deployment.service.name))
        if record.isDeletion {
            transaction.recordDeletions += [deployment.service.key] + UndoRecord.keys(of: deployment.service.name)
            transaction.baselineDeletions = try await baseline(of: deployment.service.name)
            transaction.recordDeletions += try await secrets(of: deployment.service.name)
        } else {
            transaction.records.append(deployment.service.record)
        }
    }

    /// Brings up to date what other services read of what is removed.
    private func spread(_ transaction: inout Transaction, of service: ServiceRecord) async throws(Problem) {
        let (puts, deletions) = (transaction.puts, transaction.deletions)
        if deletions.isEmpty { return }
        let altered = try await store.read { snapshot throws(Problem) in try snapshot.alterations(removing: deletions) }
        do {
            let changes = try await update.spread(
                altered, puts: puts, deletions: deletions, of: service.name, in: store,
                provenance: Provenance(.operation, service.deployment, time: now()))
            let replaced = Set(changes.entities.map(\.id))
            transaction.puts.removeAll { replaced.contains($0.id) }
            changes.add(to: &transaction)
        } catch { throw error.all[0] }
    }

    private func secrets(of service: String) async throws(Problem) -> [RecordKey] {
        try await store.read { snapshot throws(Problem) in
            try Secrets.records(within: Directory([service]), in: snapshot)
        }
    }

    private func baseline(of service: String) async throws(Problem) -> [ID] {
        try await store.read { snapshot throws(Problem) in
            let graph = try Graph(baselineOf: service, in: snapshot)
            return Array(graph.vertexes.keys) + Array(graph.edges.keys)
        }
    }

    /// Removes vertexes with all that they contain and every edge at any of these.
    private func remove(_ ids: [ID], from transaction: inout Transaction) async throws(Problem) {
        let all = try await store.read { snapshot throws(Problem) in
            var all = Set(ids.filter { $0.kind == .edge })
            var unvisited = ids.filter { $0.kind == .vertex }
            while let id = unvisited.popLast() {
                guard all.insert(id).inserted else { continue }
                unvisited += try snapshot.entities(.contained(in: id)).map(\.id)
                all.formUnion(try snapshot.entities(.outgoing(from: id)).map(\.id))
                all.formUnion(try snapshot.entities(.incoming(to: id)).map(\.id))
            }
            return all
        }
        let known = Set(transaction.deletions)
        transaction.deletions += all.subtracting(known).sorted()
        transaction.puts.removeAll { all.contains($0.id) }
        for id in all { transaction.expectations[id] = nil }
    }
}
