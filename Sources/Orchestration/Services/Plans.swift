// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension Orchestrator {
    /// How often a plan is made again because something that it doesn't show has changed.
    private static let replanLimit = 3

    /// Plans to make a service what a design says, and keeps the plan to be applied.
    public func plan(service: String, design: Design, inputs: [String: Value]) async throws(Problems) -> Plan {
        try await plan(.design(design, inputs: inputs), of: service)
    }

    /// Plans to end a service, and keeps the plan to be applied.
    public func planDeletion(of service: String) async throws(Problems) -> Plan { try await plan(.deletion, of: service) }

    /// Plans what makes a service something, and keeps the plan to be applied.
    ///
    /// - Parameter resolution: where the design's is taken although something was done by hand.
    /// - Throws: every problem that planning has; `service.busy` if a deployment is under way; `service.nothing-to-undo`.
    public func plan(
        _ goal: PlanGoal, of service: String, resolution: Resolution = Resolution()
    ) async throws(Problems) -> Plan {
        let plan = try await planner.plan(goal, of: service, resolution: resolution)
        do { try await shelf.keep(plan, resolution) } catch { throw Problems([error]) }
        return plan
    }

    /// Plans and applies at once, without keeping the plan.
    ///
    /// - Returns: the deployment's name.
    public func deploy(_ goal: PlanGoal, of service: String) async throws(Problems) -> String {
        let plan = try await planner.plan(goal, of: service)
        do { return try await apply(plan) } catch { throw Problems([error]) }
    }

    /// Removes a plan that was kept.
    ///
    /// - Throws: `plan.unknown`.
    public func drop(plan id: String) async throws(Problem) { try await shelf.drop(id) }

    /// Applies a plan as it was shown. If something has changed since, it is made again, a few times, and applied if it
    /// shows the same.
    ///
    /// - Parameter service: the service that it must be a plan of; nil is any.
    /// - Returns: the deployment's name.
    /// - Throws: `plan.unknown` if it isn't kept any more or is another service's, `plan.outdated` if it would show something else by now,
    ///   `service.busy` if a deployment is under way.
    public func apply(plan id: String, of service: String? = nil) async throws(Problem) -> String {
        if let plan = shelf.recent(id) {
            try Self.require(id, of: service, isOf: plan.service)
            do { return try await apply(plan, keptAs: id) } catch { guard error.code == "plan.outdated" else { throw error } }
        }
        let stored = try await shelf.stored(id)
        try Self.require(id, of: service, isOf: stored.service)
        for _ in 0..<Self.replanLimit {
            let plan = try await again(stored)
            do { return try await apply(plan, keptAs: id) } catch { guard error.code == "plan.outdated" else { throw error } }
        }
        throw .outdated(stored.service)
    }

    private static func require(_ plan: String, of service: String?, isOf owner: String) throws(Problem) {
        guard let service, service != owner else { return }
        throw Problem("plan.unknown", "‘\(service)’ has no plan ‘\(plan)’: it is one of ‘\(owner)’")
    }

    /// Makes a plan again.
    ///
    /// - Throws: `plan.outdated` if it isn't what was shown, or can't be made any more.
    private func again(_ stored: StoredPlan) async throws(Problem) -> Plan {
        let plan: Plan
        do {
            plan = try await planner.plan(
                stored.goal, of: stored.service, resolution: stored.resolution, draft: stored.secrets)
        } catch {
            if error.all[0].code == "service.busy" { throw error.all[0] }
            throw .outdated(stored.service, causes: error.all)
        }
        guard plan.shown == stored.shown else { throw .outdated(stored.service) }
        return plan
    }

    private func apply(_ plan: Plan, keptAs id: String) async throws(Problem) -> String {
        defer { shelf.forget(id) }
        return try await apply(plan, removing: StoredPlan.keys(id))
    }
}

extension Problem {
    static func outdated(_ service: String, causes: [Problem] = []) -> Problem {
        Problem(
            "plan.outdated", "‘\(service)’ has changed since the plan was made", causes: causes,
            hint: "plan again; if a deployment is under way, wait for it first")
    }
}
