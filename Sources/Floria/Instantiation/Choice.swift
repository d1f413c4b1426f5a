// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Why an edge leads where it does.
public struct Choice: Sendable, Hashable {
    /// What became of a vertex that was considered, as things stand once all edges are made.
    public enum Outcome: Sendable, Hashable {
        /// The edge leads to it.
        case chosen
        /// It would do as well, and was not needed.
        case possible
        /// The filter refuses it.
        case refused
        /// Not enough is left of its property of this name.
        case full(String)
        /// Another edge of the same template leads to it, and they have to differ.
        case used
        /// Whether it would do isn't known: why.
        case waiting(Problem)
        /// Whether it would do cannot be told: why.
        case failed(Problem)
    }

    /// A vertex that was considered.
    public struct Candidate: Sendable, Hashable {
        /// The vertex.
        public var target: ID
        /// What became of it.
        public var outcome: Outcome
    }

    /// What decided.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The edge led there before.
        case kept
        /// Nothing else would do.
        case only
        /// It is the first in order that would do.
        case first
        /// One before it would do by now, but not when it was chosen; or it was given way for another edge's sake.
        case arranged
        /// Nothing would do, and the edge may be missing.
        case missing
    }

    /// The edge.
    public var edge: ID
    /// The template that asked for it.
    public var template: ID
    /// Where it starts.
    public var source: ID
    /// Where it leads; nil if it is optional and isn't there.
    public var target: ID?
    /// What decided.
    public var reason: Reason
    /// The vertexes that were considered, the first ones in the order in which they are tried.
    public var candidates: [Candidate]
    /// How many the template selects.
    public var candidateCount: Int

    /// The choice as a document: `{"edge", "template", "source", "target", "reason", "count", "candidates": [{"target",
    /// "outcome", "capacity", "problem"}]}`.
    public var document: Value {
        var document: Value = [
            "edge": .text(edge.description), "template": .text(template.description), "source": .text(source.description),
            "reason": .text(reason.rawValue), "count": .integer(candidateCount),
            "candidates": .list(candidates.map(\.document)),
        ]
        document["target"] = target.map { .text($0.description) }
        return document
    }
}

extension Choice.Candidate {
    fileprivate var document: Value {
        var document: Value = ["target": .text(target.description), "outcome": .text(outcome.name)]
        if case .full(let capacity) = outcome { document["capacity"] = .text(capacity) }
        if case .waiting(let problem) = outcome { document["problem"] = problem.value }
        if case .failed(let problem) = outcome { document["problem"] = problem.value }
        return document
    }

    /// Why it will not do; nil if it would.
    var problem: Problem? {
        switch outcome {
        case .chosen, .possible: nil
        case .refused: Problem("floria.refused", "the filter refuses ‘\(target)’")
        case .full(let name): Problem("floria.exhausted", "not enough is left of ‘\(target).\(name)’")
        case .used: Problem("floria.used", "another edge of the requirement leads to ‘\(target)’")
        case .waiting(let problem), .failed(let problem): problem
        }
    }
}

extension Choice.Outcome {
    /// Its name in documents.
    public var name: String {
        switch self {
        case .chosen: "chosen"
        case .possible: "possible"
        case .refused: "refused"
        case .full: "full"
        case .used: "used"
        case .waiting: "waiting"
        case .failed: "failed"
        }
    }
}

extension Making {
    /// How many of the candidates of an edge a choice names.
    static let candidateLimit = 100

    /// Why all edges lead where they do, by edge.
    mutating func choices() async -> [Choice] {
        var choices: [Choice] = []
        for position in edges.demands.indices {
            let demand = edges.demands[position]
            for index in demand.indexes {
                let slot = Slot(demand: position, index: index)
                let choice = await choice(slot)
                choices.append(choice)
                // Of those that may be missing without bound one is enough.
                if choice.target == nil { break }
            }
        }
        return choices.sorted { $0.edge < $1.edge }
    }

    private mutating func choice(_ slot: Slot) async -> Choice {
        let demand = edges.demands[slot.demand]
        let id = edgeID(demand, slot.index)
        let target = working.edge(id)?.target
        let (candidates, count) = await consider(slot, limit: Self.candidateLimit)
        let possible = candidates.filter { $0.outcome == .chosen || $0.outcome == .possible }
        let reason: Choice.Reason =
            if target == nil { .missing } else if present.edge(id)?.target == target {
                .kept
            } else if possible.count == 1 && candidates.count < Self.candidateLimit {
                .only
            } else if possible.first?.target == target {
                .first
            } else { .arranged }
        return Choice(
            edge: id, template: edges.selections[demand.selection].template.header.id, source: demand.source, target: target,
            reason: reason, candidates: candidates, candidateCount: count)
    }

    /// What becomes of the candidates of an edge with all other edges as they are.
    mutating func consider(_ slot: Slot, limit: Int) async -> (candidates: [Choice.Candidate], count: Int) {
        let demand = edges.demands[slot.demand]
        let id = edgeID(demand, slot.index)
        guard var walk = try? await walk(demand) else { return ([], 0) }
        let chosen = working.edge(id)?.target
        let used = usedUnits(demand).own
        let own = chosen.map { unit(of: $0, for: demand) }
        var candidates: [Choice.Candidate] = []
        while candidates.count < limit, let target = next(&walk, of: demand, all: true) {
            let outcome: Choice.Outcome
            if target.id == chosen {
                outcome = .chosen
            } else if used.contains(target.unit) && target.unit != own {
                outcome = .used
            } else {
                outcome = await self.outcome(of: pair(slot, target), for: id)
            }
            candidates.append(Choice.Candidate(target: target.id, outcome: outcome))
        }
        return (candidates, walk.count)
    }

    private mutating func outcome(of pair: Pair, for edge: ID) async -> Choice.Outcome {
        switch pair.verdict {
        case .refused: return .refused
        case .waiting(let problem): return .waiting(problem)
        case .failed(let problem): return .failed(problem)
        case .full(let capacity): return .full(capacity.name)
        case .fits:
            for (name, amount) in pair.amounts.sorted(by: { $0.key < $1.key }) {
                do throws(EvaluationFailure) {
                    let capacity = PropertyReference(pair.target.id, name)
                    if try await !hasRoom(for: amount, at: capacity, without: [edge]) { return .full(name) }
                } catch {
                    return .failed(error.problem)
                }
            }
            return .possible
        }
    }
}
