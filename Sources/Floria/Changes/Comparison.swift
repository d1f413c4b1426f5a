// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// The comparison of three graphs.
struct Comparison {
    private let graphs: ComparedGraphs
    private(set) var changes: [ChangeSet.Change] = []
    private(set) var unchangedCount = 0
    /// Where each entity's change is.
    private var indexes: [ID: Int] = [:]

    private var made: Graph { graphs.made }
    private var present: Graph { graphs.present }

    init(_ graphs: ComparedGraphs) { self.graphs = graphs }

    mutating func run() {
        for (id, vertex) in graphs.wanted.vertexes { compare(id, .vertex(vertex)) }
        for (id, edge) in graphs.wanted.edges { compare(id, .edge(edge)) }
        for (id, vertex) in present.vertexes where graphs.wanted.vertexes[id] == nil { endOrKeep(id, .vertex(vertex)) }
        for (id, edge) in present.edges where graphs.wanted.edges[id] == nil { endOrKeep(id, .edge(edge)) }
        changes.sort { $0.id < $1.id }
        for (index, change) in changes.enumerated() { indexes[change.id] = index }
        keepWhatWasChanged()
        leaveWhatCannotBe()
        endWhatHangsInTheAir()
    }

    // MARK: One entity

    private mutating func compare(_ id: ID, _ wanted: Entity) {
        guard let present = present.entity(id) else { return make(id, wanted) }
        if wanted.isSame(as: present) {
            unchangedCount += 1
            return
        }
        let merge = EntityMerge(made: made.entity(id), wanted: wanted, present: present, in: graphs)
        guard !merge.isSame || merge.hasKept else {
            unchangedCount += 1
            return
        }
        let category: ChangeSet.Category = merge.hasConflict ? .conflicting : merge.isSame ? .kept : .modified
        changes.append(
            ChangeSet.Change(
                id: id, category: category, before: present, after: merge.isSame ? present : merge.result,
                properties: merge.properties, relations: merge.relations))
    }

    /// Makes what isn't there, unless it was removed by hand.
    private mutating func make(_ id: ID, _ wanted: Entity) {
        if let made = made.entity(id), !graphs.takes(id) {
            let category: ChangeSet.Category = wanted.isMade(like: made) ? .kept : .conflicting
            return add(id, category, nil, nil)
        }
        add(id, .novel, nil, wanted)
        changes[changes.count - 1].properties = EntityMerge.differences(from: nil, to: wanted)
    }

    /// Ends what the design had made, and keeps what was made by hand.
    private mutating func endOrKeep(_ id: ID, _ present: Entity) {
        let isByHand = made.entity(id) == nil && !graphs.takes(id)
        add(id, isByHand ? .kept : .obsolete, present, isByHand ? present : nil)
    }

    private mutating func add(_ id: ID, _ category: ChangeSet.Category, _ before: Entity?, _ after: Entity?) {
        changes.append(
            ChangeSet.Change(id: id, category: category, before: before, after: after, properties: [], relations: []))
    }

    // MARK: What follows from each other

    /// Keeps what is obsolete and was changed by hand, whole: with what contains it and is obsolete too, with all that this
    /// contains, and with the edges that leave it.
    private mutating func keepWhatWasChanged() {
        var kept: Set<ID> = []
        for change in changes where change.category == .obsolete && !graphs.takes(change.id) {
            guard let before = change.before, let made = made.entity(change.id) else { continue }
            let byHand = before.changes(since: made)
            if byHand.isEmpty { continue }
            var top = change.id
            while let container = present.vertex(top)?.container, category(container) == .obsolete { top = container }
            var open = [top]
            while let id = open.popLast() {
                if kept.insert(id).inserted { open += present.contained(in: id).map(\.header.id) }
            }
            keep(change.id, before, as: .conflicting, properties: byHand)
        }
        for id in kept where category(id) == .obsolete {
            if let entity = present.entity(id) { keep(id, entity, as: .kept) }
        }
        for id in kept {
            for edge in present.outgoing(from: id)
            where category(edge.header.id) == .obsolete && category(edge.target) != .obsolete {
                keep(edge.header.id, .edge(edge), as: .kept)
            }
        }
    }

    private mutating func keep(
        _ id: ID, _ entity: Entity, as category: ChangeSet.Category, properties: [ChangeSet.PropertyChange] = []
    ) {
        guard let index = indexes[id] else { return }
        changes[index].category = category
        changes[index].after = entity
        changes[index].properties = properties
    }

    private func category(_ id: ID) -> ChangeSet.Category? { indexes[id].map { changes[$0].category } }

    /// What would need something that was removed by hand isn't made or moved there.
    private mutating func leaveWhatCannotBe() {
        var missing = changes.filter { $0.before == nil && $0.after == nil }.map(\.id)
        if missing.isEmpty { return }
        var needing: [ID: [Int]] = [:]
        for (index, change) in changes.enumerated() where change.isEffective {
            for need in change.after?.needs ?? [] { needing[need, default: []].append(index) }
        }
        while let id = missing.popLast() {
            for index in needing[id] ?? [] where changes[index].isEffective {
                changes[index].after = changes[index].before
                changes[index].category = .kept
                changes[index].properties = []
                changes[index].relations = []
                if changes[index].before == nil { missing.append(changes[index].id) }
            }
        }
    }

    /// What was made by hand goes with the vertexes that it needs.
    private mutating func endWhatHangsInTheAir() {
        var ending = changes.filter { $0.before != nil && $0.after == nil }.map(\.id)
        if ending.isEmpty { return }
        var needing: [ID: [Int]] = [:]
        for (index, change) in changes.enumerated() {
            for need in change.after?.needs ?? [] { needing[need, default: []].append(index) }
        }
        while let id = ending.popLast() {
            for index in needing[id] ?? [] where changes[index].after != nil {
                changes[index].after = nil
                changes[index].category = changes[index].before == nil ? .kept : .obsolete
                changes[index].properties = []
                changes[index].relations = []
                if changes[index].before != nil { ending.append(changes[index].id) }
            }
        }
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

    /// Whether a design has made the same before.
    fileprivate func isMade(like made: Entity) -> Bool {
        guard header.metadata == made.header.metadata, relations == made.relations, classes == made.classes else {
            return false
        }
        let (new, old) = (properties, made.properties)
        return new.count == old.count
            && new.allSatisfy { name, property in old[name].map { !property.isDesignedAnew(since: $0) } ?? false }
    }

    /// What a person has changed of it since it was made.
    fileprivate func changes(since made: Entity) -> [ChangeSet.PropertyChange] {
        let old = made.properties
        return properties.filter { $0.value.isSetByHand(since: old[$0.key]) }.sorted { $0.key < $1.key }.map { name, property in
            var change = ChangeSet.PropertyChange(name: name, before: property.value, after: property.value)
            change.isKept = true
            change.isConflict = true
            return change
        }
    }
}
