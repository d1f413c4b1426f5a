// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension PureFunction {
    /// The functions of numbers, some of which take scalars as well.
    static let arithmetic: [String: PureFunction] = [
        "sum": PureFunction { arguments throws(Problem) in
            var result = arguments[0]
            for argument in arguments.dropFirst() {
                result = try alike("sum", result, argument, { $0.addingReportingOverflow($1) }, +)
            }
            return try number("sum", result)
        },
        "difference": PureFunction { arguments throws(Problem) in
            try alike("difference", arguments[0], arguments[1], { $0.subtractingReportingOverflow($1) }, -)
        },
        "product": PureFunction { arguments throws(Problem) in
            var result = arguments[0]
            for argument in arguments.dropFirst() {
                result = try scaled("product", result, argument, { $0.multipliedReportingOverflow(by: $1) }, *)
            }
            return try number("product", result)
        },
        "quotient": PureFunction { arguments throws(Problem) in
            guard let divisor = arguments[1].float else { throw wrong("quotient", arguments[1], "a number") }
            if divisor == 0 { throw Problem("tosca.wrong-arguments", "‘$quotient’ cannot divide by zero") }
            if let scalar = Scalar(arguments[0]) {
                if case .integer(let number) = scalar.number, case .integer(let divisor) = arguments[1] {
                    return Scalar(.integer(number / divisor), unit: scalar.unit).value
                }
                return Scalar(.float((scalar.number.float ?? 0) / divisor), unit: scalar.unit).value
            }
            guard let dividend = arguments[0].float else { throw wrong("quotient", arguments[0], "a number or a scalar") }
            return .float(dividend / divisor)
        },
        "remainder": PureFunction { arguments throws(Problem) in
            guard case .integer(let divisor) = arguments[1], divisor != 0 else {
                throw wrong("remainder", arguments[1], "an integer that is not 0")
            }
            if case .float = arguments[0] { throw wrong("remainder", arguments[0], "an integer or a scalar") }
            return try scaled("remainder", arguments[0], arguments[1], { $0.remainderReportingOverflow(dividingBy: $1) }) {
                $0.truncatingRemainder(dividingBy: $1)
            }
        },
        "round": rounding("round") { ($0 - 0.5).rounded(.up) },
        "floor": rounding("floor") { $0.rounded(.down) },
        "ceil": rounding("ceil") { $0.rounded(.up) },
    ]

    private typealias Whole = (Int64, Int64) -> (partialValue: Int64, overflow: Bool)

    private static func number(_ name: String, _ value: Value) throws(Problem) -> Value {
        if value.float == nil, Scalar(value) == nil { throw wrong(name, value, "numbers") }
        return value
    }

    /// The result for two numbers, or two scalars of one unit.
    private static func alike(
        _ name: String, _ left: Value, _ right: Value, _ whole: Whole, _ real: (Double, Double) -> Double
    ) throws(Problem) -> Value {
        if let first = Scalar(left) {
            guard let second = Scalar(right), first.unit == second.unit else {
                throw wrong(name, right, "scalars of one unit, \(first.unit)")
            }
            return Scalar(try combined(name, first.number, second.number, whole, real), unit: first.unit).value
        }
        return try combined(name, left, right, whole, real)
    }

    /// The result for two numbers, or a scalar and a number.
    private static func scaled(
        _ name: String, _ left: Value, _ right: Value, _ whole: Whole, _ real: (Double, Double) -> Double
    ) throws(Problem) -> Value {
        guard let scalar = Scalar(left) else { return try combined(name, left, right, whole, real) }
        return Scalar(try combined(name, scalar.number, right, whole, real), unit: scalar.unit).value
    }

    private static func combined(
        _ name: String, _ left: Value, _ right: Value, _ whole: Whole, _ real: (Double, Double) -> Double
    ) throws(Problem) -> Value {
        if case .integer(let first) = left, case .integer(let second) = right {
            let (result, overflow) = whole(first, second)
            if overflow { throw Problem("tosca.wrong-arguments", "the result of ‘$\(name)’ is too large for an integer") }
            return .integer(result)
        }
        guard let first = left.float else { throw wrong(name, left, "numbers") }
        guard let second = right.float else { throw wrong(name, right, "numbers") }
        return .float(real(first, second))
    }

    private static func rounding(_ name: String, _ round: @escaping @Sendable (Double) -> Double) -> PureFunction {
        PureFunction { arguments throws(Problem) in
            guard let number = arguments[0].float, let result = Int64(exactly: round(number)) else {
                throw wrong(name, arguments[0], "a float")
            }
            return .integer(result)
        }
    }
}
