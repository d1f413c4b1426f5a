// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What a function does whose result depends on nothing but its arguments. How many it takes says ``LanguageFunction``.
struct PureFunction: Sendable {
    /// The result.
    let apply: @Sendable ([Value]) throws(Problem) -> Value

    init(_ apply: @escaping @Sendable ([Value]) throws(Problem) -> Value) { self.apply = apply }

    /// All of them, by name.
    static let all: [String: PureFunction] =
        booleans
        .merging(comparisons) { first, _ in first }
        .merging(collections) { first, _ in first }
        .merging(texts) { first, _ in first }
        .merging(arithmetic) { first, _ in first }

    /// The result of a function.
    static func call(_ name: String, _ arguments: [Value]) throws(Problem) -> Value {
        guard let function = all[name] else { throw Problem("tosca.unknown-function", "there is no function ‘$\(name)’") }
        try check(arguments.count, LanguageFunction.named[name]?.signatures ?? [], name)
        return try function.apply(arguments)
    }

    /// Checks a number of arguments.
    static func check(_ count: Int, _ signatures: [Signature], _ name: String) throws(Problem) {
        if signatures.contains(where: { $0.arity.contains(count) }) { return }
        let arity = LanguageFunction.arity(signatures)
        let wanted =
            arity.upperBound == .max
            ? "at least \(arity.lowerBound)"
            : arity.count == 1 ? "\(arity.lowerBound)" : "\(arity.lowerBound) to \(arity.upperBound)"
        let plural = wanted.hasSuffix(" 1") || wanted == "1" ? "" : "s"
        throw Problem("tosca.wrong-arguments", "‘$\(name)’ takes \(wanted) argument\(plural), not \(count)")
    }

    /// The problem of an argument of the wrong type.
    static func wrong(_ name: String, _ value: Value, _ wanted: String) -> Problem {
        Problem("tosca.wrong-arguments", "‘$\(name)’ wants \(wanted), not \(Describe.value(value))")
    }
}
