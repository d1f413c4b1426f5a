// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Synchronization

/// Entities that were read or written a short while ago, so that they need not be decoded again.
///
/// They are known by the row's key and the version in it: a row that was changed in between is another entry. It holds
/// two generations, each of half the limit; when the younger one is full, the older one is forgotten.
final class EntityCache: Sendable {
    /// The most bytes of encoded entities that are held decoded.
    private static let limit = 4 << 20

    private struct Key: Hashable {
        var row: Int64
        var version: UInt64
    }

    private struct Generation {
        var entities: [Key: (entity: Entity, size: Int)] = [:]
        var size = 0

        mutating func insert(_ entity: Entity, _ size: Int, _ key: Key) {
            guard entities.updateValue((entity, size), forKey: key) == nil else { return }
            self.size += size
        }
    }

    private struct State {
        var younger = Generation()
        var older = Generation()

        mutating func insert(_ entity: Entity, _ size: Int, _ key: Key) {
            if younger.size + size > EntityCache.limit / 2 {
                older = younger
                younger = Generation()
            }
            younger.insert(entity, size, key)
        }
    }

    private let state = Mutex(State())

    /// The entity in a row at a version, if it is held.
    func entity(_ row: Int64, _ version: UInt64) -> Entity? {
        let key = Key(row: row, version: version)
        return state.withLock { state in
            if let found = state.younger.entities[key] { return found.entity }
            guard let found = state.older.entities[key] else { return nil }
            state.insert(found.entity, found.size, key)
            return found.entity
        }
    }

    /// Holds an entity that is on disk.
    func insert(_ entity: Entity, _ row: Int64, size: Int) {
        let key = Key(row: row, version: entity.header.version)
        state.withLock { $0.insert(entity, size, key) }
    }

    /// Forgets everything.
    func removeAll() { state.withLock { $0 = State() } }
}
