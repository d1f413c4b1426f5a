// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Deployment {
    /// Reads the deployment of a service from the ledger.
    init(service: ServiceRecord, in snapshot: any Snapshot, now: @escaping @Sendable () -> Int64) throws(Problem) {
        guard let record = try snapshot.record(DeploymentRecord.collection, service.name) else {
            throw Problem("ledger.malformed", "the deployment of ‘\(service.name)’ is not in the ledger")
        }
        let prefix = "\(service.name)/\(service.deployment)-"
        var rows: [OperationRecord] = []
        for row in try snapshot.records(OperationRecord.collection, prefix: prefix, after: nil, limit: .max) {
            rows.append(try OperationRecord(document: row.value))
        }
        self.init(service: service, record: try DeploymentRecord(record: record), rows: rows, now: now)
    }

    /// Takes the deployment over from a conductor that is gone.
    ///
    /// - Returns: the operations to be given to their hosts: what was begun, again, and whatever can begin.
    mutating func takeOver(token: UInt64) -> [OperationRecord] {
        claim(token: token)
        return restartUnfinished() + startReady()
    }

    /// Takes a deployment up again that had ended: one of its failed operations, and all that was cancelled.
    mutating func resume(retrying id: String, token: UInt64) -> [OperationRecord] {
        claim(token: token)
        planAgain { $0.id == id || $0.state == .cancelled }
        return startReady()
    }
}
