// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension TypeSystem {
    private static let comparisons: Set<String> = [
        "equal", "greater_than", "greater_or_equal", "less_than", "less_or_equal", "valid_values",
    ]

    /// A validation clause, in which literals are of the type of the value that they are compared with.
    func validationClause(_ node: YAMLNode, _ schema: Schema) -> Value {
        let clause = reader.read(node, .validation)
        guard case .call = clause else {
            diagnostics.report(
                "tosca.malformed-validation", "a validation is a call of a function that gives true or false", at: node.location
            )
            return true
        }
        return typed(clause, schema, at: node.location)
    }

    private func typed(_ expression: Value, _ schema: Schema, at location: SourceLocation) -> Value {
        guard case .call(var call) = expression, call.function.plugin == TOSCAFunctions.name else { return expression }
        call.arguments = call.arguments.map { typed($0, schema, at: location) }
        if Self.comparisons.contains(call.function.name),
            let path = call.arguments.lazy.compactMap(Self.valuePath).first, let target = part(of: schema, path)
        {
            call.arguments = call.arguments.enumerated().map { index, argument in
                guard index == 1, call.function.name == "valid_values", let items = argument.list else {
                    return converted(argument, target, at: location)
                }
                return .list(items.map { converted($0, target, at: location) })
            }
        }
        return .call(call)
    }

    private func converted(_ value: Value, _ schema: Schema, at location: SourceLocation) -> Value {
        guard value.isLiteral else { return value }
        var bare = resolved(schema)
        bare.validation = []
        var preparation = Preparation(types: schemas)
        let result = preparation.prepare(value, bare)
        for fault in preparation.faults { diagnostics.report(fault.problem.code, fault.problem.message, at: location) }
        return result
    }

    /// The path of a call of `$value`.
    private static func valuePath(_ value: Value) -> [Value]? {
        guard case .call(let call) = value, call.function == FunctionName(plugin: TOSCAFunctions.name, name: "value") else {
            return nil
        }
        return call.arguments
    }

    private func part(of schema: Schema, _ path: [Value]) -> Schema? {
        var schema = resolved(schema)
        for step in path {
            switch schema.form {
            case .complex(let fields):
                guard let field = step.text.flatMap({ fields[$0] }) else { return nil }
                schema = resolved(field.schema)
            case .list(let entry), .map(_, let entry): schema = resolved(entry)
            default: return nil
            }
        }
        return schema
    }
}
