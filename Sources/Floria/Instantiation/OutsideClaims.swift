// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What a change of a service relies on in other services.
public struct OutsideClaims: Sendable {
    /// The vertexes of others that edges come to lead to, in order of ID.
    public internal(set) var targets: [ID] = []
    /// The edges of others that lead to what is removed, in order of ID.
    public internal(set) var users: [Edge] = []
    /// The versions of the targets, of what contains them, and of what values and filters were computed from.
    var expectations: [ID: UInt64] = [:]
    /// What was found by following edges or containment.
    var structureExpectations: [Read: Int] = [:]

    /// It relies on nothing.
    public init() {}

    /// Lets a transaction fail if something has become different meanwhile: if a target has changed or is gone, if others
    /// have taken of it, or lead to what is removed.
    public func add(to transaction: inout Transaction) {
        transaction.expectations.merge(expectations) { expected, _ in expected }
        transaction.structureExpectations.merge(structureExpectations) { expected, _ in expected }
    }
}

extension Outside {
    /// What a change of the service relies on.
    ///
    /// - Parameter present: The service's graph before the change.
    /// - Throws: `floria.unknown-target` if an edge would lead to what isn't there any more, `floria.exhausted` if edges would
    ///   take more of a target than there is; what reading the store throws.
    public mutating func claims(of changes: ChangeSet, onto present: Graph) async throws(Problems) -> OutsideClaims {
        var edges: [Edge] = []
        var removed: Set<ID> = []
        var reads: Set<Read> = []
        for change in changes.changes where change.isEffective {
            if case .edge(let edge)? = change.after, !isOwn(edge.target) { edges.append(edge) }
            if change.after == nil && change.id.kind == .vertex { removed.insert(change.id) }
            for property in (change.after?.properties ?? [:]).values { reads.formUnion(property.reads) }
        }
        for edge in edges {
            reads.formUnion(filterReads[edge.header.id] ?? [])
            if !edge.allocations.isEmpty { reads.insert(.incoming(edge.target)) }
        }
        reads = reads.filter(isOutside).union(removed.map(Read.incoming))
        var claims = OutsideClaims()
        try await expect(edges, &claims)
        try await supply(reads)
        expect(reads, &claims)
        let problems = excesses(edges, in: present.applying(changes), &claims)
        if !problems.isEmpty { throw Problems(problems) }
        claims.users = part.entities.compactMap { entity in
            if case .edge(let edge) = entity, removed.contains(edge.target) { edge } else { nil }
        }.sorted { $0.header.id < $1.header.id }
        return claims
    }

    /// Whether others can change what a read finds.
    private func isOutside(_ read: Read) -> Bool { if case .incoming = read { true } else { !isOwn(read.entity) } }

    /// Expects the targets of edges, and what contains them, as they are.
    private mutating func expect(_ edges: [Edge], _ claims: inout OutsideClaims) async throws(Problems) {
        var problems: [Problem] = []
        for edge in edges {
            var next: ID? = edge.target
            while let id = next, !isOwn(id) {
                try await supply([.entity(id)])
                guard let vertex = vertex(id) else {
                    problems.append(unknown(id, edge))
                    break
                }
                claims.expectations[id] = vertex.header.version
                next = vertex.container
            }
        }
        if !problems.isEmpty { throw Problems(problems) }
        claims.targets = Set(edges.map(\.target)).sorted()
    }

    private func unknown(_ target: ID, _ edge: Edge) -> Problem {
        Problem(
            "floria.unknown-target", "‘\(edge.header.id)’ would lead to ‘\(target)’, which is not there any more",
            at: edge.header.place ?? .entity(edge.header.id.description, property: nil))
    }

    /// Expects what was read to be as it was.
    private func expect(_ reads: Set<Read>, _ claims: inout OutsideClaims) {
        for read in reads {
            switch read {
            case .property, .entity: claims.expectations[read.entity] = entity(read.entity)?.header.version ?? 0
            case .contained, .outgoing, .incoming: claims.structureExpectations[read] = part.stamps[read]
            }
        }
    }

    /// What edges would take too much of, all together. What others take is expected as it is.
    private func excesses(_ edges: [Edge], in graph: Graph, _ claims: inout OutsideClaims) -> [Problem] {
        var problems: [Problem] = []
        var others: [ID: [Edge]] = [:]
        for case .edge(let edge) in part.entities where !edge.allocations.isEmpty {
            others[edge.target, default: []].append(edge)
        }
        var checked: Set<PropertyReference> = []
        for edge in edges {
            let taking = others[edge.target] ?? []
            for name in edge.allocations.keys.sorted() {
                let capacity = PropertyReference(edge.target, name)
                guard checked.insert(capacity).inserted else { continue }
                for other in taking { claims.expectations[other.header.id] = other.header.version }
                if covers(capacity, taking + graph.incoming(to: edge.target)) { continue }
                problems.append(
                    Problem(
                        "floria.exhausted", "not enough is left of ‘\(capacity)’ for ‘\(edge.header.id)’",
                        at: edge.header.place ?? .entity(edge.header.id.description, property: nil)))
            }
        }
        return problems
    }

    private func covers(_ capacity: PropertyReference, _ edges: [Edge]) -> Bool {
        guard let whole = vertex(capacity.entity)?.properties[capacity.name]?.value.flatMap(Quantity.init) else { return false }
        let amounts = edges.compactMap { $0.allocations[capacity.name] }.filter { $0.matches(whole) }
        guard let first = amounts.first else { return true }
        return whole.covers(amounts.dropFirst().reduce(first) { $0 + $1 })
    }
}

extension Edge {
    /// What it takes of the capacities of its target, whose properties they are.
    var allocations: [String: Quantity] {
        var amounts: [String: Quantity] = [:]
        for property in properties.values {
            guard let capacity = property.allocates, let amount = property.value.flatMap(Quantity.init) else { continue }
            amounts.add(amount, to: capacity)
        }
        return amounts
    }
}
