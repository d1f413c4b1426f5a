// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// What a service is to become.
public enum PlanGoal: Sendable, Hashable {
    /// What a design makes with these inputs.
    case design(Design, inputs: [String: Value])
    /// Nothing: it is to end.
    case deletion
    /// What it was before its last deployment.
    case undo

    /// What it is called where plans are listed: `deploy`, `delete` or `undo`.
    var name: String {
        switch self {
        case .design: "deploy"
        case .deletion: "delete"
        case .undo: "undo"
        }
    }

    var document: Value {
        switch self {
        case .design(let design, let inputs): ["design": design.document, "inputs": .object(inputs)]
        case .deletion: "delete"
        case .undo: "undo"
        }
    }

    init(document: Value) throws(Problem) {
        switch document {
        case "delete": self = .deletion
        case "undo": self = .undo
        default:
            guard let design = document["design"], let map = document["inputs"]?.map else {
                throw Problem("ledger.malformed", "a stored plan cannot be read", hint: "plan again")
            }
            var inputs: [String: Value] = [:]
            for (key, value) in map { if let name = key.text { inputs[name] = value } }
            self = .design(try Design(document: design), inputs: inputs)
        }
    }
}
