// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What turns the graph that is into the graph that a design wants, without undoing what others than the design have done.
///
/// Three graphs are compared: what the design last made, what it wants now, and what is. What differs from what was last
/// made was changed by hand, and is kept; what a running system set, attributes above all, is carried over.
public struct ChangeSet: Sendable, Hashable {
    /// What happens to an entity (TOSCA 2.0 §4.4).
    public enum Category: String, Sendable, Hashable, CaseIterable {
        /// It is to be made.
        case novel
        /// It is there, and is to be changed.
        case modified
        /// It is to be removed.
        case obsolete
        /// The design wants it otherwise, but it was made, changed or removed by hand: it stays as it is.
        case kept
    }

    /// One entity that a change set names.
    public struct Change: Sendable, Hashable {
        /// The entity.
        public var id: ID
        /// What happens to it.
        public var category: Category
        /// As it is; nil if it isn't there.
        public var before: Entity?
        /// As it will be; nil if it will not be there.
        public var after: Entity?
        /// The properties that change.
        public var properties: [PropertyChange]
    }

    /// One property that changes, or is kept though the design wants another value. The values are nil where there is none.
    public struct PropertyChange: Sendable, Hashable {
        /// The property's name.
        public var name: String
        /// Its value as it is.
        public var before: Value?
        /// Its value as it will be.
        public var after: Value?
        /// What the design wants instead, if the value is kept.
        public var wanted: Value?
    }

    /// All that differs, in order of ID.
    public private(set) var changes: [Change]

    /// Compares three graphs. O(n log n).
    ///
    /// - Parameters:
    ///   - made: what the design last made; nil if it has made nothing yet.
    ///   - wanted: what the design wants now.
    ///   - present: what is there; nil if nothing is.
    public init(comparing made: Graph?, wanted: Graph, present: Graph?) {
        let made = made ?? Graph()
        let present = present ?? Graph()
        let ids = Set(wanted.vertexes.keys).union(wanted.edges.keys).union(present.vertexes.keys).union(present.edges.keys)
        changes = ids.sorted().compactMap { id in
            Self.change(id, made: made.entity(id), wanted: wanted.entity(id), present: present.entity(id))
        }
        dropWhatHangsInTheAir(wanted: wanted, present: present)
    }

    /// What was made by hand goes with the vertexes that it needs, and what the design wants at a vertex that was removed
    /// by hand is not made.
    private mutating func dropWhatHangsInTheAir(wanted: Graph, present: Graph) {
        var ending = Set(changes.filter { $0.category == .obsolete }.map(\.id))
        var missing = Set(changes.filter { $0.after == nil && $0.before == nil }.map(\.id))
        var isStable = false
        while !isStable {
            isStable = true
            for index in changes.indices {
                let id = changes[index].id
                if changes[index].category == .kept, wanted.entity(id) == nil, let entity = changes[index].before,
                    !ending.isDisjoint(with: entity.needs)
                {
                    changes[index].category = .obsolete
                    changes[index].after = nil
                    ending.insert(id)
                    isStable = false
                } else if changes[index].category == .novel, let entity = changes[index].after,
                    !missing.isDisjoint(with: entity.needs)
                {
                    changes[index].category = .kept
                    changes[index].after = nil
                    changes[index].properties = []
                    missing.insert(id)
                    isStable = false
                }
            }
        }
    }

    private static func change(_ id: ID, made: Entity?, wanted: Entity?, present: Entity?) -> Change? {
        switch (wanted, present) {
        case (let wanted?, nil):
            if made != nil { return Change(id: id, category: .kept, before: nil, after: nil, properties: []) }
            return Change(
                id: id, category: .novel, before: nil, after: wanted,
                properties: EntityMerge.differences(from: nil, to: wanted))
        case (nil, let present?):
            let isByHand = made == nil
            return Change(
                id: id, category: isByHand ? .kept : .obsolete, before: present, after: isByHand ? present : nil,
                properties: [])
        case (let wanted?, let present?):
            let merge = EntityMerge(made: made, wanted: wanted, present: present)
            if merge.isSame { return merge.hasKept ? kept(id, merge, present) : nil }
            let differences = EntityMerge.differences(from: present, to: merge.result) + merge.keptProperties
            return Change(
                id: id, category: .modified, before: present, after: merge.result,
                properties: differences.sorted { $0.name < $1.name })
        case (nil, nil): return nil
        }
    }

    private static func kept(_ id: ID, _ merge: EntityMerge, _ present: Entity) -> Change {
        Change(id: id, category: .kept, before: present, after: present, properties: merge.keptProperties)
    }
}

extension ChangeSet {
    /// The change as a transaction, which can be committed as long as all that it touches is as it was.
    public func transaction(provenance: Provenance) -> Transaction {
        var transaction = Transaction()
        transaction.provenance = provenance
        for change in changes where change.category != .kept {
            transaction.expectations[change.id] = change.before?.header.version ?? 0
            if let after = change.after { transaction.puts.append(after) } else { transaction.deletions.append(change.id) }
        }
        return transaction
    }

    /// The change as the API shows it: `[{"category", "entity", "kind", "type", "properties": [{"name", "before", "after"}]}]`.
    public var document: Value {
        .list(
            changes.map { change in
                let entity = change.after ?? change.before
                var document: Value = [
                    "category": .text(change.category.rawValue), "entity": .text(change.id.description),
                    "kind": entity?.header.metadata["kind"] ?? .text(change.id.kind.rawValue),
                    "properties": .list(change.properties.map(\.document)),
                ]
                document["type"] = (entity?.classes.first?.name).map(Value.text)
                return document
            })
    }
}

extension ChangeSet.PropertyChange {
    fileprivate var document: Value {
        var document: Value = ["name": .text(name)]
        document["before"] = before
        document["after"] = after
        document["wanted"] = wanted
        return document
    }
}

extension Entity {
    /// The vertexes that must be there for it to be there.
    fileprivate var needs: [ID] {
        switch self {
        case .vertex(let vertex): vertex.container.map { [$0] } ?? []
        case .edge(let edge): [edge.source, edge.target]
        default: []
        }
    }
}

extension Graph {
    func entity(_ id: ID) -> Entity? { vertex(id).map(Entity.vertex) ?? edge(id).map(Entity.edge) }
}
