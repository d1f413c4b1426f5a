// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A vertex that an edge may lead to.
struct Target {
    /// The vertex.
    var id: ID
    /// What edges of one requirement must not share: the node that it is part of, if a part was asked for.
    var unit: ID
    /// The index of that.
    var index: Int
}

/// The vertexes that a selector selects, but for its filter and its index, in order. Those of which nothing is left are
/// skipped from then on. Selections share it that select the same, and take the same of it.
final class TargetPool {
    let targets: [Target]
    /// The next position that isn't exhausted, itself included; shortened as it is followed.
    private var next: [Int32] = []
    private var byIndex: [Int: [Int]]?
    private var byID: [ID: Int]?

    init(_ targets: [Target]) { self.targets = targets }

    /// The first position from one on that isn't exhausted; the number of targets if there is none.
    func open(from position: Int) -> Int {
        if next.isEmpty { return position }
        var end = position
        while end < targets.count, next[end] != end { end = Int(next[end]) }
        var position = position
        while position < targets.count, next[position] != end {
            (position, next[position]) = (Int(next[position]), Int32(end))
        }
        return end
    }

    /// Skips a target from now on.
    func exhaust(_ position: Int) {
        if next.isEmpty { next = (0..<Int32(targets.count)).map { $0 } }
        next[position] = Int32(position + 1)
    }

    /// Skips none any more.
    func refill() { next = [] }

    /// The positions of the targets of an index.
    func positions(index: Int) -> [Int] {
        if byIndex == nil { byIndex = Dictionary(grouping: targets.indices) { targets[$0].index } }
        return byIndex?[index] ?? []
    }

    /// The position of a vertex.
    func position(of id: ID) -> Int? {
        if byID == nil { byID = Dictionary(targets.indices.map { (targets[$0].id, $0) }) { first, _ in first } }
        return byID?[id]
    }
}

/// The vertexes that were made, indexed for the selection of targets.
struct VertexIndex {
    /// Vertexes of one service, whose directory this is, that a selector asks for together.
    private struct Key: Hashable {
        var selected: ID?
        var directory: Directory
    }

    /// All, in the order of templates, indexes and IDs.
    private(set) var all: [ID] = []
    private var lists: [Key: [ID]] = [:]
    /// The classes and templates that lists were made for.
    private var known: Set<ID> = []
    private let working: WorkingGraph

    /// Indexes vertexes by the classes and templates that selectors name.
    init(_ working: WorkingGraph, _ made: [ID], for selectors: [TargetSelector]) {
        self.working = working
        for selector in selectors {
            if let template = selector.template { known.insert(template) }
            if let memberOf = selector.targetClass { known.insert(memberOf) }
        }
        var byName: [String: [(index: Int, id: ID)]] = [:]
        for id in made {
            guard let vertex = working.vertex(id) else { continue }
            byName[vertex.origin?.name ?? id.name, default: []].append((vertex.index, id))
        }
        all.reserveCapacity(made.count)
        for name in byName.keys.sorted() {
            let sorted = (byName[name] ?? []).sorted { $0.index == $1.index ? $0.id < $1.id : $0.index < $1.index }
            all += sorted.map(\.id)
        }
        let needsAll = selectors.contains { $0.template == nil && $0.targetClass == nil && $0.finder == nil }
        for id in all {
            guard let vertex = working.vertex(id) else { continue }
            for selected in Set(vertex.classes + (vertex.origin.map { [$0] } ?? [])) where known.contains(selected) {
                lists[Key(selected: selected, directory: id.directory), default: []].append(id)
            }
            if needsAll { lists[Key(selected: nil, directory: id.directory), default: []].append(id) }
        }
    }

    /// All vertexes of a service.
    func vertexes(in directory: Directory) -> [ID] {
        lists[Key(selected: nil, directory: directory)] ?? all.filter { $0.directory == directory }
    }

    func vertexes(of memberOf: ID, in directory: Directory) -> [ID] {
        if known.contains(memberOf) { return lists[Key(selected: memberOf, directory: directory)] ?? [] }
        return all.filter { $0.directory == directory && working.vertex($0)?.classes.contains(memberOf) ?? false }
    }

    func vertexes(madeFrom template: ID, in directory: Directory) -> [ID] {
        if known.contains(template) { return lists[Key(selected: template, directory: directory)] ?? [] }
        return all.filter { $0.directory == directory && working.vertex($0)?.origin == template }
    }
}
