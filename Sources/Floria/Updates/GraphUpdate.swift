// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Changes values in a graph, and brings all that depends on them up to date.
public struct GraphUpdate: Sendable {
    private let functions: Functions
    private let now: @Sendable () -> Int64

    /// Makes an update.
    ///
    /// - Parameter now: The time in milliseconds since 1970 UTC.
    public init(functions: Functions, now: @escaping @Sendable () -> Int64) {
        self.functions = functions
        self.now = now
    }

    /// Pushes candidates through the preparers of properties, then pulls the properties that read them, directly or not,
    /// in the order in which they read each other. Properties that aren't there are made.
    ///
    /// A candidate that is rejected changes no value: the property keeps its last good one and has the status `failed`.
    /// Values that a person, a plugin or an operation has set are not pulled any more.
    ///
    /// - Returns: the entities that differ from those in the graph, in order of ID.
    /// - Throws: `floria.unknown-entity`, `floria.read-only`, `floria.cycle`.
    public func push(
        _ values: [PropertyReference: Value], onto graph: Graph, provenance: Provenance
    ) async throws(Problems) -> [Entity] {
        let working = WorkingGraph(graph)
        let problems = values.keys.sorted().compactMap { prepare($0, values[$0], working) }
        if !problems.isEmpty { throw Problems(problems) }
        var settling = Settling(working, functions: functions, provenance: provenance)
        settling.candidates = values
        return try await finish(&settling, Set(values.keys), from: graph)
    }

    /// Pulls the properties that are pending, stale or failed again, and whatever reads them.
    ///
    /// - Returns: the entities that differ from those in the graph, in order of ID.
    /// - Throws: `floria.cycle`.
    public func refresh(_ graph: Graph, service: String) async throws(Problems) -> [Entity] {
        var open: Set<PropertyReference> = []
        for (id, vertex) in graph.vertexes { open.formUnion(vertex.properties.unfinished(of: id)) }
        for (id, edge) in graph.edges { open.formUnion(edge.properties.unfinished(of: id)) }
        if open.isEmpty { return [] }
        var settling = Settling(
            WorkingGraph(graph), functions: functions, provenance: Provenance(.design, service, time: now()))
        return try await finish(&settling, open, from: graph)
    }

    private func prepare(_ reference: PropertyReference, _ value: Value?, _ working: WorkingGraph) -> Problem? {
        let place = Problem.Place.entity(reference.entity.description, property: reference.name)
        guard let property = working.property(reference) else {
            guard working.vertex(reference.entity) != nil || working.edge(reference.entity) != nil else {
                return Problem(
                    "floria.unknown-entity", "there is no \(reference.entity.kind.label) ‘\(reference.entity)’", at: place)
            }
            working.set(Property(), reference)
            return nil
        }
        guard property.isReadOnly, let old = property.value, old != value else { return nil }
        return Problem("floria.read-only", "‘\(reference)’ has its value already and is read-only", at: place)
    }

    private func finish(
        _ settling: inout Settling, _ forced: Set<PropertyReference>, from graph: Graph
    ) async throws(Problems) -> [Entity] {
        settling.working.unsettle(forced)
        await settling.settle(forced: forced)
        if !settling.cycles.isEmpty { throw Problems(settling.cycles) }
        let result = settling.working.graph
        let vertexes = result.vertexes.values.filter { $0 != graph.vertex($0.header.id) }.map(Entity.vertex)
        let edges = result.edges.values.filter { $0 != graph.edge($0.header.id) }.map(Entity.edge)
        return (vertexes + edges).sorted { $0.id < $1.id }
    }
}

extension [String: Property] {
    fileprivate func unfinished(of entity: ID) -> [PropertyReference] {
        compactMap { name, property in
            switch property.status {
            case .pending, .stale, .failed: PropertyReference(entity, name)
            case .valid: nil
            case .unset: property.updater == nil ? nil : PropertyReference(entity, name)
            }
        }
    }
}
