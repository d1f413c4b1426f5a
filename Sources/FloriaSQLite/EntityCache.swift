// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Synchronization

/// Entities that were read or written a short while ago, so that they need not be decoded again.
///
/// They are known by ID and version: an entity that was changed in between is another entry. It holds
/// two generations, each of half the limit; when the younger one is full, the older one is forgotten.
final class EntityCache: Sendable {
    /// About the most bytes that are held.
    private static let limit = 8 << 20

    /// What an entity is known by.
    struct Key: Hashable {
        var id: ID
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

    /// The entity of a key, if it is held.
    func entity(_ key: Key) -> Entity? {
        state.withLock { state in
            if let found = state.younger.entities[key] { return found.entity }
            guard let found = state.older.entities[key] else { return nil }
            state.insert(found.entity, found.size, key)
            return found.entity
        }
    }

    /// Holds an entity that is on disk.
    ///
    /// - Parameter content: The size of its content on disk.
    func insert(_ entity: Entity, _ key: Key, content: Int) {
        // A property without a value takes no room on disk, and takes some here.
        let size = 512 + 2 * content + 160 * entity.properties.count
        state.withLock { $0.insert(entity, size, key) }
    }
}
