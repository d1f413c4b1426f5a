// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Synchronization

/// What a store holds in memory of what is on disk.
struct StoreMemory: Sendable {
    let entities = EntityCache()
    let patterns: PatternTable
    let classes = KnownClasses()

    /// - Parameter connection: Within a transaction.
    init(_ connection: Connection) throws(Problem) {
        let last = try connection.row("SELECT max(key) FROM patterns", []) { row throws(Problem) in row.optionalInteger(0) }
        patterns = PatternTable(last: (last ?? nil) ?? 0)
    }
}

/// Classes that are known to be on disk: whatever is put names some, and they are seldom deleted.
final class KnownClasses: Sendable {
    private let ids = Mutex<Set<ID>>([])

    func contains(_ id: ID) -> Bool { ids.withLock { $0.contains(id) } }
    func insert(_ id: ID) { ids.withLock { _ = $0.insert(id) } }
    func remove(_ id: ID) { ids.withLock { _ = $0.remove(id) } }
}
