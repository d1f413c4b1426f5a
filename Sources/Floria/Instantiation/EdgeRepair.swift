// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Making {
    /// How many edges one search for another assignment may concern, how many pairs of an edge and a target, and how many
    /// assignments may turn out to break a filter.
    static let searchLimits = (edges: 200, pairs: 20_000, assignments: 500)

    /// Finds targets for edges that must be there and for which the first choice left none, or says why there are none.
    mutating func repair(_ missing: inout [Int]) async {
        while !missing.isEmpty, await makeRoom(for: &missing) {
            await settleAgain()
            missing = await makeInRounds(missing)
        }
        if missing.isEmpty && !hasLookedAround { return }
        await settleAgain()
        let broken = await broken()
        if missing.isEmpty && broken.isEmpty { return }
        let seeds = missing.flatMap { position in edges.demands[position].open.map { Slot(demand: position, index: $0) } }
        if !edges.hopeless.isDisjoint(with: seeds) { return await report(missing, [], because: nil) }
        switch await search(from: seeds + broken) {
        case .found: missing = []
        case .impossible: await report(missing, broken, because: nil)
        case .undecided: await report(missing, broken, because: Self.undecided)
        }
    }

    /// The edges that must be there, and whose filter or allocation no longer holds now that all are there.
    mutating func broken() async -> [Slot] {
        var broken: [Slot] = []
        for (position, demand) in edges.demands.enumerated() {
            let selection = edges.selections[demand.selection]
            if selection.template.target.filter == nil && selection.allocations.isEmpty { continue }
            for index in demand.indexes {
                guard let edge = working.edge(edgeID(demand, index)) else { continue }
                let (verdict, amounts) = await judge(edge, selection)
                edges.ledger.take(amounts, of: edge.target, for: edge.header.id)
                if case .fits = verdict { continue }
                broken.append(Slot(demand: position, index: index))
            }
        }
        return broken
    }

    /// Takes away what may be missing, as long as something no longer holds because of it: what doesn't hold itself first,
    /// then the last.
    mutating func dropWhatBreaks(_ stage: [Int]) async {
        guard hasLookedAround else { return }
        while true {
            let broken = await broken()
            if broken.isEmpty { return }
            var dropped = broken.filter { edges.demands[$0.demand].isOptional }
            if dropped.isEmpty, let last = lastMade(stage) { dropped = [last] }
            if dropped.isEmpty { return }
            for slot in dropped {
                take(slot)
                edges.demands[slot.demand].reopen(slot.index)
            }
            await settleAgain()
        }
    }

    private func lastMade(_ stage: [Int]) -> Slot? {
        for position in stage.reversed() {
            let demand = edges.demands[position]
            if let index = demand.indexes.last(where: { working.edge(edgeID(demand, $0)) != nil }) {
                return Slot(demand: position, index: index)
            }
        }
        return nil
    }

    // MARK: Searching

    private enum SearchOutcome { case found, impossible, undecided }

    /// The edges of a search, what they may lead to, and where they lead now.
    private struct Component {
        var slots: [Slot]
        var pairs: [[Pair]]
        var before: [ID?]
        /// Whether nothing outside of it can make a difference.
        var isWhole = true
    }

    /// Looks for targets of edges, and of all that compete with them, anew. If none are found all stays as it was.
    private mutating func search(from seeds: [Slot]) async -> SearchOutcome {
        guard let component = await component(of: seeds) else { return .undecided }
        if component.pairs.contains(where: \.isEmpty) { return .impossible }
        guard let (variables, capacities) = await problem(component) else { return .impossible }
        var known: Set<[Int]> = []
        while known.count < Self.searchLimits.assignments {
            var search = AssignmentSearch(variables, capacities: capacities)
            let outcome = search.solve(avoiding: known)
            guard case .found(let assignment) = outcome else {
                await move(component.slots, to: component.before)
                return outcome == .impossible && component.isWhole ? .impossible : .undecided
            }
            await move(component.slots, to: zip(component.pairs, assignment).map { $0[$1].target.id })
            if !hasLookedAround { return .found }
            if await broken().isEmpty { return .found }
            known.insert(assignment)
        }
        await move(component.slots, to: component.before)
        return .undecided
    }

    /// The edges that compete for targets with some edges, these included; if filters look at what others lead to, all that
    /// must be there, if they aren't too many. Nil if those that compete are.
    private mutating func component(of seeds: [Slot]) async -> Component? {
        var component = Component(slots: [], pairs: [], before: [])
        var waiting = seeds
        if hasLookedAround {
            let all = slots.values.filter { !edges.demands[$0.demand].isOptional }
            component.isWhole = all.count <= Self.searchLimits.edges
            if component.isWhole { waiting += all }
        }
        waiting = Array(Set(waiting)).sorted { ($0.demand, $0.index) < ($1.demand, $1.index) }
        var seen = Set(waiting)
        var targets: Set<ID> = []
        var next = 0
        var pairCount = 0
        while next < waiting.count {
            guard waiting.count <= Self.searchLimits.edges else { return nil }
            let slot = waiting[next]
            let demand = edges.demands[slot.demand]
            let before = working.edge(edgeID(demand, slot.index))?.target
            var pairs: [Pair] = []
            if var walk = try? await walk(demand) {
                while let target = self.next(&walk, of: demand, all: true) {
                    pairCount += 1
                    if pairCount > Self.searchLimits.pairs { return nil }
                    let pair = await pair(slot, target)
                    if isWorthTrying(pair) { pairs.append(pair) }
                }
            }
            if pairs.isEmpty { return Component(slots: [slot], pairs: [[]], before: [before]) }
            // What an edge has comes first, so that as little as possible moves.
            pairs = pairs.filter { $0.target.id == before } + pairs.filter { $0.target.id != before }
            component.slots.append(slot)
            component.pairs.append(pairs)
            component.before.append(before)
            waiting += rivals(of: slot, pairs, &targets).filter { seen.insert($0).inserted }
            next += 1
        }
        return component
    }

    /// The edges that an edge competes with: for different nodes with those of its demand, for room with those that lead to
    /// targets that aren't known yet.
    private mutating func rivals(of slot: Slot, _ pairs: [Pair], _ known: inout Set<ID>) -> [Slot] {
        let demand = edges.demands[slot.demand]
        var rivals = demand.indexes.map { Slot(demand: slot.demand, index: $0) }
        rivals.removeAll { working.edge(edgeID(demand, $0.index)) == nil }
        for pair in pairs where !pair.amounts.isEmpty && known.insert(pair.target.id).inserted {
            for edge in working.incoming(to: pair.target.id) where !edges.ledger.amounts(of: edge.header.id).isEmpty {
                if let other = movable(edge.header.id, for: demand) { rivals.append(other) }
            }
        }
        return rivals
    }

    /// Whether a pair may do in another assignment: what a filter refuses for what others lead to it may accept then.
    private func isWorthTrying(_ pair: Pair) -> Bool {
        switch pair.verdict {
        case .fits: true
        case .refused, .failed: hasLookedAround
        case .full, .waiting: false
        }
    }

    private mutating func problem(
        _ component: Component
    ) async -> (variables: [AssignmentSearch.Variable], capacities: [Quantity])? {
        var positions: [PropertyReference: Int] = [:]
        var capacities: [Quantity] = []
        var variables: [AssignmentSearch.Variable] = []
        var groups: [[ID]: Int] = [:]
        let edgeIDs = component.slots.map { edgeID(edges.demands[$0.demand], $0.index) }
        for (slot, pairs) in zip(component.slots, component.pairs) {
            var options: [AssignmentSearch.Option] = []
            for pair in pairs {
                var option = AssignmentSearch.Option(unit: pair.target.unit, demands: [])
                for (name, amount) in pair.amounts {
                    let reference = PropertyReference(pair.target.id, name)
                    if positions[reference] == nil {
                        guard let free = await free(reference, without: edgeIDs) else { return nil }
                        positions[reference] = capacities.count
                        capacities.append(free)
                    }
                    option.demands.append(.init(capacity: positions[reference] ?? 0, amount: amount))
                }
                options.append(option)
            }
            let demand = edges.demands[slot.demand]
            let group = [demand.source, edges.selections[demand.selection].template.header.id]
            let number = groups[group] ?? groups.count
            groups[group] = number
            variables.append(AssignmentSearch.Variable(options: options, group: number))
        }
        return (variables, capacities)
    }

    /// What is left of a capacity if some edges take nothing of it.
    private mutating func free(_ reference: PropertyReference, without others: [ID]) async -> Quantity? {
        guard let whole = try? await capacity(reference) else { return nil }
        guard let taken = await taken(of: reference, like: whole, without: others) else { return whole }
        return whole - taken
    }

    /// Moves edges; those without a target go.
    private mutating func move(_ slots: [Slot], to targets: [ID?]) async {
        for slot in slots { take(slot) }
        for (slot, target) in zip(slots, targets) {
            if let target {
                await put(slot, to: target)
                edges.demands[slot.demand].close(slot.index)
            } else {
                edges.demands[slot.demand].reopen(slot.index)
            }
        }
        await settleAgain()
    }
}
