// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A function that the language has.
public struct LanguageFunction: Sendable {
    /// Its name, without the `$`.
    public let name: String
    /// The section of the standard that describes it.
    public let section: String
    /// What it gives, in a line.
    public let summary: String
    /// What it takes and gives, tested in this order.
    let signatures: [Signature]

    /// What it takes and gives, as people read it.
    public var usage: [String] { signatures.map { $0.description(of: name) } }

    init(_ name: String, _ section: String, _ summary: String, _ signatures: Signature...) {
        self.name = name
        self.section = section
        self.summary = summary
        self.signatures = signatures
    }

    /// All functions of the language, in the order of the standard.
    public static let all =
        graphQueries + logic + comparisons + containment + texts + sets + arithmetic + extensions

    /// All functions of the language, by name.
    static let named = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The functions of TOSCA 1.x that are no more, with what does their work now.
    static let removed = [
        "in_range": "use ‘$and’ with ‘$greater_or_equal’ and ‘$less_or_equal’",
        "min_length": "use ‘$greater_or_equal’ of ‘$length’",
        "max_length": "use ‘$less_or_equal’ of ‘$length’",
        "pattern": "use ‘$matches’",
        "greater_equal": "use ‘$greater_or_equal’",
        "less_equal": "use ‘$less_or_equal’",
        "get_operation_output": "map the output to an attribute, and use ‘$get_attribute’",
    ]

    /// How many arguments it takes.
    static func arity(_ signatures: [Signature]) -> ClosedRange<Int> {
        let ranges = signatures.map(\.arity)
        return (ranges.map(\.lowerBound).min() ?? 0)...(ranges.map(\.upperBound).max() ?? .max)
    }

    private static let extensions = [
        LanguageFunction(
            "argument", "10.4", "Ours: an argument of the custom function that the expression implements, counted from 0.",
            Signature(["index": .integer], .any)),
        LanguageFunction(
            "arguments", "10.4", "Ours: all arguments of the custom function that the expression implements.",
            Signature([], .list(.any))),
    ]
}
