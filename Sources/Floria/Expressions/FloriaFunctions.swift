// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// The library `floria`: what every expression can call.
struct FloriaFunctions: FunctionLibrary {
    static let name = "floria"
    /// The preparer of sensitive properties.
    static let secret = FunctionName(plugin: name, name: "secret")
    let answersAtOnce = true

    func dispatch(_ function: String, _ arguments: [Value], _ evaluation: Evaluation) async throws(EvaluationFailure) -> Value {
        switch (function, arguments.count) {
        case ("candidate", 0): return try candidate(evaluation)
        case (Self.secret.name, 0...1): return try secret(evaluation)
        case ("value", 1): return try value(of: nil, arguments[0], evaluation)
        case ("value", 2): return try value(of: arguments[0], arguments[1], evaluation)
        case ("available", 2): return try evaluation.available(of: reference(arguments[0], arguments[1], evaluation))
        default:
            throw evaluation.fail(
                "floria.unknown-function", "there is no function ‘floria:\(function)’ with \(arguments.count) arguments",
                hint: """
                    there are floria:candidate(), floria:secret(), floria:value(PROPERTY), floria:value(ENTITY, PROPERTY) and \
                    floria:available(VERTEX, PROPERTY)
                    """)
        }
    }

    private func candidate(_ evaluation: Evaluation) throws(EvaluationFailure) -> Value {
        if let candidate = evaluation.candidate { return candidate }
        throw evaluation.fail("floria.no-candidate", "only a preparer has a candidate")
    }

    /// Lets the candidate pass if it is a secret. What else it may be is not told.
    private func secret(_ evaluation: Evaluation) throws(EvaluationFailure) -> Value {
        let candidate = try candidate(evaluation)
        guard SecretReference(candidate) == nil else { return candidate }
        throw evaluation.fail(
            "secret.plain-value",
            "‘\(evaluation.site.property ?? "")’ is sensitive: its value must be a secret as a whole, and is a plain \(candidate.kindName)",
            hint: "make a secret, and give a reference to it instead; docs/secrets.md tells how")
    }

    private func value(of entity: Value?, _ property: Value, _ evaluation: Evaluation) throws(EvaluationFailure) -> Value {
        try evaluation.value(of: reference(entity, property, evaluation))
    }

    private func reference(
        _ entity: Value?, _ property: Value, _ evaluation: Evaluation
    ) throws(EvaluationFailure) -> PropertyReference {
        guard case .text(let name) = property else {
            throw evaluation.fail(
                "floria.wrong-argument", "a property's name is a text, not a value of kind \(property.kindName)")
        }
        guard let entity else { return PropertyReference(evaluation.site.entity, name) }
        guard case .text(let text) = entity else {
            throw evaluation.fail(
                "floria.wrong-argument", "an entity is named by a text, not by a value of kind \(entity.kindName)")
        }
        do { return PropertyReference(try ID(documentText: text), name) } catch { throw .failed(error) }
    }
}
