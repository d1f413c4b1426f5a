// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Changes values in a graph, and brings all that depends on them up to date.
public struct GraphUpdate: Sendable {
    private let functions: Functions
    private let limits: EvaluationLimits
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Int64

    /// Makes an update.
    ///
    /// - Parameters:
    ///   - limits: What the evaluation of one property may cost. One that costs more has failed; the others go on.
    ///   - clock: Measures the time that evaluations take.
    ///   - now: The time in milliseconds since 1970 UTC.
    public init(
        functions: Functions, limits: EvaluationLimits = .standard, clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Int64
    ) {
        self.functions = functions
        self.limits = limits
        self.clock = clock
        self.now = now
    }

    /// The time.
    var time: Int64 { now() }

    private func settling(_ working: WorkingGraph, _ provenance: Provenance) -> Settling {
        Settling(working, functions: functions, limits: limits, clock: clock, provenance: provenance)
    }

    /// Pushes candidates through the preparers of properties, then pulls the properties that read them, directly or not,
    /// in the order in which they read each other; those that don't are evaluated side by side. Properties that aren't there
    /// are made.
    ///
    /// A candidate that is rejected changes no value: the property keeps its last good one and has the status `failed`.
    /// Values that a person, a plugin or an operation has set are not pulled any more.
    ///
    /// - Parameter updaters: Expressions that take the place of updaters: they are pulled at once, and whenever something that
    ///   they read has changed, until the property is given a value.
    /// - Returns: the entities that differ from those in the graph, in order of ID.
    /// - Throws: `floria.unknown-entity`, `floria.read-only`, `floria.cycle`.
    public func push(
        _ values: [PropertyReference: Value], updaters: [PropertyReference: Value] = [:], onto graph: Graph,
        provenance: Provenance
    ) async throws(Problems) -> [Entity] {
        var settling = settling(WorkingGraph(graph), provenance)
        try prepare(values, updaters, &settling)
        try await finish(&settling, forced: Set(values.keys).union(updaters.keys))
        return settling.working.changed
    }

    /// What an update does to a stored graph.
    public struct Changes: Sendable {
        /// The entities that differ from those in the store, or from those that are put together with it, in order of ID.
        public var entities: [Entity]
        /// The versions of all whose values were looked at. If they don't hold any more, the update is to be computed anew.
        public var expectations: [ID: UInt64]
        /// The properties that were evaluated, which are all that read what changes.
        public var readerExpectations: Set<PropertyReference>
        /// What changes.
        public var alterations: Set<Read>
        /// What was found by following edges or containment.
        var structureExpectations: [Read: Int]

        /// Adds the changes to a transaction, together with what they expect. What it expects already stays.
        public func add(to transaction: inout Transaction) {
            transaction.puts += entities
            transaction.expectations.merge(expectations) { expected, _ in expected }
            transaction.readerExpectations.formUnion(readerExpectations)
            transaction.alterations.formUnion(alterations)
            transaction.structureExpectations.merge(structureExpectations) { expected, _ in expected }
        }
    }

    /// Pushes candidates onto a stored graph, as ``push(_:updaters:onto:provenance:)`` does, and brings up to date what reads
    /// what is put and removed together with them. Only what is affected is read.
    ///
    /// - Parameters:
    ///   - puts: What is put together with the update.
    ///   - deletions: What is removed together with it.
    /// - Throws: what pushing onto a graph throws, and what reading the store does.
    public func push(
        _ values: [PropertyReference: Value], updaters: [PropertyReference: Value] = [:], in store: any Store,
        puts: [Entity] = [], deletions: [ID] = [], provenance: Provenance
    ) async throws(Problems) -> Changes {
        let own = Dictionary(puts.map { ($0.id, $0) }) { $1 }
        let supplier = GraphSupplier(store: store, puts: own, deletions: Set(deletions))
        let start: GraphSupplier.Start
        do { start = try await supplier.start(Set(values.keys).union(updaters.keys)) } catch { throw Problems([error]) }
        var graph = Graph()
        for entity in start.part.entities + puts { graph.insert(entity) }
        var part = start.part
        part.known.formUnion((own.keys + deletions).map(Read.entity))
        var settling = settling(WorkingGraph(graph, part: part), provenance)
        settling.supplier = supplier
        try prepare(values, updaters, &settling)
        let evaluated = start.affected.filter { !supplier.deletions.contains($0.entity) }
        try await finish(&settling, forced: start.forced, affected: evaluated, altered: start.alterations)
        var changes = Changes(
            entities: settling.working.changed, expectations: start.versions, readerExpectations: start.affected,
            alterations: start.alterations, structureExpectations: [:])
        for id in settling.touched where changes.expectations[id] == nil {
            changes.expectations[id] = settling.working.version(of: id)
        }
        for read in settling.structure { changes.structureExpectations[read] = settling.working.stamp(of: read) }
        return changes
    }

    private func prepare(
        _ values: [PropertyReference: Value], _ updaters: [PropertyReference: Value], _ settling: inout Settling
    ) throws(Problems) {
        let references = Set(values.keys).union(updaters.keys).sorted()
        let problems = references.compactMap { prepare($0, values[$0], settling.working) }
        if !problems.isEmpty { throw Problems(problems) }
        settling.push(values, updaters: updaters)
    }

    /// Pulls the properties that are pending, stale or failed again, and whatever reads them.
    ///
    /// - Returns: the entities that differ from those in the graph, in order of ID.
    /// - Throws: `floria.cycle`.
    public func refresh(_ graph: Graph, service: String) async throws(Problems) -> [Entity] {
        var open: Set<PropertyReference> = []
        for (id, vertex) in graph.vertexes { open.formUnion(vertex.properties.unfinished(of: id)) }
        for (id, edge) in graph.edges { open.formUnion(edge.properties.unfinished(of: id)) }
        return try await pull(open, in: graph, service: service)
    }

    /// Pulls properties again, and whatever reads them.
    ///
    /// - Returns: the entities that differ from those in the graph, in order of ID.
    /// - Throws: `floria.cycle`.
    public func pull(
        _ properties: Set<PropertyReference>, in graph: Graph, service: String
    ) async throws(Problems) -> [Entity] {
        if properties.isEmpty { return [] }
        var settling = settling(WorkingGraph(graph), Provenance(.design, service, time: now()))
        try await finish(&settling, forced: properties)
        return settling.working.changed
    }

    /// Pulls properties, those that read any of some reads, and whatever reads them.
    ///
    /// - Parameter supplier: Supplies what isn't known of the graph, if it is only there in part.
    /// - Returns: the entities that differ from those in the graph, in order of ID.
    /// - Throws: `floria.cycle`.
    func pull(
        _ properties: Set<PropertyReference>, readersOf altered: Set<Read>, in working: WorkingGraph, service: String,
        supplier: GraphSupplier?
    ) async throws(Problems) -> [Entity] {
        let readers = working.readers(of: altered)
        if readers.isEmpty && properties.isEmpty { return [] }
        var settling = settling(working, Provenance(.design, service, time: now()))
        settling.supplier = supplier
        try await finish(&settling, forced: properties, affected: readers, altered: altered)
        return working.changed
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
        _ settling: inout Settling, forced: Set<PropertyReference>, affected: Set<PropertyReference> = [],
        altered: Set<Read> = []
    ) async throws(Problems) {
        settling.working.unsettle(forced.union(affected))
        await settling.settle(forced: forced, altered: altered)
        if let failure = settling.supplyFailure { throw Problems([failure]) }
        if !settling.cycles.isEmpty { throw Problems(settling.cycles) }
    }
}

extension [String: Property] {
    fileprivate func unfinished(of entity: ID) -> [PropertyReference] {
        compactMap { name, property in
            switch property.status {
            case .pending, .stale, .failed: PropertyReference(entity, name)
            case .valid: nil
            case .unset: property.currentUpdater == nil ? nil : PropertyReference(entity, name)
            }
        }
    }
}
