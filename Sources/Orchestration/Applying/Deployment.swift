// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// The state of one deployment in memory: the ledger's rows, and what the next commit is to write.
///
/// It decides, and does nothing: ``Conductor`` carries out what it says.
struct Deployment: Sendable {
    private(set) var service: ServiceRecord
    private(set) var rows: [String: OperationRecord]
    private let order: [String]
    private let now: @Sendable () -> Int64
    private var changed: Set<String> = []
    private(set) var isCancelled = false
    private var isFinished = false
    private let record: DeploymentRecord
    /// What keeps it from being complete although every operation is done.
    private var obstacle: Problem?

    init(
        service: ServiceRecord, record: DeploymentRecord, rows: [OperationRecord], now: @escaping @Sendable () -> Int64
    ) {
        self.service = service
        self.record = record
        self.now = now
        self.rows = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
        self.order = rows.map(\.id).sorted()
    }

    /// Marks every operation that nothing holds back as started, and gives them.
    mutating func startReady() -> [OperationRecord] {
        guard !isCancelled else { return [] }
        var started: [OperationRecord] = []
        for id in order {
            guard let row = rows[id], row.state == .planned, row.waitsFor.allSatisfy(isDone) else { continue }
            started.append(start(row))
        }
        return started
    }

    /// Marks the operations that an earlier conductor started, and that have no outcome, as started again.
    mutating func restartUnfinished() -> [OperationRecord] {
        order.compactMap { rows[$0] }.filter { $0.state == .started }.map { start($0) }
    }

    private mutating func start(_ row: OperationRecord) -> OperationRecord {
        var row = row
        row.state = .started
        row.started = now()
        row.attempt += 1
        row.token = service.token
        put(row)
        return row
    }

    private func isDone(_ id: String) -> Bool { rows[id].map { $0.state == .done } ?? true }

    /// Notes how an operation ended.
    mutating func note(_ outcome: Outcome) {
        guard var row = rows[outcome.operation], row.state == .started else { return }
        row.ended = now()
        switch outcome.result {
        case .success(let outputs):
            row.state = .done
            row.outputs = outputs
            row.problem = nil
        case .failure(let problem):
            row.state = isCancelled ? .cancelled : .failed
            row.problem = problem
        }
        put(row)
    }

    /// Takes back everything that has not been started.
    mutating func cancel() {
        isCancelled = true
        for id in order {
            guard var row = rows[id], row.state == .planned else { continue }
            row.state = .cancelled
            row.ended = now()
            put(row)
        }
    }

    /// What the hosts keep of vertexes that are no more once every operation is done.
    var leftovers: (vertexes: [ID], hosts: [String]) {
        isComplete ? (record.obsolete.filter { $0.kind == .vertex }, record.hosts) : ([], [])
    }

    /// Notes what keeps the deployment from being complete.
    mutating func note(obstacle: Problem) { self.obstacle = obstacle }

    /// Ends the deployment: gives the service its state.
    mutating func finish() {
        let problems = order.compactMap { rows[$0] }.filter { $0.state == .failed }.compactMap(\.problem)
        service.problems = problems + (obstacle.map { [$0] } ?? [])
        service.state = isCancelled ? .cancelled : isComplete ? .running : .failed
        service.updated = now()
        isFinished = true
    }

    /// What the deployment had to remember, once it is finished.
    var finishedRecord: DeploymentRecord? { isFinished ? record : nil }

    /// Takes the service, for a new conductor.
    mutating func claim(token: UInt64) {
        service.token = token
        service.state = record.isDeletion ? .deleting : .deploying
        service.problems = []
        service.updated = now()
    }

    /// Plans operations that ended badly again.
    mutating func planAgain(where isChosen: (OperationRecord) -> Bool) {
        for row in rows.values where row.state.isFinal && row.state != .done && isChosen(row) {
            var row = row
            row.state = .planned
            row.problem = nil
            row.ended = nil
            put(row)
        }
    }

    /// Notes the version that the service's record got when the deployment began.
    mutating func began(at position: UInt64) { service.version = position }

    /// Notes that everything was written.
    mutating func committed(at position: UInt64) {
        if isFinished { service.version = position }
    }

    /// Whether every operation is done, and nothing else is in the way.
    var isComplete: Bool { obstacle == nil && rows.values.allSatisfy { $0.state == .done } }

    /// Whether an operation is at its host.
    var isUnderWay: Bool { rows.values.contains { $0.state == .started } }

    /// The rows that were changed since the last call.
    mutating func takeChanged() -> [OperationRecord] {
        defer { changed = [] }
        return changed.sorted().compactMap { rows[$0] }
    }

    private mutating func put(_ row: OperationRecord) {
        rows[row.id] = row
        changed.insert(row.id)
    }
}
