// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// A function of the language whose result depends on nothing but its arguments.
struct PureFunction: Sendable {
    /// How many arguments it takes.
    let arity: ClosedRange<Int>
    /// The result.
    let apply: @Sendable ([Value]) throws(Problem) -> Value

    init(_ arity: ClosedRange<Int>, _ apply: @escaping @Sendable ([Value]) throws(Problem) -> Value) {
        self.arity = arity
        self.apply = apply
    }

    init(_ arity: Int, _ apply: @escaping @Sendable ([Value]) throws(Problem) -> Value) {
        self.init(arity...arity, apply)
    }

    /// All of them, by name.
    static let all: [String: PureFunction] =
        booleans
        .merging(comparisons) { first, _ in first }
        .merging(collections) { first, _ in first }
        .merging(texts) { first, _ in first }
        .merging(arithmetic) { first, _ in first }

    /// Any number of arguments from a number on.
    static func atLeast(_ count: Int) -> ClosedRange<Int> { count...Int.max }

    /// The result of a function for arguments whose number is checked.
    static func call(_ name: String, _ arguments: [Value]) throws(Problem) -> Value {
        guard let function = all[name] else { throw Problem("tosca.unknown-function", "there is no function ‘$\(name)’") }
        try check(arguments.count, function.arity, name)
        return try function.apply(arguments)
    }

    /// Checks a number of arguments.
    static func check(_ count: Int, _ arity: ClosedRange<Int>, _ name: String) throws(Problem) {
        if arity.contains(count) { return }
        let wanted =
            arity.upperBound == .max
            ? "at least \(arity.lowerBound)"
            : arity.count == 1 ? "\(arity.lowerBound)" : "\(arity.lowerBound) to \(arity.upperBound)"
        throw Problem("tosca.wrong-arguments", "‘$\(name)’ takes \(wanted) argument\(wanted == "1" ? "" : "s"), not \(count)")
    }

    /// The problem of an argument of the wrong type.
    static func wrong(_ name: String, _ value: Value, _ wanted: String) -> Problem {
        Problem("tosca.wrong-arguments", "‘$\(name)’ wants \(wanted), not \(Describe.value(value))")
    }
}
