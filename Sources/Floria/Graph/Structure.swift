// SPDX-License-Identifier: Apache-2.0 OR MIT
package import Support

/// How vertexes and edges hang together, and what they are but for their values.
enum Structure {
    /// A number that stays the same as long as nothing of it changes. It is of use within this process only.
    static func stamp(of entities: some Sequence<Entity>) -> Int { entities.reduce(0) { $0 &+ $1.structureStamp } }

    /// What reads differently after an entity was made, replaced or removed.
    static func changes(from old: Entity?, to new: Entity?) -> Set<Read> {
        guard let id = (new ?? old)?.id else { return [] }
        var changes: Set<Read> = []
        let (before, after) = (old?.properties ?? [:], new?.properties ?? [:])
        for name in Set(before.keys).union(after.keys)
        where before[name]?.value != after[name]?.value || old == nil || new == nil {
            changes.insert(.property(PropertyReference(id, name)))
        }
        if old?.structureStamp == new?.structureStamp { return changes }
        changes.insert(.entity(id))
        for entity in [old, new] {
            switch entity {
            case .vertex(let vertex): if let container = vertex.container { changes.insert(.contained(container)) }
            case .edge(let edge): changes.formUnion([.outgoing(edge.source), .incoming(edge.target)])
            default: break
            }
        }
        return changes
    }
}

extension Entity {
    fileprivate var structureStamp: Int {
        var hasher = Hasher()
        hasher.combine(id)
        hasher.combine(classes)
        hasher.combine(header.metadata)
        switch self {
        case .vertex(let vertex):
            hasher.combine(vertex.container)
            hasher.combine(vertex.origin)
            hasher.combine(vertex.index)
        case .edge(let edge):
            hasher.combine(edge.source)
            hasher.combine(edge.target)
            hasher.combine(edge.origin)
            hasher.combine(edge.name)
            hasher.combine(edge.index)
        default: break
        }
        return hasher.finalize() | 1
    }
}

extension Snapshot {
    /// The vertexes and edges that a read finds.
    package func entities(_ read: Read) throws(Problem) -> [Entity] {
        switch read {
        case .property(let reference): try entity(reference.entity).map { [$0] } ?? []
        case .entity(let id): try entity(id).map { [$0] } ?? []
        case .contained(let id): try entities(.contained(in: id))
        case .outgoing(let id): try entities(.outgoing(from: id))
        case .incoming(let id): try entities(.incoming(to: id))
        }
    }
}
