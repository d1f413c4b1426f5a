// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Requirements that wait for each other: each for a value that only the next one makes known.
struct RequirementCircle {
    /// The positions of the demands.
    var demands: [Int]
    /// What lies between them, as words: requirements and properties, the first again at the end.
    var path: [String]
}

extension Making {
    /// How many requirements are looked at for circles, and how many properties for each.
    private static let circleLimits = (requirements: 100, properties: 10_000)

    /// One requirement that another one waits for, and the properties that lie between.
    private struct Wait {
        var next: Int
        var through: [PropertyReference]
    }

    /// The circles among demands that are not met, each once.
    mutating func circles(among open: [Int]) async -> [RequirementCircle] {
        let bySource = Dictionary(grouping: open) { edges.demands[$0].source }
        var waits: [Int: [Wait]] = [:]
        for position in open.prefix(Self.circleLimits.requirements) {
            waits[position] = follow(await unmetReads(position), bySource)
        }
        var circles: [RequirementCircle] = []
        var finished: Set<Int> = []
        for position in open where !finished.contains(position) {
            var path: [Wait] = [Wait(next: position, through: [])]
            walk(&path, waits, &finished, &circles)
        }
        return circles
    }

    /// Goes on from the last one of a path, depth first.
    private func walk(
        _ path: inout [Wait], _ waits: [Int: [Wait]], _ finished: inout Set<Int>, _ circles: inout [RequirementCircle]
    ) {
        guard let current = path.last?.next else { return }
        for wait in waits[current] ?? [] where !finished.contains(wait.next) {
            if let start = path.firstIndex(where: { $0.next == wait.next }) {
                circles.append(circle(Array(path[start...]), closing: wait))
            } else {
                path.append(wait)
                walk(&path, waits, &finished, &circles)
                path.removeLast()
            }
        }
        finished.insert(current)
    }

    private func circle(_ path: [Wait], closing: Wait) -> RequirementCircle {
        let demands = path.map(\.next)
        var words: [String] = []
        for (index, position) in demands.enumerated() {
            let demand = edges.demands[position]
            words.append("\(demand.source).\(edges.selections[demand.selection].template.instanceName)")
            let next = index + 1 < path.count ? path[index + 1] : closing
            words += next.through.map(\.description)
        }
        return RequirementCircle(demands: demands, path: words + words.prefix(1))
    }

    /// What a demand reads to tell what its edge may lead to, where that isn't known.
    private mutating func unmetReads(_ position: Int) async -> Set<Read> {
        let demand = edges.demands[position]
        let selector = edges.selections[demand.selection].template.target
        var reads: Set<Read> = []
        if let finder = selector.finder { reads.formUnion(await settling.reads(of: finder, at: demand.source)) }
        guard let index = demand.firstOpen, let filter = selector.filter, var walk = try? await walk(demand) else {
            return reads
        }
        while let target = next(&walk, of: demand, all: true) {
            guard case .waiting = await pair(Slot(demand: position, index: index), target).verdict else { continue }
            let id = edgeID(demand, index)
            let edge = insertEdge(demand, index, id, to: target.id)
            reads.formUnion(await settling.reads(of: filter, at: id))
            working.remove(edge)
            break
        }
        return reads
    }

    /// The demands that would make known what has no value, behind some reads.
    private func follow(_ reads: Set<Read>, _ bySource: [ID: [Int]]) -> [Wait] {
        var waits: [Wait] = []
        var seen: Set<PropertyReference> = []
        var open: [(reads: [Read], through: [PropertyReference])] = [(reads.sorted(), [])]
        while let (reads, through) = open.popLast(), seen.count < Self.circleLimits.properties {
            // What reads something without a value waits for that, and not for what it looked at on the way.
            let unknown = reads.compactMap(\.property).filter { working.property($0)?.value == nil }
            for reference in unknown where seen.insert(reference).inserted {
                open.append((working.property(reference)?.reads ?? [], through + [reference]))
            }
            if !unknown.isEmpty { continue }
            for case .outgoing(let source) in reads {
                for position in bySource[source] ?? [] { waits.append(Wait(next: position, through: through)) }
            }
        }
        return waits
    }
}
