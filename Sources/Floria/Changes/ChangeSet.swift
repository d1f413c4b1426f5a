// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What turns the graph that is into the graph that a design wants, without undoing what others than the design have done.
///
/// Three graphs are compared: what the design last made, what it wants now, and what is. What differs from what was last
/// made was changed by hand, and is kept; where the design has changed the same thing since, both are in *conflict*: what
/// was done by hand is kept too, unless a ``Resolution`` takes the design's. What a running system set, attributes above
/// all, is carried over.
public struct ChangeSet: Sendable, Hashable {
    /// What happens to an entity (TOSCA 2.0 §4.4). What is *unchanged* is only counted.
    public enum Category: String, Sendable, Hashable, CaseIterable {
        /// It is to be made.
        case novel
        /// It is there, and is to be changed.
        case modified
        /// It is to be removed.
        case obsolete
        /// The design wants it otherwise, but it was made, changed or removed by hand: it stays as it is.
        case kept
        /// It was changed by hand, and the design has changed the same since it last made it. What was done by hand stays.
        case conflicting
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
        /// The properties that change or are kept, in order of name.
        public var properties: [PropertyChange]
        /// Where it hangs, if that changes or is kept: `container`, `source` and `target`, as texts.
        public var relations: [PropertyChange]

        /// Whether it changes the graph.
        public var isEffective: Bool { before != after }
    }

    /// One property that changes, or is kept though the design wants another value. The values are nil where there is none.
    public struct PropertyChange: Sendable, Hashable {
        /// The property's name.
        public var name: String
        /// Its value as it is.
        public var before: Value?
        /// Its value as it will be.
        public var after: Value?
        /// Whether it was set by hand and stays.
        public var isKept = false
        /// What the design wants instead, if it is kept. Nil if that isn't known yet, or if the design wants none.
        public var wanted: Value?
        /// Whether the design has changed it too since it was last made.
        public var isConflict = false

        init(name: String, before: Value?, after: Value?) {
            self.name = name
            self.before = before
            self.after = after
        }
    }

    /// All that differs, in order of ID.
    public internal(set) var changes: [Change]
    /// How many entities stay as they are.
    public internal(set) var unchangedCount: Int

    /// Compares three graphs. O(n log n).
    ///
    /// - Parameters:
    ///   - made: what the design last made; nil if it has made nothing yet.
    ///   - wanted: what the design wants now.
    ///   - present: what is there; nil if nothing is.
    ///   - resolution: where the design's is taken although something was done by hand.
    public init(comparing made: Graph?, wanted: Graph, present: Graph?, resolution: Resolution = Resolution()) {
        var comparison = Comparison(
            ComparedGraphs(made: made ?? Graph(), wanted: wanted, present: present ?? Graph(), resolution: resolution))
        comparison.run()
        changes = comparison.changes
        unchangedCount = comparison.unchangedCount
    }

    init(changes: [Change], unchangedCount: Int) {
        self.changes = changes
        self.unchangedCount = unchangedCount
    }
}

/// Where a design's is taken although something was done by hand.
public struct Resolution: Sendable, Hashable {
    /// Whether the design's is taken everywhere.
    public var takesAll = false
    /// The entities for which it is, with all that they contain.
    public var entities: Set<ID> = []
    /// The properties for which it is.
    public var properties: Set<PropertyReference> = []

    /// Takes nothing: what was done by hand stays.
    public init() {}
}

extension ChangeSet {
    /// The change as a transaction, which can be committed as long as all that it touches is as it was.
    public func transaction(provenance: Provenance) -> Transaction {
        var transaction = Transaction()
        transaction.provenance = provenance
        for change in changes where change.isEffective {
            transaction.expectations[change.id] = change.before?.header.version ?? 0
            if let after = change.after { transaction.puts.append(after) } else { transaction.deletions.append(change.id) }
        }
        return transaction
    }

    /// What takes the change back.
    ///
    /// - Parameter position: The position of the commit that has made it, which is the version of all that it put.
    public func inverted(at position: UInt64) -> ChangeSet {
        let inverse = changes.filter(\.isEffective).map { change -> Change in
            var inverse = change
            inverse.before = change.after
            inverse.before?.header.version = position
            inverse.after = change.before
            inverse.category = change.before == nil ? .obsolete : change.after == nil ? .novel : .modified
            inverse.properties = change.properties.compactMap(\.inverted)
            inverse.relations = change.relations.compactMap(\.inverted)
            return inverse
        }
        return ChangeSet(changes: inverse, unchangedCount: unchangedCount)
    }

    /// The same change of a graph that has gone on since: what was done by hand meanwhile is kept, as in a change that a
    /// design wants, and what is gone or done already is left out.
    ///
    /// What a running system had set of things that were removed is not set again: it was true of what ran then.
    public func rebased(onto present: Graph, resolution: Resolution = Resolution()) -> ChangeSet {
        var (made, wanted) = (Graph(), Graph())
        for change in changes {
            if let before = change.before { made.insert(before) }
            if let after = change.after { wanted.insert(change.before == nil ? after.withoutRunningValues : after) }
        }
        let own = Set(changes.map(\.id))
        var rebased = ChangeSet(comparing: made, wanted: wanted, present: present, resolution: resolution)
        rebased.changes.removeAll { !$0.isEffective && !own.contains($0.id) }
        return rebased
    }
}

extension ChangeSet {
    /// Leaves out the changes that aren't wanted.
    public mutating func keepOnly(where isWanted: (Change) -> Bool) { changes.removeAll { !isWanted($0) } }

    /// Adds that entities are made; those that are named already stay as they are.
    public mutating func add(made entities: [Entity]) {
        let known = Set(changes.map(\.id))
        for entity in entities where !known.contains(entity.id) {
            let properties = EntityMerge.differences(from: nil, to: entity)
            changes.append(
                Change(id: entity.id, category: .novel, before: nil, after: entity, properties: properties, relations: []))
        }
        changes.sort { $0.id < $1.id }
    }

    /// The versions of what the values of a service that change were computed from, apart from what is changed itself and
    /// what belongs to others.
    public func sources(in present: Graph, of service: String) -> [ID: UInt64] {
        var versions: [ID: UInt64] = [:]
        let own = Set(changes.filter(\.isEffective).map(\.id))
        for change in changes where change.isEffective {
            for property in (change.after?.properties ?? [:]).values {
                for read in property.reads
                where read.property != nil && !own.contains(read.entity) && read.entity.isPart(ofService: service) {
                    versions[read.entity] = present.entity(read.entity)?.header.version ?? 0
                }
            }
        }
        return versions
    }
}

extension ChangeSet.PropertyChange {
    fileprivate var inverted: Self? { isKept ? nil : Self(name: name, before: after, after: before) }
}

extension Entity {
    fileprivate var withoutRunningValues: Entity {
        var entity = self
        for (name, property) in properties {
            switch property.provenance?.author {
            case .operation, .plugin: entity.properties[name] = Property(property.definition.designed)
            case .design, .person, nil: break
            }
        }
        return entity
    }
}

extension Graph {
    /// This graph after a change.
    public func applying(_ changes: ChangeSet) -> Graph {
        var graph = self
        for change in changes.changes where change.isEffective {
            if let after = change.after { graph.insert(after) } else { graph.remove(change.id) }
        }
        return graph
    }
}
