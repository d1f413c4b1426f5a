// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// The targets of a demand, one after the other: those of its selection's pool, or some that are its own.
struct TargetWalk {
    fileprivate enum Place {
        case pool
        case list([Target])
    }

    fileprivate let place: Place
    /// How many there are.
    let count: Int
    /// Where the walk began; it ends there too.
    fileprivate let start: Int
    /// How far it has come from there.
    fileprivate var distance = 0
    /// The position of the last one.
    fileprivate var last = 0

    fileprivate init(_ place: Place, count: Int, start: Int) {
        self.place = place
        self.count = count
        self.start = start
    }
}

extension Making {
    /// Begins a walk. What selects the targets is evaluated.
    mutating func walk(_ demand: EdgeDemand) async throws(EvaluationFailure) -> TargetWalk {
        let selector = edges.selections[demand.selection].template.target
        if let finder = selector.finder {
            let targets = try await found(finder, selector, at: demand.source)
            return TargetWalk(.list(targets), count: targets.count, start: start(demand, of: targets.count))
        }
        guard let expression = selector.index else {
            let count = edges.selections[demand.selection].pool?.targets.count ?? 0
            return TargetWalk(.pool, count: count, start: start(demand, of: count))
        }
        let value = try await evaluate(expression, at: demand.source)
        guard let index = value.integer else {
            throw .failed(
                Problem(
                    "floria.malformed-index", "the index of a target is of kind \(value.kindName), and must be an integer"))
        }
        let positions = edges.selections[demand.selection].pool?.positions(index: index) ?? []
        let targets = positions.compactMap { edges.selections[demand.selection].pool?.targets[$0] }
        return TargetWalk(.list(targets), count: targets.count, start: start(demand, of: targets.count))
    }

    /// The next target; nil at the end.
    ///
    /// - Parameter all: whether those come too of which nothing is left.
    func next(_ walk: inout TargetWalk, of demand: EdgeDemand, all isAll: Bool = false) -> Target? {
        while walk.distance < walk.count {
            var position = walk.start + walk.distance
            if position >= walk.count { position -= walk.count }
            let target: Target
            switch walk.place {
            case .list(let targets): target = targets[position]
            case .pool:
                if !isAll {
                    let open = edges.selections[demand.selection].pool?.open(from: position) ?? walk.count
                    walk.distance += open - position
                    position = open
                }
                if position >= walk.count || walk.distance >= walk.count { continue }
                guard let found = edges.selections[demand.selection].pool?.targets[position] else { return nil }
                target = found
            }
            walk.distance += 1
            walk.last = position
            if isSelectable(target, by: demand) { return target }
        }
        return nil
    }

    /// A target among those of a demand; nil if it is none.
    func find(_ id: ID, _ walk: TargetWalk, of demand: EdgeDemand) -> Target? {
        let target: Target?
        switch walk.place {
        case .list(let targets): target = targets.first { $0.id == id }
        case .pool:
            guard let position = edges.selections[demand.selection].pool?.position(of: id) else { return nil }
            target = edges.selections[demand.selection].pool?.targets[position]
        }
        guard let target, isSelectable(target, by: demand) else { return nil }
        return target
    }

    /// What edges of a demand must not share with one that leads to a vertex.
    func unit(of id: ID, for demand: EdgeDemand) -> ID {
        if let position = edges.selections[demand.selection].pool?.position(of: id) {
            return edges.selections[demand.selection].pool?.targets[position].unit ?? id
        }
        return working.vertex(id).flatMap { target($0, edges.selections[demand.selection].template.target) }?.unit ?? id
    }

    /// Skips the target that a walk has come to from now on, because it has too little left for the template's edges.
    func exhaust(_ walk: TargetWalk, of demand: EdgeDemand) {
        guard case .pool = walk.place, edges.selections[demand.selection].amounts != nil else { return }
        edges.selections[demand.selection].pool?.exhaust(walk.last)
    }

    /// Whether a source lies in a service that a target contains.
    private func isAround(_ source: ID, _ target: Target) -> Bool {
        target.id.directory != source.directory && isWithin(source, target.unit)
    }

    /// What isn't told is looked for outside of the source, and not in what contains its service.
    private func isSelectable(_ target: Target, by demand: EdgeDemand) -> Bool {
        let selector = edges.selections[demand.selection].template.target
        return selector.isExplicit || selector.finder != nil
            || !isWithin(target.id, demand.source) && !isAround(demand.source, target)
    }

    private func start(_ demand: EdgeDemand, of count: Int) -> Int {
        let template = edges.selections[demand.selection].template
        guard template.target.order == .random, count > 1 else { return 0 }
        let hash = StableHash("\(demand.source) \(template.instanceName)".utf8).value
        // The low bits of such a hash depend on little; the high ones on all.
        return Int((hash >> 32) % UInt64(count))
    }
}
