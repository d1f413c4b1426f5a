// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import FloriaSecrets
public import Support

/// What would happen to a service: shown first, then applied as it was shown.
public struct Plan: Sendable {
    /// Names the plan.
    public var id: String
    /// The service.
    public var service: String
    /// The version that the service's record had; 0 if there was none. The plan holds as long as it does.
    public var serviceVersion: UInt64
    /// Whether the service is to end.
    public var isDeletion: Bool
    /// What happens to the graph.
    public var changes: ChangeSet
    /// What is to be kept, so that the next plan can compare with what the design made.
    public var baseline: Baseline
    /// The classes of the design.
    public var classes: [Class]
    /// The operations, in the order in which they can begin.
    public var operations: [OperationRecord]
    /// The versions of what the values of the change were computed from.
    var expectations: [ID: UInt64] = [:]
    /// What takes it back; nil if it is the service's first deployment or changes nothing.
    var undo: UndoRecord?
    /// The plugins that take part, with their grants.
    public var grants: [String: Value]
    /// What the service is to become, with references in the place of the contents of secrets.
    var goal: PlanGoal
    /// What it has to do with other services.
    var others = OtherServices()
    /// The secrets that are made when the plan is applied, encrypted.
    public var secrets = SecretDraft()

    /// The values that are known only when the plan is applied: property and reason.
    public var atApply: [(property: PropertyReference, reason: String)] {
        changes.changes.filter(\.isEffective).flatMap { change in
            (change.after?.properties ?? [:]).sorted { $0.key < $1.key }.compactMap { name, property in
                guard case .pending(let problem) = property.status else { return nil }
                return (PropertyReference(change.id, name), problem.message)
            }
        }
    }

    /// The plan as the API shows it.
    public var document: Value {
        [
            "id": .text(id), "service": .text(service), "delete": .boolean(isDeletion),
            "changes": ChangeDiff(changes).document, "unchanged": .integer(changes.unchangedCount),
            "operations": .list(operationDocuments),
            "grants": .list(grants.sorted { $0.key < $1.key }.map { ["plugin": .text($0.key), "grants": $0.value] }),
            "atApply": .list(
                atApply.map {
                    [
                        "entity": .text($0.property.entity.description), "property": .text($0.property.name),
                        "reason": .text($0.reason),
                    ]
                }),
            "destroys": .list(destroyed.map(Value.text)),
            "elsewhere": .list(others.renewed.map { .text($0.description) }),
        ]
    }

    /// What a person is shown of it. As long as that is the same, the plan may be made again.
    var shown: Value {
        var shown = document
        shown["id"] = nil
        return shown
    }

    private var destroyed: [String] {
        operations.filter { $0.operation.operationName == "delete" }.map(\.subject.description)
    }

    private var operationDocuments: [Value] {
        let positions = Dictionary(uniqueKeysWithValues: operations.enumerated().map { ($0.element.id, $0.offset) })
        return operations.map { operation in
            [
                "node": .text(operation.subject.description), "operation": .text(operation.operation),
                "host": .text(operation.host),
                "after": .list(operation.waitsFor.compactMap { positions[$0] }.sorted().map { Value.integer($0) }),
            ]
        }
    }
}
