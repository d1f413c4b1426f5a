// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
import FloriaSecrets
public import Support

/// A plan that was shown, as it is kept: what was asked for, and what was shown. From that it is made again, and applied if
/// it shows the same still.
struct StoredPlan: Sendable {
    /// The collection of records that list the plans: small, so that listing them is cheap.
    static let collection = "plans"
    /// The collection of records that hold them.
    static let contents = "plan-contents"
    /// How many are kept.
    static let countLimit = 100
    /// How long one is kept, in milliseconds.
    static let ageLimit: Int64 = 7 * 24 * 3_600_000

    var id: String
    var service: String
    var goal: PlanGoal
    var resolution: Resolution
    /// The secrets that the goal refers to and that are made when it is reached, encrypted.
    var secrets: SecretDraft
    /// ``Plan/shown`` of what was shown.
    var shown: Value

    init(_ plan: Plan, _ resolution: Resolution) {
        id = plan.id
        service = plan.service
        goal = plan.goal
        self.resolution = resolution
        secrets = plan.secrets
        shown = plan.shown
    }

    /// The records of it.
    ///
    /// - Throws: `plan.too-large`.
    func records(time: Int64) throws(Problem) -> [Record] {
        let changes = (shown["changes"]?.list ?? []).count
        let operations = (shown["operations"]?.list ?? []).count
        let summary: Value = [
            "id": .text(id), "service": .text(service), "goal": .text(goal.name), "time": .integer(time),
            "changes": .integer(changes), "operations": .integer(operations),
        ]
        let content: Value = [
            "service": .text(service), "goal": goal.document, "take": resolution.document, "shown": shown,
            "secrets": secrets.document,
        ]
        guard let records = PackedDocument.records(Self.contents, id, content) else {
            throw Problem("plan.too-large", "the plan for ‘\(service)’ is too large to be kept", hint: "change less at once")
        }
        return [Record(Self.collection, id, summary)] + records
    }

    /// The names of the records of a plan.
    static func keys(_ id: String) -> [RecordKey] {
        [RecordKey(collection, id)] + PackedDocument.keys(contents, id)
    }

    /// Reads a plan; nil if there is none.
    ///
    /// - Throws: `ledger.malformed`.
    init?(_ id: String, in snapshot: any Snapshot) throws(Problem) {
        guard let value = try PackedDocument.read(Self.contents, id, in: snapshot) else { return nil }
        guard let service = value["service"]?.text, let goal = value["goal"], let take = value["take"],
            let shown = value["shown"], let secrets = value["secrets"]
        else { throw Problem("ledger.malformed", "the plan ‘\(id)’ cannot be read", hint: "plan again") }
        self.id = id
        self.service = service
        self.goal = try PlanGoal(document: goal)
        resolution = try Resolution(document: take)
        self.secrets = try SecretDraft(document: secrets)
        self.shown = shown
    }

    /// The plans that are too old, or too many once one more is kept.
    static func superfluous(in snapshot: any Snapshot, time: Int64) throws(Problem) -> [String] {
        let plans = try snapshot.records(collection, prefix: "", after: nil, limit: .max)
        let recent = plans.filter { Int64($0.value["time"]?.integer ?? 0) > time - ageLimit }
        let kept = Set(recent.suffix(countLimit - 1).map(\.name.key))
        return plans.map(\.name.key).filter { !kept.contains($0) }
    }
}

extension Plan {
    /// The document of a plan that is kept, as it was shown; nil if there is none.
    ///
    /// - Throws: `ledger.malformed`.
    public static func shown(_ id: String, in snapshot: any Snapshot) throws(Problem) -> Value? {
        guard var shown = try StoredPlan(id, in: snapshot)?.shown else { return nil }
        shown["id"] = .text(id)
        return shown
    }
}
