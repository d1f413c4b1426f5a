// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import FloriaSecrets
public import Support
import Synchronization

/// Brings services into being, changes and ends them, and runs single operations.
///
/// Deployments go on by themselves once they are in the ledger; ``run()`` must be running for that.
public final class Orchestrator: Sendable {
    private struct State {
        var queues: [String: OutcomeQueue] = [:]
    }

    private enum Job: Sendable {
        case deployment(Deployment, started: [OperationRecord], OutcomeQueue)
        /// A call that an earlier agent began. Its turn has begun.
        case call(OperationRecord)
    }

    let store: any Store
    let runner: any OperationRunner
    let effects: OutcomeEffects
    let failpoint: Failpoint
    let now: @Sendable () -> Int64
    let uniqueTime: UniqueTime
    /// Calls of one key are one call: they take turns, by the key of its row.
    let turns = Turns()
    let gates = NodeGates()
    let planner: Planner
    let shelf: PlanShelf
    private let state = Mutex(State())
    private let jobs: AsyncStream<Job>
    private let submit: AsyncStream<Job>.Continuation

    /// Makes an orchestrator.
    public init(
        store: any Store, secrets: Secrets, functions: Functions, runner: any OperationRunner,
        host: @escaping @Sendable () -> String, failpoint: Failpoint, now: @escaping @Sendable () -> Int64
    ) {
        self.store = store
        self.runner = runner
        self.failpoint = failpoint
        self.now = now
        uniqueTime = UniqueTime(now: now)
        planner = Planner(
            store: store, secrets: secrets, functions: functions, host: host, uniqueTime: uniqueTime, now: now)
        shelf = PlanShelf(store: store, failpoint: failpoint, now: now)
        effects = OutcomeEffects(
            store: store, update: GraphUpdate(functions: functions, now: now),
            sealing: OutputSealing(store: store, secrets: secrets, functions: functions, now: now), now: now)
        (jobs, submit) = AsyncStream.makeStream()
    }

    /// Takes over what an earlier agent left unfinished. Called once, before anything else is asked for.
    public func recover() async throws(Problem) {
        for job in try await unfinishedJobs() { submit.yield(job) }
        for row in try await unfinishedCalls() {
            _ = await turns.begin(row.key)
            submit.yield(.call(row))
        }
    }

    /// Carries out deployments, and the calls that were taken over, until the task is cancelled.
    ///
    /// - Parameter report: told of problems that nobody else is told of.
    public func run(report: @escaping @Sendable (Problem) -> Void) async {
        await withDiscardingTaskGroup { group in
            for await job in jobs {
                // On this thread as long as it needn't wait: handing it on would take longer.
                group.addImmediateTask {
                    do throws(Problem) { try await self.carryOut(job) } catch { report(error) }
                }
            }
        }
    }

    private func carryOut(_ job: Job) async throws(Problem) {
        switch job {
        case .deployment(let deployment, let started, let queue):
            defer { state.withLock { _ = $0.queues.removeValue(forKey: deployment.service.name) } }
            let conductor = Conductor(store: store, runner: runner, effects: effects, gates: gates, failpoint: failpoint)
            try await conductor.conduct(deployment, started: started, queue: queue)
        case .call(let row):
            defer { turns.end(row.key) }
            try await takeUp(row)
        }
    }

    // MARK: Deployments

    /// Begins to carry out a plan.
    ///
    /// - Parameter records: What is removed together with that.
    /// - Throws: `plan.outdated` if something that it is made of has changed.
    func apply(_ plan: Plan, removing records: [RecordKey] = []) async throws(Problem) -> String {
        let name = plan.id
        var service = ServiceRecord(
            name: plan.service, state: plan.isDeletion ? .deleting : .deploying, deployment: name, updated: now())
        service.version = plan.serviceVersion
        let (classes, token) = try await store.read { snapshot throws(Problem) in
            (try self.absent(plan.classes, in: snapshot), try ServiceRecord.nextToken(of: plan.service, in: snapshot))
        }
        service.token = token
        let split = plan.changes.splitDeletions(isDeletion: plan.isDeletion)
        let record = DeploymentRecord(
            service: plan.service, isDeletion: plan.isDeletion, obsolete: split.later, hosts: plan.hostsLeft)
        var deployment = Deployment(service: service, record: record, rows: plan.operations, now: now)
        let started = deployment.startReady()
        var transaction = plan.changes.transaction(provenance: Provenance(.design, plan.service, time: now()))
        transaction.deletions = split.now
        for id in split.later { transaction.expectations[id] = nil }
        transaction.puts += classes.map(Entity.class)
        transaction.records += deployment.rows.values.map(\.record)
        transaction.records += [record.record, service.record]
        transaction.recordDeletions = records
        transaction.expectations.merge(plan.expectations) { expected, _ in expected }
        plan.others.add(to: &transaction)
        plan.undo?.put(of: plan.service, to: &transaction)
        if !plan.isDeletion {
            transaction.baseline = plan.baseline.puts
            transaction.baselineDeletions = plan.baseline.deletions
        }
        transaction.recordExpectations[service.key] = plan.serviceVersion
        plan.secrets.add(to: &transaction)
        try await begin(deployment, started, transaction, conflict: .outdated(plan.service))
        return name
    }

    /// The classes of a design that the graph doesn't know yet.
    private func absent(_ classes: [Class], in snapshot: any Snapshot) throws(Problem) -> [Class] {
        var absent: [Class] = []
        for item in classes where try snapshot.entity(item.header.id) == nil { absent.append(item) }
        return absent
    }

    /// Commits the beginning of a deployment and hands it on to be carried out.
    func begin(
        _ deployment: Deployment, _ started: [OperationRecord], _ transaction: Transaction, conflict: Problem
    ) async throws(Problem) {
        var deployment = deployment
        _ = deployment.takeChanged()
        failpoint.reach("deployment.before-commit")
        do throws(Problem) {
            deployment.began(at: try await store.commit(transaction).position)
        } catch {
            throw error.code == "store.conflict" ? conflict : error
        }
        failpoint.reach("deployment.after-commit")
        submit.yield(job(deployment, started))
    }

    private func job(_ deployment: Deployment, _ started: [OperationRecord]) -> Job {
        let queue = OutcomeQueue()
        state.withLock { $0.queues[deployment.service.name] = queue }
        return .deployment(deployment, started: started, queue)
    }

    /// Cancels the deployment that is under way: what was begun is interrupted, the rest is left.
    ///
    /// - Throws: `service.unknown`, or `service.idle` if none is under way.
    public func cancel(service: String) async throws(Problem) {
        if let queue = state.withLock({ $0.queues[service] }) { return queue.cancel() }
        let record = try await store.read { snapshot throws(Problem) in
            try snapshot.record(ServiceRecord.collection, service)
        }
        guard record != nil else { throw .unknownService(service) }
        throw Problem("service.idle", "no deployment of ‘\(service)’ is under way")
    }

    private func unfinishedJobs() async throws(Problem) -> [Job] {
        let deployments = try await store.read { [now] snapshot throws(Problem) in
            var deployments: [(Deployment, token: UInt64)] = []
            for record in try snapshot.records(ServiceRecord.collection, prefix: "", after: nil, limit: .max) {
                let service = try ServiceRecord(record: record)
                guard service.isBusy else { continue }
                let token = try ServiceRecord.nextToken(of: service.name, in: snapshot)
                deployments.append((try Deployment(service: service, in: snapshot, now: now), token))
            }
            return deployments
        }
        var jobs: [Job] = []
        for (var deployment, token) in deployments {
            let started = deployment.takeOver(token: token)
            let version = deployment.service.version
            var transaction = Transaction()
            transaction.records = deployment.takeChanged().map(\.record) + [deployment.service.record]
            transaction.recordExpectations[deployment.service.key] = version
            failpoint.reach("takeover.before-commit")
            deployment.began(at: try await store.commit(transaction).position)
            jobs.append(job(deployment, started))
        }
        return jobs
    }
}
