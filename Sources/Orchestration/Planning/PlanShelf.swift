// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Synchronization

/// Keeps the plans that were shown: in the store, so that they survive the agent, and the newest in memory too, so that
/// these needn't be made again to be applied.
final class PlanShelf: Sendable {
    /// How many are in memory.
    private static let recentLimit = 4

    private let store: any Store
    private let failpoint: Failpoint
    private let now: @Sendable () -> Int64
    private let recent = Mutex<[Plan]>([])

    init(store: any Store, failpoint: Failpoint, now: @escaping @Sendable () -> Int64) {
        self.store = store
        self.failpoint = failpoint
        self.now = now
    }

    func keep(_ plan: Plan, _ resolution: Resolution) async throws(Problem) {
        let time = now()
        let superfluous = try await store.read { snapshot throws(Problem) in
            try StoredPlan.superfluous(in: snapshot, time: time)
        }
        var transaction = Transaction()
        transaction.records = try StoredPlan(plan, resolution).records(time: time)
        transaction.recordDeletions = superfluous.flatMap(StoredPlan.keys)
        failpoint.reach("plan.before-commit")
        try await store.commit(transaction)
        failpoint.reach("plan.after-commit")
        recent.withLock { recent in
            recent.append(plan)
            if recent.count > Self.recentLimit { recent.removeFirst() }
        }
    }

    /// A plan as it was made; nil if it must be made again.
    func recent(_ id: String) -> Plan? { recent.withLock { $0.first { $0.id == id } } }

    /// Lets go of a plan that is in memory.
    func forget(_ id: String) { recent.withLock { $0.removeAll { $0.id == id } } }

    /// A plan as it is kept.
    ///
    /// - Throws: `plan.unknown`.
    func stored(_ id: String) async throws(Problem) -> StoredPlan {
        let plan = try await store.read { snapshot throws(Problem) in try StoredPlan(id, in: snapshot) }
        if let plan { return plan }
        throw Problem(
            "plan.unknown", "there is no plan ‘\(id)’",
            hint: "the last \(StoredPlan.countLimit) plans are kept, for a week, until they are applied; plan again")
    }

    /// Removes a plan.
    ///
    /// - Throws: `plan.unknown`.
    func drop(_ id: String) async throws(Problem) {
        _ = try await stored(id)
        forget(id)
        var transaction = Transaction()
        transaction.recordDeletions = StoredPlan.keys(id)
        failpoint.reach("plan.before-commit")
        try await store.commit(transaction)
        failpoint.reach("plan.after-commit")
    }
}
