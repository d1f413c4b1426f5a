// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension PureFunction {
    /// The functions of logic.
    static let booleans: [String: PureFunction] = [
        "and": PureFunction { arguments throws(Problem) in
            for argument in arguments where try !flag("and", argument) { return false }
            return true
        },
        "or": PureFunction { arguments throws(Problem) in
            for argument in arguments where try flag("or", argument) { return true }
            return false
        },
        "not": PureFunction { arguments throws(Problem) in .boolean(try !flag("not", arguments[0])) },
        "xor": PureFunction { arguments throws(Problem) in
            .boolean(try flag("xor", arguments[0]) != flag("xor", arguments[1]))
        },
    ]

    private static func flag(_ name: String, _ value: Value) throws(Problem) -> Bool {
        guard let flag = value.boolean else { throw wrong(name, value, "true or false") }
        return flag
    }

    /// The functions that compare.
    static let comparisons: [String: PureFunction] = [
        "equal": PureFunction { arguments throws(Problem) in
            guard Comparison.isPossible(arguments[0], arguments[1]) else { throw incomparable("equal", arguments) }
            return .boolean(Comparison.equal(arguments[0], arguments[1]))
        },
        "greater_than": order("greater_than") { $0 > 0 },
        "greater_or_equal": order("greater_or_equal") { $0 >= 0 },
        "less_than": order("less_than") { $0 < 0 },
        "less_or_equal": order("less_or_equal") { $0 <= 0 },
        "valid_values": PureFunction { arguments throws(Problem) in
            guard let values = arguments[1].list else {
                throw wrong("valid_values", arguments[1], "a list as its second argument")
            }
            return .boolean(values.contains { Comparison.equal(arguments[0], $0) })
        },
        "matches": PureFunction { arguments throws(Problem) in
            guard let text = arguments[0].text else { throw wrong("matches", arguments[0], "text") }
            guard let pattern = arguments[1].text else { throw wrong("matches", arguments[1], "a pattern") }
            return .boolean(try RegularExpression(pattern).matches(text))
        },
    ]

    private static func order(_ name: String, _ holds: @escaping @Sendable (Int) -> Bool) -> PureFunction {
        PureFunction { arguments throws(Problem) in
            guard let order = Comparison.order(arguments[0], arguments[1]) else { throw incomparable(name, arguments) }
            return .boolean(holds(order))
        }
    }

    private static func incomparable(_ name: String, _ arguments: [Value]) -> Problem {
        Problem(
            "tosca.wrong-arguments",
            "‘$\(name)’ cannot compare \(Describe.value(arguments[0])) with \(Describe.value(arguments[1]))")
    }
}

/// How values compare.
enum Comparison {
    /// Whether two values are the same; numbers by their value, scalars, versions and timestamps by what they mean.
    static func equal(_ left: Value, _ right: Value) -> Bool {
        if left == right { return true }
        switch (left, right) {
        case (.list(let first), .list(let second)): return first.count == second.count && zip(first, second).allSatisfy(equal)
        case (.map(let first), .map(let second)):
            return first.count == second.count
                && zip(first, second).allSatisfy { equal($0.key, $1.key) && equal($0.value, $1.value) }
        default: return order(left, right) == 0
        }
    }

    /// Whether two values are of one type, as far as they are not lists or maps; null can be compared with everything.
    static func isPossible(_ left: Value, _ right: Value) -> Bool {
        if left.isNull || right.isNull { return true }
        if left.kindName == right.kindName { return Scalar(left)?.unit == Scalar(right)?.unit }
        return left.float != nil && right.float != nil
    }

    /// Negative, zero or positive as the left is less, equal or greater; nil if they cannot be compared.
    static func order(_ left: Value, _ right: Value) -> Int? {
        switch (left, right) {
        case (.text(let first), .text(let second)): return sign(first, second)
        case (.integer(let first), .integer(let second)): return sign(first, second)
        case (.custom(let kind, let first), .custom(let other, let second)) where kind == other:
            return custom(kind, first, second, left, right)
        default:
            guard let first = left.float, let second = right.float else { return nil }
            return sign(first, second)
        }
    }

    private static func custom(_ kind: String, _ first: Value, _ second: Value, _ left: Value, _ right: Value) -> Int? {
        switch kind {
        case Scalar.kind:
            guard let first = Scalar(left), let second = Scalar(right), first.unit == second.unit else { return nil }
            return order(first.number, second.number)
        case TimestampValue.kind:
            guard let first = first.text.flatMap(TimestampValue.init), let second = second.text.flatMap(TimestampValue.init)
            else { return nil }
            return sign(first, second)
        case VersionValue.kind:
            guard let first = first.text.flatMap(VersionNumber.init), let second = second.text.flatMap(VersionNumber.init),
                let isOlder = first.isOlder(than: second), let isNewer = second.isOlder(than: first)
            else { return nil }
            return isOlder ? -1 : isNewer ? 1 : 0
        default: return nil
        }
    }

    private static func sign<Item: Comparable>(_ left: Item, _ right: Item) -> Int { left < right ? -1 : left > right ? 1 : 0 }
}
