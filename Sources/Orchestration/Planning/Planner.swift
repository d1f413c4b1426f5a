// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import FloriaSecrets
public import Support

/// Makes plans: what a design, or its end, would change.
public struct Planner: Sendable {
    let store: any Store
    let secrets: Secrets
    let functions: Functions
    let instantiator: Instantiator
    let update: GraphUpdate
    let host: @Sendable () -> String
    let uniqueTime: UniqueTime
    let now: @Sendable () -> Int64

    /// Makes a planner that places everything on the host that `host` names.
    public init(
        store: any Store, secrets: Secrets, functions: Functions, host: @escaping @Sendable () -> String,
        uniqueTime: UniqueTime,
        now: @escaping @Sendable () -> Int64
    ) {
        self.store = store
        self.secrets = secrets
        self.functions = functions
        self.instantiator = Instantiator(functions: functions, now: now)
        self.update = GraphUpdate(functions: functions, now: now)
        self.host = host
        self.uniqueTime = uniqueTime
        self.now = now
    }

    /// What is known of a service before a change.
    struct Situation: Sendable {
        var record: ServiceRecord?
        var present: Graph
        var made: Graph
        var progress: [ID: String]
        var plugins: [String: Plugin]
    }

    /// Plans what makes a service something.
    ///
    /// - Parameters:
    ///   - resolution: where the design's is taken although something was done by hand.
    ///   - draft: secrets that the goal refers to, and that are not stored yet.
    /// - Throws: every problem that instantiating a design has; `service.malformed-name`; `service.unknown` if there is nothing to end or undo,
    ///   `service.nothing-to-undo`, `service.busy` if a deployment is under way, `plan.cyclic-dependency`.
    func plan(
        _ goal: PlanGoal, of service: String, resolution: Resolution = Resolution(), draft: SecretDraft = SecretDraft()
    ) async throws(Problems) -> Plan {
        let situation = try await situation(of: service)
        switch goal {
        case .design(let design, let inputs):
            do { try Self.require(name: service) } catch { throw Problems([error]) }
            var sealing = Sealing(secrets, functions, service: service, draft: draft)
            let (design, inputs) = try await sealing.seal(design, inputs)
            let made = try await instantiator.instantiate(
                design, name: service, inputs: inputs, onto: situation.present, in: store)
            var (wanted, outside) = (made.graph, made.outside)
            place(&wanted, present: situation.present)
            let changes = ChangeSet(
                comparing: situation.made, wanted: wanted, present: situation.present, resolution: resolution)
            let settled = try await update.settle(
                changes, wanted: wanted, present: situation.present, service: service, among: &outside)
            let baseline = Baseline(from: situation.made, to: wanted)
            let sealed = PlanGoal.design(design, inputs: inputs)
            var plan = try await plan(
                service, sealed, settled, baseline, situation, outside, classes: design.classes)
            plan.secrets = sealing.draft
            return plan
        case .deletion:
            guard situation.record != nil else { throw Problems([.unknownService(service)]) }
            let changes = ChangeSet(comparing: situation.present, wanted: Graph(), present: situation.present)
            let outside = Outside(of: service, in: store)
            return try await plan(service, goal, changes, Baseline(from: situation.made, to: Graph()), situation, outside)
        case .undo:
            let record = try await undoRecord(of: service, situation)
            let changes = record.inverse(onto: situation.present, made: situation.made, resolution: resolution)
            var outside: Outside? = Outside(of: service, in: store)
            // Whatever reads what changes, or reads of others, is computed anew.
            let settled = try await update.settle(
                changes, wanted: situation.present, present: situation.present, service: service, among: &outside,
                renewsOutside: true)
            let baseline = Baseline(puts: record.baseline, deletions: record.baselineMade)
            return try await plan(service, goal, settled, baseline, situation, outside)
        }
    }

    /// The name of a service is that of a vertex in no directory.
    private static func require(name: String) throws(Problem) {
        let isPlain: Bool
        do throws(Problem) { isPlain = try ID(.vertex, parsing: name).directory == .root } catch {
            throw Problem("service.malformed-name", "‘\(name)’ can't be the name of a service", causes: [error])
        }
        guard isPlain else {
            throw Problem(
                "service.malformed-name", "‘\(name)’ can't be the name of a service", hint: "write one without ‘/’")
        }
    }

    private func undoRecord(of service: String, _ situation: Situation) async throws(Problems) -> UndoRecord {
        guard situation.record != nil else { throw Problems([.unknownService(service)]) }
        let record: UndoRecord?
        do {
            record = try await store.read { snapshot throws(Problem) in
                try UndoRecord(of: service, in: snapshot)
            }
        } catch { throw Problems([error]) }
        if let record { return record }
        throw Problems([
            Problem(
                "service.nothing-to-undo",
                "what ‘\(service)’ was before isn't known: it was deployed once, or changed too much at once",
                hint: "‘khutulun service delete \(service)’ removes it")
        ])
    }

    private func plan(
        _ service: String, _ goal: PlanGoal, _ own: ChangeSet, _ baseline: Baseline, _ situation: Situation,
        _ outside: Outside?, classes: [Class] = []
    ) async throws(Problems) -> Plan {
        let (changes, others) = try await reach(
            own, of: service, onto: situation.present, isDeletion: goal == .deletion, outside)
        let result = situation.present.applying(changes)
        let categories = Dictionary(
            uniqueKeysWithValues: changes.changes.filter(\.isEffective).map { change -> (ID, ChangeSet.Category) in
                (change.id, change.before == nil ? .novel : change.after == nil ? .obsolete : .modified)
            })
        let steps = try OperationPlanner(
            present: situation.present, wanted: result, categories: categories, progress: situation.progress
        ).steps()
        let deployment = uniqueTime.next()
        var plan = Plan(
            id: deployment, service: service,
            serviceVersion: situation.record?.version ?? 0, isDeletion: goal == .deletion, changes: changes,
            baseline: baseline, classes: classes,
            operations: records(steps, service, deployment, situation.present, result),
            grants: grants(steps, situation, result), goal: goal, others: others)
        if situation.record != nil && goal != .deletion {
            plan.expectations = changes.sources(in: situation.present, of: service)
            plan.undo = UndoRecord(deployment: deployment, changes, baseline, made: situation.made)
        }
        return plan
    }

    private func records(
        _ steps: [OperationPlanner.Step], _ service: String, _ deployment: String, _ present: Graph, _ result: Graph
    ) -> [OperationRecord] {
        let width = String(steps.count).count
        func id(_ position: Int) -> String {
            let number = String(position + 1)
            return "\(deployment)-" + String(repeating: "0", count: width - number.count) + number
        }
        let time = now()
        return steps.enumerated().map { position, step in
            let node = result.vertex(step.subject) ?? present.vertex(step.subject)
            var record = OperationRecord(
                id: id(position), service: service, deployment: deployment, subject: step.subject,
                operation: step.operation, host: node?.properties["host"]?.value?.text ?? host(),
                waitsFor: step.waitsFor.sorted().map(id), planned: time)
            let graph = result.vertex(step.subject) == nil && result.edge(step.subject) == nil ? present : result
            if let limit = graph.timeLimit(of: step.operation, for: step.subject) { record.timeLimit = limit }
            return record
        }
    }

    /// Gives every node its host: the one that it has, or the one that there is.
    private func place(_ wanted: inout Graph, present: Graph) {
        for vertex in wanted.vertexes.values where vertex.kind == "node" {
            var vertex = vertex
            let host = present.vertex(vertex.header.id)?.properties["host"]?.value ?? .text(host())
            vertex.properties["host"] = Property(
                value: host, metadata: ValueMap([("kind", "attribute")]), provenance: vertex.header.provenance)
            wanted.insert(vertex)
        }
    }

    private func grants(_ steps: [OperationPlanner.Step], _ situation: Situation, _ result: Graph) -> [String: Value] {
        var grants: [String: Value] = [:]
        for step in steps {
            let graph = result.vertex(step.subject) == nil ? situation.present : result
            for handler in graph.handlers(of: step.subject) {
                let plugin = handler.call.function.plugin
                if let name = DesignComponent.name(handler.call) {
                    grants[name] = DesignComponent.grants
                } else if plugin != "khutulun" {
                    grants[plugin] = situation.plugins[plugin]?.grants ?? .null
                }
            }
        }
        return grants
    }

    private func situation(of service: String) async throws(Problems) -> Situation {
        do throws(Problem) {
            let situation = try await store.read { snapshot throws(Problem) in
                try Situation(service: service, snapshot: snapshot)
            }
            if situation.record?.isBusy == true { throw Problem.busy(service) }
            return situation
        } catch { throw Problems([error]) }
    }
}

extension Planner.Situation {
    init(service: String, snapshot: any Snapshot) throws(Problem) {
        record = try snapshot.record(ServiceRecord.collection, service).map { record throws(Problem) in
            try ServiceRecord(record: record)
        }
        present = try Graph(service: service, in: snapshot)
        made = try Graph(baselineOf: service, in: snapshot)
        progress = [:]
        for record in try snapshot.records("progress", prefix: "\(service)/", after: nil, limit: .max) {
            progress[try ID(.vertex, parsing: record.name.key)] = record.value.text
        }
        plugins = [:]
        for entity in try snapshot.entities(.directory(.plugin, Directory(["plugins"]), isDeep: false)) {
            if case .plugin(let plugin) = entity { plugins[plugin.header.id.name] = plugin }
        }
    }
}

extension Graph {
    /// What happens at a node or an edge: the handlers of its own and those of its interfaces.
    func handlers(of id: ID) -> [Handler] {
        if let edge = edge(id) { return edge.handlers }
        let interfaces = contained(in: id).filter { $0.kind == "interface" }
        return (vertex(id)?.handlers ?? []) + interfaces.flatMap(\.handlers)
    }
}

extension Problem {
    static func unknownService(_ name: String) -> Problem {
        Problem("service.unknown", "there is no service ‘\(name)’", hint: "‘khutulun service list’ shows those that are there")
    }

    static func busy(_ name: String) -> Problem {
        Problem(
            "service.busy", "a deployment of ‘\(name)’ is under way",
            hint: "wait for it with ‘khutulun service wait \(name)’, or take it back with ‘khutulun service cancel \(name)’")
    }
}
