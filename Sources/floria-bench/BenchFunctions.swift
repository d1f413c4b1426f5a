// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Synchronization

/// Small functions, which count how often they are called.
final class BenchFunctions: FunctionLibrary {
    let answersAtOnce = true
    let calls = Atomic(0)

    func dispatch(_ function: String, _ arguments: [Value], _ evaluation: Evaluation) async throws(EvaluationFailure) -> Value {
        calls.add(1, ordering: .relaxed)
        switch function {
        case "add": return .integer(arguments.reduce(0) { $0 + ($1.integer ?? 0) })
        case "less": return .boolean((arguments.first?.integer ?? 0) < (arguments.last?.integer ?? 0))
        case "index": return .integer(evaluation.graph.vertex(evaluation.site.entity)?.index ?? -1)
        case "of-target":
            guard let edge = evaluation.graph.edge(evaluation.site.entity) else {
                throw evaluation.fail("bench.no-edge", "it stands at no edge")
            }
            return try evaluation.value(of: PropertyReference(edge.target, arguments.first?.text ?? ""))
        default: throw evaluation.fail("bench.unknown", "there is no function ‘\(function)’")
        }
    }
}

extension Value {
    /// A call of one of the functions.
    static func bench(_ name: String, _ arguments: Value...) -> Value {
        .call(Call(FunctionName(plugin: "bench", name: name), arguments))
    }

    /// The value of a property of the same entity.
    static func own(_ name: String) -> Value { .call(Call(FunctionName(plugin: "floria", name: "value"), [.text(name)])) }

    /// The value of a property of another entity.
    static func value(_ id: ID, _ name: String) -> Value {
        .call(Call(FunctionName(plugin: "floria", name: "value"), [.text(id.documentText), .text(name)]))
    }
}
