// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Evaluates expressions as far as that is possible without a graph.
enum Fold {
    /// The value of an expression; nil if it depends on the graph.
    static func evaluate(_ expression: Value) throws(Problem) -> Value? {
        switch expression {
        case .call(let call):
            guard call.function.plugin == TOSCAFunctions.name, PureFunction.all[call.function.name] != nil else { return nil }
            guard let arguments = try evaluate(call.arguments) else { return nil }
            return try PureFunction.call(call.function.name, arguments)
        case .list(let items): return try evaluate(items).map(Value.list)
        case .map(let map):
            guard let keys = try evaluate(map.map(\.key)), let values = try evaluate(map.map(\.value)) else { return nil }
            return .map(ValueMap(zip(keys, values).map { ($0, $1) }))
        default: return expression
        }
    }

    private static func evaluate(_ expressions: [Value]) throws(Problem) -> [Value]? {
        var values: [Value] = []
        for expression in expressions {
            guard let value = try evaluate(expression) else { return nil }
            values.append(value)
        }
        return values
    }
}
