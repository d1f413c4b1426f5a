// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Orchestrator {
    /// The collection of records that name the calls without an outcome, so that they are found without the whole ledger.
    static let openCalls = "calls"

    /// The calls that an earlier agent left without an outcome.
    func unfinishedCalls() async throws(Problem) -> [OperationRecord] {
        try await store.read { snapshot throws(Problem) in
            var rows: [OperationRecord] = []
            for call in try snapshot.records(Self.openCalls, prefix: "", after: nil, limit: .max) {
                guard let row = try snapshot.record(OperationRecord.collection, call.name.key) else { continue }
                rows.append(try OperationRecord(document: row.value))
            }
            return rows
        }
    }

    /// Goes on with a call of an earlier agent: runs it again if there is still time for it and its node, and ends it if not.
    func takeUp(_ row: OperationRecord) async throws(Problem) {
        if let deadline = row.deadline, deadline <= now() {
            return try await end(
                row,
                Problem(
                    "operation.interrupted",
                    "the agent ended while ‘\(row.operation)’ of ‘\(row.subject)’ was under way, and came back when its time was over",
                    at: .entity(row.subject.description, property: nil),
                    hint: "look how far it came; ‘khutulun operation retry \(row.key)’ runs it again"))
        }
        do { _ = try await attempt(row) } catch {
            guard error.code == "node.ending" else { throw error }
            try await end(row, error)
        }
    }

    private func end(_ row: OperationRecord, _ problem: Problem) async throws(Problem) {
        var row = row
        row.state = .failed
        row.problem = problem
        row.ended = now()
        try await write(row)
    }
}
