// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension EntityHeader {
    /// The place in a design that asked for it; nil if that isn't known.
    var place: Problem.Place? { metadata["location"].flatMap(Problem.Place.init(value:)) }
}

extension [String: Property] {
    /// What is wrong with an entity's values: what was rejected or could not be made, and what is required and isn't there.
    func problems(of id: ID) -> [Problem] {
        compactMap { name, property in
            switch property.status {
            case .failed(let problem):
                let reference = PropertyReference(id, name)
                return problem.placed(at: property.place(of: reference))
            case .unset where property.metadata["required"] == true: return missing(PropertyReference(id, name), property)
            case .unset, .pending, .valid, .stale: return nil
            }
        }
    }

    private func missing(_ reference: PropertyReference, _ property: Property) -> Problem {
        let place = property.place(of: reference)
        guard reference.name.hasPrefix("input.") else {
            return Problem("floria.missing-value", "‘\(reference)’ must have a value and has none", at: place)
        }
        return Problem(
            "floria.missing-input", "the input ‘\(reference.name.dropFirst(6))’ must have a value and has none", at: place,
            hint: "give it when the service is made")
    }
}

extension Making {
    func unknownTemplate(_ id: ID) -> Problem {
        Problem("floria.unknown-template", "the design has no \(id.kind.label) ‘\(id)’")
    }

    func unknownInput(_ name: String, of root: Vertex) -> Problem {
        let known = root.properties.keys.filter { $0.hasPrefix("input.") }.map { String($0.dropFirst(6)) }.sorted()
        return Problem(
            "floria.unknown-input", "the service has no input ‘\(name)’",
            hint: known.isEmpty ? "it has no inputs" : "its inputs are \(known.joined(separator: ", "))")
    }

    func malformedCount(_ value: Value, _ header: EntityHeader) -> Problem {
        Problem(
            "floria.malformed-count",
            "a count must be an integer from 0, and is of kind \(value.kindName): \(JSON.encode(value))", at: header.place)
    }
}

extension Making {
    /// How many targets a problem says of why they will not do.
    private static let reasonLimit = 5
    /// How many requirements are reported one by one.
    private static let reportLimit = 100

    /// That a search was given up.
    static let undecided = Problem(
        "floria.search-limit",
        "a search for other assignments was given up; there may be one",
        hint: "at most \(searchLimits.edges) edges that compete with each other are assigned anew; ask for targets more closely"
    )

    /// Reports the edges that nothing satisfies, and those whose filter doesn't hold with the others.
    mutating func report(_ unmet: [Int], _ broken: [Slot], because cause: Problem?) async {
        var open = unmet
        for circle in await circles(among: open) {
            report(circle)
            open.removeAll(where: circle.demands.contains)
        }
        if open.count > Self.reportLimit {
            let count = open.count - Self.reportLimit
            blame(
                nil, for: Problem("floria.unsatisfied-requirement", "\(count) more requirements are satisfied by nothing"))
        }
        for position in open.prefix(Self.reportLimit) {
            let demand = edges.demands[position]
            var causes = demand.reason.map { [$0.problem] } ?? []
            if causes.isEmpty, let index = demand.firstOpen {
                causes = await reasons(Slot(demand: position, index: index))
            }
            miss(demand, causes + (cause.map { [$0] } ?? []))
        }
        for slot in broken {
            let demand = edges.demands[slot.demand]
            let target = working.edge(edgeID(demand, slot.index))?.target
            let broken = Problem(
                "floria.broken-filter",
                "once all edges are there, ‘\(target.map(\.description) ?? "")’ is not what the filter and the capacities allow"
            )
            miss(demand, [broken] + (cause.map { [$0] } ?? []))
        }
    }

    private mutating func report(_ circle: RequirementCircle) {
        let places = circle.demands.compactMap { edges.selections[edges.demands[$0].selection].template.header.place }
        guard let first = circle.demands.first else { return }
        blame(
            edges.demands[first].source,
            for: Problem(
                "floria.circular-requirement",
                "requirements wait for each other: \(circle.path.map { "‘\($0)’" }.joined(separator: " → "))",
                at: places.first ?? .entity(edges.demands[first].source.description, property: nil),
                related: places.dropFirst().map { Problem.Related("this one waits too", at: $0) },
                hint: "let one of the filters look at something that is known without the others"))
    }

    private mutating func miss(_ demand: EdgeDemand, _ causes: [Problem]) {
        let template = edges.selections[demand.selection].template
        let isWaiting = if case .pending? = demand.reason { true } else { false }
        blame(
            demand.source,
            for: Problem(
                "floria.unsatisfied-requirement",
                "nothing satisfies the requirement ‘\(template.instanceName)’ of ‘\(demand.source)’",
                at: template.header.place ?? .entity(demand.source.description, property: nil), causes: causes,
                hint: "it needs \(template.target.summary)"), isWaiting: isWaiting)
    }

    /// Why targets will not do, the first ones.
    private mutating func reasons(_ slot: Slot) async -> [Problem] {
        let all = await consider(slot, limit: Self.reasonLimit)
        var reasons = all.candidates.compactMap(\.problem)
        if all.count > Self.reasonLimit {
            let rest = all.count - Self.reasonLimit
            reasons.append(Problem("floria.more", "\(rest) more \(rest == 1 ? "vertex is" : "vertexes are") no better"))
        }
        return reasons
    }
}

extension Problem {
    /// The same problem at a place in a design; where it was before becomes a related place.
    func placed(at new: Place?) -> Problem {
        guard let new, new != place else { return self }
        if case .source = place { return self }
        var problem = self
        if let old = place { problem.related.append(Related("here in the graph", at: old)) }
        problem.place = new
        return problem
    }

    /// Orders problems by their place in the design.
    var position: (String, Int, Int, String) {
        guard case .source(let source) = place else { return (place?.description ?? "", 0, 0, message) }
        return (source.file, source.row, source.column, message)
    }
}
