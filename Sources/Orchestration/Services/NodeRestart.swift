// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension Orchestrator {
    /// Throws `service.name-taken` if there is a service of the name.
    public func requireAbsent(service name: String) async throws(Problem) {
        let record = try await store.read { snapshot throws(Problem) in
            try snapshot.record(ServiceRecord.collection, name)
        }
        guard record == nil else {
            throw Problem(
                "service.name-taken", "there is a service ‘\(name)’ already",
                hint: "choose another name, or delete it with ‘khutulun service delete \(name)’")
        }
    }

    /// Begins to stop a node's workload and to start it again.
    ///
    /// - Returns: the key of the last operation's row, `SERVICE/ID`.
    /// - Throws: `node.no-workload` if the node has no such operations, `service.busy` if a deployment is under way.
    public func restart(_ node: ID) async throws(Problem) -> String {
        let name = node.directory.names.first ?? ""
        let (service, token, vertex, interface) = try await store.read { snapshot throws(Problem) in
            guard let record = try snapshot.record(ServiceRecord.collection, name) else { throw .unknownService(name) }
            guard case .vertex(let vertex)? = try snapshot.entity(node) else {
                throw Problem("node.not-found", "there is no node ‘\(node)’")
            }
            let interface = try snapshot.entities(.contained(in: node)).lazy.compactMap { entity -> Vertex? in
                if case .vertex(let vertex) = entity, vertex.classes.contains(Lifecycle.interface) { vertex } else { nil }
            }.first
            return (try ServiceRecord(record: record), try ServiceRecord.nextToken(of: name, in: snapshot), vertex, interface)
        }
        guard !service.isBusy else { throw .busy(name) }
        let events = interface?.handlers.map(\.event) ?? []
        guard let prefix = interface?.symbolicName, events.contains("stop"), events.contains("start") else {
            throw Problem("node.no-workload", "‘\(node)’ has no operations to stop and start it")
        }
        var next = service
        next.deployment = uniqueTime.next()
        next.token = token
        next.state = .deploying
        next.problems = []
        let host = vertex.properties["host"]?.value?.text ?? ""
        let stop = OperationRecord(
            id: "\(next.deployment)-1", service: name, deployment: next.deployment, subject: node,
            operation: "\(prefix).stop", host: host, planned: now())
        var start = stop
        start.id = "\(next.deployment)-2"
        start.operation = "\(prefix).start"
        start.timeLimit = OperationRecord.timeLimit(of: start.operation)
        start.waitsFor = [stop.id]
        try await begin(restart: [stop, start], of: next)
        return start.key
    }

    private func begin(restart rows: [OperationRecord], of service: ServiceRecord) async throws(Problem) {
        let record = DeploymentRecord(service: service.name, isDeletion: false, obsolete: [], hosts: [])
        var deployment = Deployment(service: service, record: record, rows: rows, now: now)
        let started = deployment.startReady()
        var transaction = Transaction()
        transaction.records = deployment.rows.values.map(\.record) + [record.record, service.record]
        transaction.recordExpectations[service.key] = service.version
        try await begin(deployment, started, transaction, conflict: .busy(service.name))
    }
}
