// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Evaluates the properties of a graph that are unsettled, each after those that it reads.
///
/// What a property reads is found out by evaluating it: when it reads something unsettled, that is evaluated first, and
/// the property again. What it read the last time is looked at before, so that known orders cost nothing.
struct Settling {
    let working: WorkingGraph
    let functions: Functions
    let provenance: Provenance
    /// Candidates that are pushed rather than pulled.
    var candidates: [PropertyReference: Value] = [:]
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
    /// The vertexes and edges that anything was made of or given to.
    private(set) var touched: Set<ID> = []
    private var changed: Set<PropertyReference> = []
    private var forced: Set<PropertyReference> = []

    init(_ working: WorkingGraph, functions: Functions, provenance: Provenance) {
        self.working = working
        self.functions = functions
        self.provenance = provenance
    }

    /// Evaluates everything that is unsettled. The `forced` are evaluated even if nothing that they read has changed.
    mutating func settle(forced: Set<PropertyReference>) async {
        self.forced = forced
        for reference in working.unsettled { await settle(reference) }
    }

    /// Evaluates one property, and before it whatever it needs.
    mutating func settle(_ first: PropertyReference) async {
        var path = [first]
        var positions = [first: 0]
        while let current = path.last {
            let blocker = working.isUnsettled(current) ? await self.blocker(of: current, positions) : nil
            if let blocker, let start = positions[blocker] {
                reportCycle(Array(path[start...]))
                for reference in path[start...] { positions[reference] = nil }
                path.removeSubrange(start...)
            } else if let blocker {
                positions[blocker] = path.count
                path.append(blocker)
            } else {
                positions[current] = nil
                path.removeLast()
            }
        }
    }

    /// Settles a property, or tells which one has to be settled before.
    private mutating func blocker(of reference: PropertyReference, _ path: [PropertyReference: Int]) async -> PropertyReference?
    {
        guard let property = working.property(reference) else {
            working.settle(reference)
            return nil
        }
        if let known = property.reads.first(where: { path[$0] == nil && working.isUnsettled($0) }) { return known }
        guard mustEvaluate(property, reference), let source = source(of: property, reference) else {
            working.settle(reference)
            return nil
        }
        let (outcome, notes) = await evaluateSupplied(source, property.preparer, reference)
        if let blocker = notes.unsettled { return blocker }
        if notes.hasReadStructure { structureReaders.insert(reference) } else { structureReaders.remove(reference) }
        accept(outcome, reads: notes.properties, for: property, reference)
        return nil
    }

    private func mustEvaluate(_ property: Property, _ reference: PropertyReference) -> Bool {
        if isMaking || candidates[reference] != nil { return true }
        if property.isReadOnly && property.value != nil { return false }
        return forced.contains(reference) || property.reads.contains(where: changed.contains)
    }

    private enum Source {
        case candidate(Value)
        case updater(Value)
    }

    /// Where the next candidate comes from. What a person, a plugin or an operation has set is not pulled any more.
    private func source(of property: Property, _ reference: PropertyReference) -> Source? {
        if let candidate = candidates[reference] { return .candidate(candidate) }
        let isSet = property.value != nil && property.provenance != nil && property.provenance?.author != .design
        if let updater = property.updater, !isSet { return .updater(updater) }
        return property.value.map(Source.candidate)
    }

    private typealias Outcome = Result<Value, EvaluationFailure>

    /// Evaluates again as long as something is looked for that has to be supplied first.
    private mutating func evaluateSupplied(
        _ source: Source, _ preparer: Value?, _ reference: PropertyReference
    ) async -> (Outcome, ReadRecorder.Notes) {
        while true {
            let result = await evaluate(source, preparer, reference)
            let missing = working.takeMissing()
            guard let supplier, !missing.isEmpty else { return result }
            do throws(Problem) {
                working.supply(missing, try await supplier.entities(missing))
            } catch {
                supplyFailure = error
                return result
            }
        }
    }

    private func evaluate(
        _ source: Source, _ preparer: Value?, _ reference: PropertyReference
    ) async -> (Outcome, ReadRecorder.Notes) {
        let recorder = ReadRecorder { [working] in working.isUnsettled($0) }
        var evaluation = Evaluation(
            site: CallSite(entity: reference.entity, property: reference.name), graph: working, functions: functions,
            candidate: nil,
            limits: .standard, recorder: recorder)
        let outcome: Outcome
        do throws(EvaluationFailure) {
            var value: Value
            switch source {
            case .candidate(let candidate): value = candidate
            case .updater(let updater): value = try await evaluation.evaluate(updater)
            }
            if let preparer {
                evaluation.candidate = value
                value = try await evaluation.evaluate(preparer)
            }
            outcome = .success(value)
        } catch {
            outcome = .failure(error)
        }
        return (outcome, recorder.notes)
    }

    private mutating func accept(
        _ outcome: Outcome, reads: Set<PropertyReference>, for property: Property, _ reference: PropertyReference
    ) {
        touched.insert(reference.entity)
        for read in reads { touched.insert(read.entity) }
        var property = property
        property.reads = reads.sorted()
        switch outcome {
        case .success(let value):
            let isPushed = candidates[reference] != nil
            if property.value != value || isPushed {
                property.provenance = isPushed || property.provenance == nil ? provenance : pulled(property.provenance)
            }
            if property.value != value { changed.insert(reference) }
            property.value = value
            property.status = .valid
        case .failure(.pending(let problem)): property.status = .pending(problem)
        case .failure(.failed(let problem)): property.status = .failed(problem)
        }
        working.set(property, reference)
        working.settle(reference)
    }

    /// A pulled value keeps its author, with the event and the time that it was pulled for.
    private func pulled(_ old: Provenance?) -> Provenance? {
        var new = old
        new?.event = provenance.event
        new?.time = provenance.time
        return new
    }

    private mutating func reportCycle(_ path: [PropertyReference]) {
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
            working.settle(reference)
        }
    }
}

extension Property {
    /// Where the property comes from: its place in a design if that is known, else its place in the graph.
    func place(of reference: PropertyReference) -> Problem.Place {
        if let place = metadata["location"].flatMap(Problem.Place.init(value:)) { return place }
        return .entity(reference.entity.description, property: reference.name)
    }
}
