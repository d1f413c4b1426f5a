// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Whether an edge may lead to a target.
enum Verdict {
    /// It may.
    case fits
    /// The filter says no.
    case refused
    /// Not enough is left of a capacity.
    case full(PropertyReference)
    /// Something that is needed to tell has no value yet.
    case waiting(Problem)
    /// It cannot be told.
    case failed(Problem)
}

extension Making {
    /// Makes an edge if it may lead to a target; what it allocates is taken then.
    mutating func make(_ demand: EdgeDemand, _ index: Int, to target: ID) async -> Verdict {
        let id = edgeID(demand, index)
        let selection = edges.selections[demand.selection]
        if let amounts = selection.amounts, let capacity = await exhausted(target, by: amounts) { return .full(capacity) }
        let edge = insertEdge(demand, index, id, to: target)
        if selection.allocations.isEmpty && selection.template.target.filter == nil { return .fits }
        let (verdict, amounts) = await judge(edge, selection)
        if case .fits = verdict {
            edges.ledger.take(amounts, of: target, for: id)
        } else {
            working.remove(edge)
        }
        return verdict
    }

    /// What is looked at to judge an edge.
    enum Extent {
        case amounts
        case filter
        case all
    }

    /// Whether an edge that is there may stay, and what it takes.
    mutating func judge(
        _ edge: Edge, _ selection: EdgeSelection, _ extent: Extent = .all
    ) async -> (verdict: Verdict, amounts: [String: Quantity]) {
        let id = edge.header.id
        do throws(EvaluationFailure) {
            let amounts = try await amounts(id, selection, of: edge.target)
            if extent == .amounts { return (.fits, amounts) }
            if extent == .all {
                for (name, amount) in amounts {
                    let capacity = PropertyReference(edge.target, name)
                    if try await !hasRoom(for: amount, at: capacity, without: [id]) { return (.full(capacity), amounts) }
                }
            }
            guard let filter = selection.template.target.filter else { return (.fits, amounts) }
            return (try await evaluate(filter, at: id) == true ? .fits : .refused, amounts)
        } catch {
            return (Verdict(error), [:])
        }
    }

    /// What an edge takes of the capacities of its target, whose properties they are.
    private mutating func amounts(
        _ edge: ID, _ selection: EdgeSelection, of target: ID
    ) async throws(EvaluationFailure) -> [String: Quantity] {
        var amounts: [String: Quantity] = [:]
        for (name, capacity) in selection.allocations {
            let whole = try await self.capacity(PropertyReference(target, capacity))
            let value = try await self.value(of: PropertyReference(edge, name))
            guard let amount = Quantity(value), amount.matches(whole) else {
                throw .failed(
                    Problem(
                        "floria.malformed-allocation",
                        "‘\(PropertyReference(edge, name))’ is no amount that ‘\(target).\(capacity)’ can give: \(JSON.encode(value))"
                    ))
            }
            amounts.add(amount, to: capacity)
        }
        return amounts
    }

    /// The value of a property, which is settled before.
    private mutating func value(of reference: PropertyReference) async throws(EvaluationFailure) -> Value {
        if working.isUnsettled(reference) { await settling.settle([reference]) }
        if !settling.structureReaders.isEmpty { hasLookedAround = true }
        guard let property = working.property(reference) else {
            throw .failed(
                Problem("floria.unknown-property", "‘\(reference.entity)’ has no property ‘\(reference.name)’"))
        }
        if let value = property.value { return value }
        throw .pending(
            Problem(
                "floria.pending", "‘\(reference)’ has no value yet", causes: property.status.problem.map { [$0] } ?? []))
    }

    /// How much there is of a capacity.
    mutating func capacity(_ reference: PropertyReference) async throws(EvaluationFailure) -> Quantity {
        let value = try await self.value(of: reference)
        guard let capacity = Quantity(value) else {
            throw .failed(
                Problem(
                    "floria.malformed-capacity", "‘\(reference)’ is no amount that can be allocated: \(JSON.encode(value))"))
        }
        return capacity
    }

    /// Whether a capacity has room for an amount, if some edges take nothing of it.
    mutating func hasRoom(
        for amount: Quantity, at reference: PropertyReference, without others: [ID]
    ) async throws(EvaluationFailure) -> Bool {
        let capacity = try await capacity(reference)
        guard let taken = await taken(of: reference, like: capacity, without: others) else { return capacity.covers(amount) }
        return capacity.covers(taken + amount)
    }

    /// What is taken of a capacity, also by other services, if some edges take nothing of it; nil if nothing comparable is.
    mutating func taken(of reference: PropertyReference, like capacity: Quantity, without others: [ID]) async -> Quantity? {
        await noteForeign(at: reference.entity)
        guard var taken = edges.ledger.taken(of: reference), taken.matches(capacity) else { return nil }
        for edge in others {
            if let own = edges.ledger.amount(of: edge, at: reference) { taken = taken - own }
        }
        return taken
    }

    /// The capacity of a target of which less is left than an edge would take; nil if there is none.
    private mutating func exhausted(_ target: ID, by amounts: [String: Quantity]) async -> PropertyReference? {
        for (name, amount) in amounts.sorted(by: { $0.key < $1.key }) {
            let reference = PropertyReference(target, name)
            if edges.ledger.taken(of: reference) == nil { continue }
            if let hasRoom = try? await hasRoom(for: amount, at: reference, without: []), !hasRoom { return reference }
        }
        return nil
    }

    // MARK: Edges

    /// Adds an edge of a demand. One of the same name that isn't the design's makes room for it.
    @discardableResult
    mutating func insertEdge(_ demand: EdgeDemand, _ index: Int, _ id: ID, to target: ID) -> Edge {
        let template = edges.selections[demand.selection].template
        let header = EntityHeader(id, metadata: template.header.metadata, provenance: provenance)
        var edge = Edge(
            header, classes: template.classes, name: template.instanceName, source: demand.source, target: target)
        edge.origin = template.header.id
        edge.handlers = template.handlers
        edge.index = index
        var carried: Set<String> = []
        if !template.properties.isEmpty {
            (edge.properties, carried) = template.properties.carrying(present.edge(id)?.properties)
        }
        if !edges.foreign.isEmpty, edges.foreign.remove(id) != nil, let old = working.edge(id) {
            working.remove(old)
            edges.ledger.giveBack(id)
        }
        working.insert(.edge(edge), settled: carried)
        return edge
    }

    /// Takes an edge and its allocations back.
    mutating func remove(_ id: ID) {
        if !edges.ledger.amounts(of: id).isEmpty {
            edges.ledger.giveBack(id)
            for pool in edges.pools.values { pool.refill() }
        }
        if let edge = working.edge(id) { working.remove(edge) }
    }

    // MARK: What others have taken

    /// Adds the edges of the service that were made by hand or by plugins, which stay.
    mutating func addForeign() async {
        for (id, edge) in present.edges where edge.header.provenance?.author != .design {
            guard await hasTarget(edge) else { continue }
            working.supply(GraphSupplier.Part(entities: [.edge(edge)]))
            edges.foreign.insert(id)
            note(edge)
        }
    }

    private mutating func hasTarget(_ edge: Edge) async -> Bool {
        do throws(Problem) { return try await supplyVertex(edge.target) != nil } catch {
            blame(nil, for: error)
            return false
        }
    }

    /// Notes what other services take of a vertex.
    private mutating func noteForeign(at target: ID) async {
        guard surroundings != nil, edges.noted.insert(target).inserted else { return }
        do throws(Problem) { try await supply([.incoming(target)]) } catch { return blame(nil, for: error) }
        for edge in working.incoming(to: target) where !edge.header.id.isPart(ofService: name) { note(edge) }
    }

    private mutating func note(_ edge: Edge) { edges.ledger.take(edge.allocations, of: edge.target, for: edge.header.id) }
}

extension Verdict {
    /// The verdict where it cannot be told now.
    init(_ failure: EvaluationFailure) {
        switch failure {
        case .pending(let problem): self = .waiting(problem)
        case .failed(let problem): self = .failed(problem)
        }
    }
}
