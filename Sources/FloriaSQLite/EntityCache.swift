// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Synchronization

/// Entities that were read or written a short while ago, so that they need not be decoded again.
///
/// Of each the newest version that was seen is held. There are two generations, each of half the limit; when the younger one
/// is full, the older one is forgotten.
final class EntityCache: Sendable {
    /// About the most bytes that are held.
    private static let limit = 8 << 20

    private struct Generation {
        var entities: [ID: (entity: Entity, size: Int)] = [:]
        var size = 0

        mutating func insert(_ entity: Entity, _ size: Int) {
            if let held = entities[entity.id] {
                guard held.entity.header.version < entity.header.version else { return }
                self.size -= held.size
            }
            entities[entity.id] = (entity, size)
            self.size += size
        }
    }

    private struct State {
        var younger = Generation()
        var older = Generation()

        mutating func insert(_ entity: Entity, _ size: Int) {
            if younger.size + size > EntityCache.limit / 2 {
                older = younger
                younger = Generation()
            }
            younger.insert(entity, size)
        }
    }

    private let state = Mutex(State())

    /// The entity of an identifier and a version, if it is held.
    func entity(_ id: ID, version: UInt64) -> Entity? {
        state.withLock { state in
            if let found = state.younger.entities[id] { return found.entity.header.version == version ? found.entity : nil }
            guard let found = state.older.entities[id], found.entity.header.version == version else { return nil }
            state.insert(found.entity, found.size)
            return found.entity
        }
    }

    /// Holds entities that are on disk.
    func insert(_ written: [WrittenEntity]) {
        let stamped = written.map { ($0.stamped, $0.size) }
        state.withLock { state in
            for (entity, size) in stamped { state.insert(entity, size) }
        }
    }
}

/// An entity that is on disk.
struct WrittenEntity: Sendable {
    private let entity: Entity
    private let header: EntityHeader
    private let content: Int

    /// - Parameters:
    ///   - entity: as it was brought.
    ///   - header: as it is on disk.
    ///   - content: the size of its content on disk.
    init(_ entity: Entity, _ header: EntityHeader, content: Int) {
        self.entity = entity
        self.header = header
        self.content = content
    }

    fileprivate var stamped: Entity {
        var entity = entity
        entity.header = header
        return entity
    }

    /// About what it takes in memory. A property without a value takes no room on disk, and takes some here.
    fileprivate var size: Int { 512 + 2 * content + 160 * entity.properties.count }
}
