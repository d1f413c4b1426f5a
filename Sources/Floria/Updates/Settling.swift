// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Evaluates the properties of a graph that are unsettled, each after those that it reads, and side by side what may wait.
///
/// What a property reads is found out by evaluating it: when it reads something unsettled, that is evaluated first, and
/// the property again. What it read the last time is looked at before, so that known orders cost nothing. What comes of it
/// doesn't depend on which evaluation is faster: only what is settled is ever read, and a cycle is told when nothing else
/// is left.
struct Settling {
    let working: WorkingGraph
    let functions: Functions
    let limits: EvaluationLimits
    let clock: any Clock<Duration>
    let provenance: Provenance
    /// Candidates that are pushed rather than pulled.
    private(set) var candidates: [PropertyReference: Value] = [:]
    /// The properties that are set: to those candidates, or to updaters. Whether their values change is seen by evaluating them.
    private var pushed: Set<PropertyReference> = []
    /// Whether the graph is being made: then everything is pulled, and what is read-only gets its value.
    var isMaking = false
    /// The properties whose evaluation looked at how the graph hangs together.
    private(set) var structureReaders: Set<PropertyReference> = []
    /// Supplies what isn't known of a graph that is only there in part.
    var supplier: GraphSupplier?
    /// Why something that isn't known could not be supplied; then nothing that was evaluated is to be relied on.
    private(set) var supplyFailure: Problem?
    /// The cycles that were found.
    private(set) var cycles: [Problem] = []
    /// The vertexes and edges whose values were read or set.
    private(set) var touched: Set<ID> = []
    /// What was looked at apart from values.
    private(set) var structure: Set<Read> = []
    private var altered: Set<Read> = []
    private var forced: Set<PropertyReference> = []

    init(
        _ working: WorkingGraph, functions: Functions, limits: EvaluationLimits = .standard,
        clock: any Clock<Duration> = ContinuousClock(), provenance: Provenance
    ) {
        self.working = working
        self.functions = functions
        self.limits = limits
        self.clock = clock
        self.provenance = provenance
    }

    /// Sets properties: to candidates, or to updaters that are then pulled.
    mutating func push(_ values: [PropertyReference: Value], updaters: [PropertyReference: Value]) {
        candidates = values
        pushed = Set(values.keys).union(updaters.keys)
        for (reference, updater) in updaters {
            guard var property = working.property(reference) else { continue }
            property.ownUpdater = updater
            property.provenance = provenance
            working.set(property, reference)
        }
    }

    /// Evaluates everything that is unsettled and reads something that has changed.
    ///
    /// - Parameters:
    ///   - forced: Those that are evaluated even if nothing that they read has changed.
    ///   - altered: What is known to have changed.
    mutating func settle(forced: Set<PropertyReference>, altered: Set<Read> = []) async {
        self.forced = forced
        self.altered.formUnion(altered.filter { $0.property.map { !pushed.contains($0) } ?? true })
        await settle(working.unsettled)
    }

    /// Evaluates an expression at an entity, and before it whatever it needs.
    ///
    /// - Returns: the value, and whether it depends on how the graph hangs together.
    mutating func evaluate(
        _ expression: Value, at site: ID
    ) async throws(EvaluationFailure) -> (value: Value, hasReadStructure: Bool) {
        while true {
            let recorder = ReadRecorder(working)
            let evaluation = Evaluation(
                site: CallSite(entity: site), graph: working, functions: functions, candidate: nil, limits: limits,
                clock: clock, recorder: recorder)
            let outcome: Result<Value, EvaluationFailure>
            do throws(EvaluationFailure) {
                outcome = .success(try await evaluation.evaluate(expression))
            } catch {
                outcome = .failure(error)
            }
            let notes = recorder.notes
            if let supplier, !notes.missing.isEmpty {
                do throws(Problem) { working.supply(try await supplier.part(notes.missing)) } catch { throw .failed(error) }
                continue
            }
            if notes.unsettled.isEmpty { return (try outcome.get(), notes.hasReadStructure) }
            await settle(notes.unsettled.sorted())
        }
    }

    /// What the evaluation of an expression at an entity reads, when all is settled.
    func reads(of expression: Value, at site: ID) async -> Set<Read> {
        let recorder = ReadRecorder(working)
        let evaluation = Evaluation(
            site: CallSite(entity: site), graph: working, functions: functions, candidate: nil, limits: limits, clock: clock,
            recorder: recorder)
        _ = try? await evaluation.evaluate(expression)
        return recorder.notes.reads
    }

    /// Evaluates properties that are unsettled, and before each whatever it needs.
    mutating func settle(_ references: [PropertyReference]) async {
        var agenda = Agenda(references)
        if await settleAtOnce(&agenda) { return }
        await withTaskGroup(of: Attempt.self) { group in
            while true {
                while agenda.runningCount < SideBySide.limit, let reference = agenda.next() {
                    guard let attempt = prepare(reference, &agenda) else { continue }
                    if attempt.mayWait {
                        agenda.begin(reference)
                        group.addImmediateTask { await attempt.made() }
                    } else {
                        await take(await attempt.made(), &agenda)
                    }
                }
                if agenda.runningCount > 0, let attempt = await group.next() {
                    agenda.pause(attempt.reference)
                    await take(attempt, &agenda)
                } else if !breakCycles(&agenda) {
                    return
                }
            }
        }
    }

    /// Evaluates one after the other as long as none may have to wait. False if one may, and others are left.
    private mutating func settleAtOnce(_ agenda: inout Agenda) async -> Bool {
        repeat {
            while let reference = agenda.next() {
                guard let attempt = prepare(reference, &agenda) else { continue }
                if attempt.mayWait {
                    agenda.push(reference)
                    return false
                }
                await take(await attempt.made(), &agenda)
            }
        } while breakCycles(&agenda)
        return true
    }

    /// Tells the cycles of what waits when nothing else is left. False if nothing waits.
    private mutating func breakCycles(_ agenda: inout Agenda) -> Bool {
        let cycles = agenda.takeCycles()
        for cycle in cycles {
            report(cycle)
            for reference in cycle { agenda.end(reference) }
        }
        return !cycles.isEmpty || !agenda.isEmpty
    }

    /// Settles a property, or lets it wait for what it read the last time, or tells how it is to be evaluated.
    private mutating func prepare(_ reference: PropertyReference, _ agenda: inout Agenda) -> Attempt? {
        guard let property = working.unsettledProperty(reference) else {
            working.settle(reference)
            agenda.end(reference)
            return nil
        }
        let isGuided = !agenda.unguided.contains(reference)
        if isGuided, let known = property.reads.lazy.compactMap(\.property).first(where: { working.isUnsettled($0) }) {
            agenda.postpone(reference, until: known, isPresumed: true)
            return nil
        }
        guard !isGuided || mustEvaluate(property, reference), let source = source(of: property, reference) else {
            working.settle(reference)
            agenda.end(reference)
            return nil
        }
        if property.preparer == nil, let value = source.literal {
            structureReaders.remove(reference)
            accept(.success(value), of: property, reference, reads: [])
            agenda.end(reference)
            return nil
        }
        return Attempt(reference, property, source, self)
    }

    private func mustEvaluate(_ property: Property, _ reference: PropertyReference) -> Bool {
        if isMaking || candidates[reference] != nil { return true }
        if property.isReadOnly && property.value != nil { return false }
        return forced.contains(reference) || property.reads.contains(where: altered.contains)
    }

    /// Where the next candidate comes from. What a person, a plugin or an operation has set is not pulled any more, unless
    /// it is an updater.
    private func source(of property: Property, _ reference: PropertyReference) -> Attempt.Source? {
        if let candidate = candidates[reference] { return .candidate(candidate) }
        if let updater = property.ownUpdater { return .updater(updater) }
        let isSet = property.value != nil && property.provenance != nil && property.provenance?.author != .design
        if let updater = property.updater, !isSet { return .updater(updater) }
        return property.value.map(Attempt.Source.candidate)
    }

    /// Takes what came of an attempt: accepts it, or lets the property wait for what it needs.
    private mutating func take(_ attempt: Attempt, _ agenda: inout Agenda) async {
        let (reference, notes) = (attempt.reference, attempt.notes)
        if let supplier, !notes.missing.isEmpty {
            do throws(Problem) {
                working.supply(try await supplier.part(notes.missing))
                agenda.push(reference)
            } catch {
                supplyFailure = error
                working.settle(reference)
                agenda.end(reference)
            }
            return
        }
        if let blocker = notes.unsettled.min() { return agenda.postpone(reference, until: blocker) }
        if notes.hasReadStructure { structureReaders.insert(reference) } else { structureReaders.remove(reference) }
        accept(attempt.outcome, of: attempt.property, reference, reads: notes.reads)
        agenda.end(reference)
    }

    private mutating func accept(
        _ outcome: Result<Value, EvaluationFailure>, of property: Property, _ reference: PropertyReference, reads: Set<Read>
    ) {
        // While a graph is made everything is evaluated, and nobody asks what that was.
        if !isMaking { note(reads, by: reference) }
        var property = property
        property.reads = reads.count > 1 ? reads.sorted() : Array(reads)
        switch outcome {
        case .success(let value):
            let isPushed = candidates[reference] != nil
            if property.value != value || isPushed {
                property.provenance = isPushed ? provenance : pulled(property.provenance, reference)
            }
            if isPushed { property.ownUpdater = nil }
            if property.value != value && !isMaking { altered.insert(.property(reference)) }
            property.value = value
            property.status = .valid
        case .failure(.pending(let problem)): property.status = .pending(problem)
        case .failure(.failed(let problem)): property.status = .failed(problem)
        }
        working.set(property, reference)
    }

    private mutating func note(_ reads: Set<Read>, by reference: PropertyReference) {
        touched.insert(reference.entity)
        for read in reads {
            if read.property == nil { structure.insert(read) } else { touched.insert(read.entity) }
        }
    }

    /// A pulled value keeps its author, with the event and the time that it was pulled for. The first one's author is whoever
    /// designed or set its updater, not who gave the occasion.
    private func pulled(_ old: Provenance?, _ reference: PropertyReference) -> Provenance {
        let id = reference.entity
        var new = old ?? Provenance(.design, id.directory.names.first ?? id.name, time: 0)
        new.event = provenance.event
        new.time = provenance.time
        return new
    }

    private mutating func report(_ path: [PropertyReference]) {
        guard let first = path.min(), let start = path.firstIndex(of: first) else { return }
        let ordered = path[start...] + path[..<start]
        let text = (ordered + [first]).map(\.description).joined(separator: " → ")
        let problem = Problem(
            "floria.cycle", "the property ‘\(first)’ depends on itself: \(text)", at: working.property(first)?.place(of: first),
            hint: "give one of them a value that reads none of the others")
        cycles.append(problem)
        for reference in path {
            guard var property = working.property(reference) else { continue }
            property.status = .failed(problem)
            working.set(property, reference)
        }
    }
}

extension Property {
    /// Where the property comes from: its place in a design if that is known and it is computed as designed, else its place in
    /// the graph.
    func place(of reference: PropertyReference) -> Problem.Place {
        if ownUpdater == nil, let place = metadata["location"].flatMap(Problem.Place.init(value:)) { return place }
        return .entity(reference.entity.description, property: reference.name)
    }
}
