// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
public import Support

extension StoreBackend {
    /// What happens to a service: the rows of its deployment as they change, in order. A row's sequence number is the
    /// position of the commit that changed it last, so that a reader can go on where another one stopped.
    public func progress(of service: String, after: UInt64) async throws(Problems) -> APIStream<Value> {
        try await read { snapshot throws(Problem) in
            if try snapshot.record("services", service) != nil { return }
            if try snapshot.records("operations", prefix: "\(service)/", after: nil, limit: 1).isEmpty {
                throw StoreBackend.unknown(service: service)
            }
        }
        let start = Progress(service: service, after: after)
        return APIStream(
            batches: StoreFeed<Progress, Value>(store: store, start: start) { snapshot, progress throws(Problem) in
                try progress.read(snapshot)
            })
    }
}

/// How far a reader has come in the progress of a service.
private struct Progress: Sendable {
    let service: String
    var after: UInt64
    /// The deployment, known as long as the service has a record.
    var deployment: Value?

    func read(_ snapshot: any Snapshot) throws(Problem) -> StoreFeed<Progress, Value>.Batch {
        let record = try snapshot.record("services", service)
        var next = self
        next.deployment = record?.value["deployment"] ?? deployment
        var changed = try snapshot.records("operations", prefix: "\(service)/", putAfter: after).filter {
            next.deployment != nil && $0.value["deployment"] == next.deployment
        }
        changed.sort { $0.version < $1.version }
        next.after = max(after, snapshot.position)
        var lines = changed.map(Progress.line)
        let state = record?.value["state"]?.text ?? "deleted"
        let isLast = state != "deploying" && state != "deleting"
        if isLast {
            lines.append(["done": true, "state": .text(state), "problems": record?.value["problems"] ?? []])
        }
        return .init(elements: lines, next: next, isLast: isLast)
    }

    private static func line(_ record: Record) -> Value {
        let row = record.value
        var line: Value = [
            "sequence": .number(record.version), "time": row["ended"] ?? row["started"] ?? row["planned"] ?? .null,
        ]
        for key in ["id", "operation", "node", "state", "host", "attempt", "problem"] { line[key] = row[key] }
        return line
    }
}
