// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Making {
    /// Makes the edges of all vertexes: those that must be there first, those that may be missing last; of these, those
    /// whose targets are told first. `docs/instantiation.md` describes the order.
    mutating func makeEdges() async {
        await listDemands()
        await addForeign()
        for isOptional in [false, true] where faults.isEmpty { await makeEdges(optional: isOptional) }
        if faults.isEmpty { await handleEdges() }
    }

    private mutating func makeEdges(optional isOptional: Bool) async {
        let stage = edges.demands.indices.filter { edges.demands[$0].isOptional == isOptional }
        if stage.isEmpty { return }
        var explicit: [Int] = []
        var dangling: [Int] = []
        for position in stage {
            let isExplicit = edges.selections[edges.demands[position].selection].template.target.isExplicit
            if isExplicit { explicit.append(position) } else { dangling.append(position) }
        }
        if !present.edges.isEmpty { await keepTargets(of: stage) }
        var open = await makeInRounds(explicit + dangling)
        if isOptional {
            if !open.isEmpty { _ = await makeRoom(for: &open) }
            await settleAgain()
            await dropWhatBreaks(stage)
        } else {
            if !open.isEmpty || hasLookedAround { await repair(&open) }
            await settleAgain()
        }
    }

    /// Makes what can be made, again and again as long as something becomes known by it. Returns what is left.
    mutating func makeInRounds(_ demands: [Int]) async -> [Int] {
        var open = demands.filter { edges.demands[$0].firstOpen != nil }
        var isLast = false
        while !open.isEmpty {
            var hasMade = false
            for position in open where await fulfil(position, isLast: isLast) { hasMade = true }
            open.removeAll { edges.demands[$0].firstOpen == nil }
            // When nothing becomes known any more, what isn't known is no choice.
            if open.isEmpty || !hasMade && isLast { break }
            if hasMade { await settleAgain() }
            isLast = !hasMade
        }
        return open
    }

    /// Lets edges that are there keep their targets, if these still will do.
    private mutating func keepTargets(of demands: [Int]) async {
        for position in demands {
            for index in edges.demands[position].open {
                let demand = edges.demands[position]
                guard let known = present.edge(edgeID(demand, index)), known.source == demand.source else { continue }
                guard let walk = try? await walk(demand), let target = find(known.target, walk, of: demand) else { continue }
                if usedUnits(demand).own.contains(target.unit) { continue }
                if case .fits = await make(demand, index, to: target.id) { edges.demands[position].close(index) }
            }
        }
    }

    /// The nodes that edges of a demand's template lead to already, and those that others of its name lead to.
    mutating func usedUnits(_ demand: EdgeDemand) -> (own: Set<ID>, others: Set<ID>) {
        var own: Set<ID> = []
        var others: Set<ID> = []
        let template = edges.selections[demand.selection].template
        var targets: [(id: ID, isOwn: Bool)] = []
        working.forEachEdge(from: demand.source) { edge in
            if edge.name == template.instanceName { targets.append((edge.target, edge.origin == template.header.id)) }
        }
        for target in targets {
            let unit = unit(of: target.id, for: demand)
            if target.isOwn { own.insert(unit) } else { others.insert(unit) }
        }
        return (own, others)
    }

    /// Makes what it can of a demand's edges. False if it made none.
    private mutating func fulfil(_ position: Int, isLast: Bool) async -> Bool {
        let demand = edges.demands[position]
        let start: TargetWalk
        do throws(EvaluationFailure) {
            start = try await walk(demand)
        } catch {
            edges.demands[position].reason = error
            return false
        }
        edges.demands[position].reason = nil
        var (used, others) = usedUnits(demand)
        var hasMade = false
        // Targets that another requirement of the name has already come last.
        for avoids in others.isEmpty ? [false] : [true, false] {
            var walk = start
            while let index = edges.demands[position].firstOpen, let target = next(&walk, of: demand) {
                if used.contains(target.unit) || avoids && others.contains(target.unit) { continue }
                switch await make(demand, index, to: target.id) {
                case .fits:
                    used.insert(target.unit)
                    edges.demands[position].close(index)
                    hasMade = true
                case .full: exhaust(walk, of: demand)
                case .waiting where !isLast: return hasMade
                case .waiting, .refused, .failed: break
                }
            }
        }
        return hasMade
    }
}
