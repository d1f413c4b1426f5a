// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// A call of a function that the design defines, which the service's vertex keeps.
struct CustomCall {
    private let name: String
    private let variants: [Value]
    private let types: [String: Schema]
    private let evaluation: Evaluation

    init(_ key: String, of service: Vertex?, _ evaluation: Evaluation) throws(EvaluationFailure) {
        guard let known = service?.header.metadata["functions"], let definition = known["definitions"]?[key] else {
            throw evaluation.fail("tosca.unknown-function", "the service has no function ‘$\(key)’")
        }
        name = definition["name"]?.text ?? key
        variants = definition["signatures"]?.list ?? []
        types = Schema.table(known["types"])
        self.evaluation = evaluation
    }

    /// The result of the first signature that takes the arguments.
    func result(_ arguments: [Value]) async throws(EvaluationFailure) -> Value {
        for variant in variants {
            guard let taken = try await taken(arguments, variant) else { continue }
            return try await result(of: variant, taken)
        }
        throw evaluation.fail(
            "tosca.wrong-arguments", "no signature of ‘$\(name)’ takes \(Describe.value(.list(arguments)))")
    }

    /// The arguments as a signature wants them; nil if it does not take them.
    private func taken(_ arguments: [Value], _ variant: Value) async throws(EvaluationFailure) -> [Value]? {
        let schemas = (variant["arguments"]?.list ?? []).compactMap(Schema.init(document:))
        let isVariadic = variant["variadic"]?.boolean ?? false
        guard arguments.count >= schemas.count - (variant["optional"]?.integer ?? 0),
            arguments.count <= schemas.count || isVariadic
        else { return nil }
        var taken: [Value] = []
        for (index, argument) in arguments.enumerated() {
            let schema = schemas.indices.contains(index) ? schemas[index] : schemas.last ?? .any
            guard let value = try await fitted(argument, schema) else { return nil }
            taken.append(value)
        }
        return taken
    }

    /// A value as a schema wants it; nil if it does not fit.
    private func fitted(_ value: Value, _ schema: Schema) async throws(EvaluationFailure) -> Value? {
        var preparation = Preparation(types: types)
        let result = preparation.prepare(value, schema)
        guard preparation.faults.isEmpty else { return nil }
        for clause in preparation.clauses where try await evaluation.evaluate(clause.expression) != true { return nil }
        return result
    }

    private func result(of variant: Value, _ arguments: [Value]) async throws(EvaluationFailure) -> Value {
        guard let expression = variant["expression"] else {
            throw evaluation.fail(
                "tosca.no-implementation", "‘$\(name)’ has no implementation that can be run here",
                hint: "implement it by an expression or by a function of a plugin")
        }
        let result = try await evaluation.evaluate(Self.applied(expression, to: arguments))
        guard let schema = variant["result"].flatMap(Schema.init(document:)) else { return result }
        if let fitting = try await fitted(result, schema) { return fitting }
        throw evaluation.fail(
            "tosca.wrong-type", "‘$\(name)’ gave \(Describe.value(result)), which is no \(schema.name)")
    }

    /// The implementation with the arguments in their places: those of `$argument`, or of a plugin's function.
    static func applied(_ expression: Value, to arguments: [Value]) -> Value {
        guard case .call(var call) = expression, call.function.plugin != TOSCAFunctions.name else {
            return placed(expression, arguments)
        }
        call.arguments += arguments
        return .call(call)
    }

    private static func placed(_ expression: Value, _ arguments: [Value]) -> Value {
        switch expression {
        case .list(let items): return .list(items.map { placed($0, arguments) })
        case .map(let map): return .map(ValueMap(map.map { (placed($0.key, arguments), placed($0.value, arguments)) }))
        case .call(var call):
            if call.function == FunctionName(plugin: TOSCAFunctions.name, name: "arguments") { return .list(arguments) }
            call.arguments = call.arguments.map { placed($0, arguments) }
            guard call.function == FunctionName(plugin: TOSCAFunctions.name, name: "argument") else { return .call(call) }
            // One that was left out has no value, as what depends on it has not.
            guard let index = call.arguments.first?.integer, arguments.indices.contains(index) else { return .call(call) }
            return arguments[index]
        default: return expression
        }
    }
}

extension Schema {
    /// Schemas by name, of their documents.
    static func table(_ documents: Value?) -> [String: Schema] {
        var types: [String: Schema] = [:]
        for (name, document) in documents?.map ?? ValueMap() {
            if let name = name.text { types[name] = Schema(document: document) }
        }
        return types
    }
}
