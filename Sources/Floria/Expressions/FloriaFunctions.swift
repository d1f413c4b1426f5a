// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// The library `floria`: what every expression can call.
struct FloriaFunctions: FunctionLibrary {
    static let name = "floria"
    let answersAtOnce = true

    func dispatch(_ function: String, _ arguments: [Value], _ evaluation: Evaluation) async throws(EvaluationFailure) -> Value {
        switch (function, arguments.count) {
        case ("candidate", 0):
            guard let candidate = evaluation.candidate else {
                throw evaluation.fail("floria.no-candidate", "only a preparer has a candidate")
            }
            return candidate
        case ("value", 1): return try value(of: nil, arguments[0], evaluation)
        case ("value", 2): return try value(of: arguments[0], arguments[1], evaluation)
        default:
            throw evaluation.fail(
                "floria.unknown-function", "there is no function ‘floria:\(function)’ with \(arguments.count) arguments",
                hint: "there are floria:candidate(), floria:value(PROPERTY) and floria:value(ENTITY, PROPERTY)")
        }
    }

    private func value(of entity: Value?, _ property: Value, _ evaluation: Evaluation) throws(EvaluationFailure) -> Value {
        guard case .text(let name) = property else {
            throw evaluation.fail(
                "floria.wrong-argument", "a property's name is a text, not a value of kind \(property.kindName)")
        }
        guard let entity else { return try evaluation.value(of: PropertyReference(evaluation.site.entity, name)) }
        guard case .text(let text) = entity else {
            throw evaluation.fail(
                "floria.wrong-argument", "an entity is named by a text, not by a value of kind \(entity.kindName)")
        }
        let id: ID
        do { id = try ID(documentText: text) } catch { throw .failed(error) }
        return try evaluation.value(of: PropertyReference(id, name))
    }
}
