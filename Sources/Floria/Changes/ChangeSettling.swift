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
        var none: Outside?
        return try await settle(changes, wanted: wanted, present: present, service: service, among: &none)
    }

    /// Computes what reads something that a change set keeps, or carries over, from what is really going to be there; and
    /// what is kept because its updater was set by hand.
    ///
    /// - Parameters:
    ///   - wanted: The graph whose values the changed ones were computed from, for example the one that a design wants.
    ///   - present: What is there.
    ///   - outside: What is known of other services; nil if there are none.
    ///   - renewsOutside: Whether what reads of other services is computed anew too, because it may be of another time.
    /// - Throws: `floria.cycle`, and what reading the store throws.
    public func settle(
        _ changes: ChangeSet, wanted: Graph, present: Graph, service: String, among outside: inout Outside?,
        renewsOutside: Bool = false
    ) async throws(Problems) -> ChangeSet {
        var altered: Set<Read> = []
        var forced: Set<PropertyReference> = []
        for change in changes.changes {
            let old = wanted.entity(change.id)
            if old != change.after { altered.formUnion(Structure.changes(from: old, to: change.after)) }
            if renewsOutside, change.isEffective { forced.formUnion(change.readersOfOthers(than: service)) }
        }
        if changes.changes.contains(where: \.isEffective) { forced.formUnion(present.ownUpdaters) }
        if altered.isEmpty && forced.isEmpty { return changes }
        let working = WorkingGraph(present.applying(changes), of: service, among: outside)
        let pulled = try await pull(forced, readersOf: altered, in: working, service: service, supplier: outside?.supplier)
        outside?.add(working.part)
        return changes.replacing(pulled.filter { $0.id.isPart(ofService: service) }, present: present)
    }
}

extension ChangeSet.Change {
    /// The properties that read something of other services.
    fileprivate func readersOfOthers(than service: String) -> [PropertyReference] {
        (after?.properties ?? [:]).compactMap { name, property in
            property.reads.contains { !$0.entity.isPart(ofService: service) } ? PropertyReference(id, name) : nil
        }
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
    func replacing(_ entities: [Entity], present: Graph) -> ChangeSet {
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
