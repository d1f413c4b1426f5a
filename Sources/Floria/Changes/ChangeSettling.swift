// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension GraphUpdate {
    /// Computes what reads something that a change set keeps, or carries over, from what is really going to be there; and
    /// what is kept because its updater was set by hand.
    ///
    /// - Parameters:
    ///   - wanted: The graph whose values the changed ones were computed from, for example the one that a design wants.
    ///   - present: What is there.
    /// - Throws: `floria.cycle`.
    public func settle(
        _ changes: ChangeSet, wanted: Graph, present: Graph, service: String
    ) async throws(Problems) -> ChangeSet {
        var altered: Set<Read> = []
        for change in changes.changes {
            let old = wanted.entity(change.id)
            if old != change.after { altered.formUnion(Structure.changes(from: old, to: change.after)) }
        }
        let own = changes.changes.contains(where: \.isEffective) ? present.ownUpdaters : []
        if altered.isEmpty && own.isEmpty { return changes }
        return changes.replacing(
            try await pull(readersOf: altered, and: own, in: present.applying(changes), service: service), present: present)
    }
}

extension Graph {
    /// The properties that have updaters of their own. O(n).
    fileprivate var ownUpdaters: Set<PropertyReference> {
        var found: Set<PropertyReference> = []
        func add(_ id: ID, _ properties: [String: Property]) {
            for (name, property) in properties where property.ownUpdater != nil { found.insert(PropertyReference(id, name)) }
        }
        for (id, vertex) in vertexes { add(id, vertex.properties) }
        for (id, edge) in edges { add(id, edge.properties) }
        return found
    }
}

extension ChangeSet {
    /// The change set with other outcomes for some entities.
    fileprivate func replacing(_ entities: [Entity], present: Graph) -> ChangeSet {
        if entities.isEmpty { return self }
        var result = self
        var all = Dictionary(uniqueKeysWithValues: changes.map { ($0.id, $0) })
        for entity in entities {
            let before = present.entity(entity.id)
            if all[entity.id] == nil { result.unchangedCount -= 1 }
            var change =
                all[entity.id]
                ?? Change(id: entity.id, category: .modified, before: before, after: before, properties: [], relations: [])
            change.take(entity)
            all[entity.id] = change.isNothing ? nil : change
            if change.isNothing { result.unchangedCount += 1 }
        }
        result.changes = all.values.sorted { $0.id < $1.id }
        return result
    }
}

extension ChangeSet.Change {
    /// Whether it neither changes nor keeps anything of something that is there.
    fileprivate var isNothing: Bool {
        category == .modified && !isEffective && properties.isEmpty && relations.isEmpty
    }

    /// Takes another outcome.
    fileprivate mutating func take(_ entity: Entity) {
        let kept = properties.filter(\.isKept).map { change in
            var change = change
            change.after = entity.properties[change.name]?.value
            return change
        }
        guard let before, entity.isSame(as: before) else {
            let names = Set(kept.map(\.name))
            let differences = EntityMerge.differences(from: before, to: entity).filter { !names.contains($0.name) }
            after = entity
            properties = (differences + kept).sorted { $0.name < $1.name }
            if category == .kept { category = .modified }
            return
        }
        after = before
        properties = kept
        guard category == .modified else { return }
        if !kept.isEmpty || relations.contains(where: \.isKept) { category = .kept }
    }
}
