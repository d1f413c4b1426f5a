// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// When the operations of a service have ended at the latest, in milliseconds since 1970 UTC.
struct Deadlines {
    private let rows: [String: Value]
    private let time: Int64
    private var known: [String: Int64?] = [:]

    /// Makes them for the rows of a ledger, at a time.
    init(_ ledger: LedgerRows, at time: Int64) {
        rows = Dictionary(ledger.rows.map { ($0["id"]?.text ?? "", $0) }) { $1 }
        self.time = time
    }

    /// The deadline of a row; nil if it has ended, or waits for one that ended badly and so for a person.
    ///
    /// - Complexity: what it waits for, directly or not, each of which is looked at once.
    mutating func deadline(of id: String) -> Int64? {
        if let known = known[id] { return known }
        known[id] = .some(nil)
        let deadline = rows[id].flatMap { derive($0) }
        known[id] = .some(deadline)
        return deadline
    }

    private mutating func derive(_ row: Value) -> Int64? {
        if row["state"] == "started" { return row["deadline"]?.integer.map(Int64.init) }
        guard row["state"] == "planned", let limit = row["time-limit"]?.integer else { return nil }
        var start = time
        for id in (row["waits-for"]?.list ?? []).compactMap(\.text) where rows[id].map({ $0["state"] != "done" }) == true {
            guard let end = deadline(of: id) else { return nil }
            start = max(start, end)
        }
        return start + Int64(limit)
    }
}
