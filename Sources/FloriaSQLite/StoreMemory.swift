// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What a store holds in memory of what is on disk.
struct StoreMemory: Sendable {
    let entities = EntityCache()
    let patterns: PatternTable

    /// - Parameter connection: Within a transaction.
    init(_ connection: Connection) throws(Problem) {
        let last = try connection.row("SELECT max(key) FROM patterns", []) { row throws(Problem) in row.optionalInteger(0) }
        patterns = PatternTable(last: (last ?? nil) ?? 0)
    }
}
