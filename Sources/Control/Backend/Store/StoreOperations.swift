// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
public import Support

extension StoreBackend {
    /// The rows of the ledger, oldest first.
    public func operations(of service: String?, state: String?) async throws(Problems) -> [Value] {
        try await read { snapshot throws(Problem) in
            let rows = try snapshot.allRecords("operations", prefix: service.map { "\($0)/" } ?? "").map(\.value)
            let wanted = state.map { state in rows.filter { $0["state"]?.text == state } } ?? rows
            return wanted.enumerated().sorted {
                ($0.element["planned"]?.integer ?? 0, $0.offset) < ($1.element["planned"]?.integer ?? 0, $1.offset)
            }.map(\.element)
        }
    }

    /// One row.
    public func operation(_ id: String) async throws(Problems) -> (key: String, row: Value) {
        let record = try await read { snapshot throws(Problem) -> Record? in
            if let record = try snapshot.record("operations", id) { return record }
            return try snapshot.allRecords("operations").first {
                $0.value["id"]?.text == id || $0.name.key.hasSuffix("/\(id)")
            }
        }
        guard let record else {
            throw Problems([
                Problem(
                    "operation.unknown", "there is no operation ‘\(id)’",
                    hint: "‘khutulun operation list’ shows those that are there")
            ])
        }
        return (record.name.key, record.value)
    }
}
