// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Whether an edge may lead to a target, apart from what is left of its capacities.
struct Pair {
    var target: Target
    var verdict: Verdict
    var amounts: [String: Quantity]

    var isPossible: Bool { if case .fits = verdict { true } else { false } }
}

extension Making {
    /// How many targets may be looked at to make room for edges, all together.
    static let roomLimit = 2_000_000

    /// Makes edges for which there is no room by giving others different targets. Those that are made leave the list.
    ///
    /// It follows augmenting paths, breadth first: where all edges take the same of a target this finds room if there is
    /// any.
    ///
    /// - Returns: whether it made one.
    mutating func makeRoom(for open: inout [Int]) async -> Bool {
        var hasMade = false
        for position in open {
            for index in edges.demands[position].open {
                guard await makeRoom(for: Slot(demand: position, index: index)) else { break }
                hasMade = true
            }
        }
        open.removeAll { edges.demands[$0].firstOpen == nil }
        return hasMade
    }

    /// One edge that moves: into a target, from where the next one has to move.
    private struct Move {
        var slot: Slot
        /// The move into the target that this edge leaves; nil for the edge that is to be made.
        var cause: Int?
        var from: ID?
    }

    private mutating func makeRoom(for slot: Slot) async -> Bool {
        var moves = [Move(slot: slot, cause: nil, from: nil)]
        var seen: Set<ID> = []
        var next = 0
        var isFlow = !hasLookedAround
        while next < moves.count, edges.looks < Self.roomLimit {
            let move = moves[next]
            let demand = edges.demands[move.slot.demand]
            guard var walk = try? await walk(demand) else { return false }
            let used = usedUnits(demand).own
            let own = move.from.map { unit(of: $0, for: demand) }
            while let target = self.next(&walk, of: demand, all: true) {
                edges.looks += 1
                if seen.contains(target.id) || used.contains(target.unit) && target.unit != own { continue }
                let pair = await pair(move.slot, target)
                guard pair.isPossible else { continue }
                seen.insert(target.id)
                let id = edgeID(demand, move.slot.index)
                if await hasRoom(pair, for: id, without: nil) { return await apply(moves, next, to: target.id) }
                if demand.indexes.count > 1 && target.unit != target.id { isFlow = false }
                for edge in working.incoming(to: target.id) {
                    guard let occupant = movable(edge.header.id, for: demand), occupant != move.slot else { continue }
                    if edges.ledger.amounts(of: edge.header.id) != pair.amounts { isFlow = false }
                    if await hasRoom(pair, for: id, without: edge.header.id) {
                        moves.append(Move(slot: occupant, cause: next, from: target.id))
                    }
                }
            }
            next += 1
        }
        if isFlow && edges.looks < Self.roomLimit { edges.hopeless.insert(slot) }
        return false
    }

    /// The slot of an edge that may be moved for another: what may be missing never moves what must be there without
    /// need, and nothing moves what isn't the design's.
    mutating func movable(_ edge: ID, for demand: EdgeDemand) -> Slot? {
        guard let slot = slots[edge], !edges.demands[slot.demand].isOptional || demand.isOptional else { return nil }
        return slot
    }

    /// The slots by the IDs of their edges.
    var slots: [ID: Slot] {
        mutating get {
            if let known = edges.slots { return known }
            var slots: [ID: Slot] = [:]
            for (position, demand) in edges.demands.enumerated() {
                for index in demand.indexes { slots[edgeID(demand, index)] = Slot(demand: position, index: index) }
            }
            edges.slots = slots
            return slots
        }
    }

    /// Carries a chain of moves out, the last one first; all or none.
    private mutating func apply(_ moves: [Move], _ last: Int, to target: ID) async -> Bool {
        var chain: [(slot: Slot, from: ID?, to: ID)] = []
        var next: Int? = last
        var to = target
        while let position = next {
            chain.append((moves[position].slot, moves[position].from, to))
            to = moves[position].from ?? to
            next = moves[position].cause
        }
        for step in chain { take(step.slot) }
        for (count, step) in chain.enumerated() {
            if case .fits = await make(edges.demands[step.slot.demand], step.slot.index, to: step.to) { continue }
            for step in chain.prefix(count) { take(step.slot) }
            for step in chain { if let from = step.from { await put(step.slot, to: from) } }
            return false
        }
        if let first = chain.last { edges.demands[first.slot.demand].close(first.slot.index) }
        return true
    }

    /// Takes the edge of a slot away, to be put elsewhere.
    mutating func take(_ slot: Slot) { remove(edgeID(edges.demands[slot.demand], slot.index)) }

    /// Puts the edge of a slot to a target that is known to do.
    mutating func put(_ slot: Slot, to target: ID) async {
        let demand = edges.demands[slot.demand]
        let selection = edges.selections[demand.selection]
        let id = edgeID(demand, slot.index)
        let edge = insertEdge(demand, slot.index, id, to: target)
        if selection.allocations.isEmpty { return }
        edges.ledger.take(await judge(edge, selection, .amounts).amounts, of: target, for: id)
    }

    /// Looks at one target for one edge, whether there is room or not.
    mutating func pair(_ slot: Slot, _ target: Target) async -> Pair {
        let demand = edges.demands[slot.demand]
        let selection = edges.selections[demand.selection]
        if selection.template.target.filter == nil, let amounts = selection.amounts {
            return Pair(target: target, verdict: await verdict(on: amounts, of: target.id), amounts: amounts)
        }
        let id = edgeID(demand, slot.index)
        let old = working.edge(id)
        let settled = Set(old?.properties.keys.filter { !working.isUnsettled(PropertyReference(id, $0)) } ?? [])
        if let old { working.remove(old) }
        let edge = insertEdge(demand, slot.index, id, to: target.id)
        let (verdict, amounts) = await judge(edge, selection, .filter)
        working.remove(edge)
        if let old { working.insert(.edge(old), settled: settled) }
        return Pair(target: target, verdict: verdict, amounts: amounts)
    }

    /// Whether a target has what is taken of it at all.
    private mutating func verdict(on amounts: [String: Quantity], of target: ID) async -> Verdict {
        for (name, amount) in amounts.sorted(by: { $0.key < $1.key }) {
            let reference = PropertyReference(target, name)
            do throws(EvaluationFailure) {
                guard try await capacity(reference).matches(amount) else {
                    return .failed(
                        Problem("floria.malformed-allocation", "‘\(reference)’ is of another unit than what is taken of it"))
                }
            } catch {
                return Verdict(error)
            }
        }
        return .fits
    }

    /// Whether a target has room for what an edge takes, besides what the edge itself has taken and without another one.
    mutating func hasRoom(_ pair: Pair, for edge: ID, without other: ID?) async -> Bool {
        for (name, amount) in pair.amounts {
            let capacity = PropertyReference(pair.target.id, name)
            let without = [edge] + (other.map { [$0] } ?? [])
            guard let hasRoom = try? await hasRoom(for: amount, at: capacity, without: without), hasRoom else { return false }
        }
        return true
    }
}
