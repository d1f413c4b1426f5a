// SPDX-License-Identifier: Apache-2.0 OR MIT

/// What the functions of chapter 10.2 take and give. What they do stands in the files of their kind.
extension LanguageFunction {
    private static let step = TypePattern.one([.string, .integer], "string or integer")

    static let graphQueries = [
        LanguageFunction(
            "get_input", "10.2.1.1", "The value of an input of the service, or what lies within it at keys and indexes.",
            Signature(["input": .string, "step": step], optional: 1, isVariadic: true, .any)),
        LanguageFunction(
            "get_property", "10.2.1.2", "The value of the property at the end of a TOSCA Path, or what lies within it.",
            Signature(["path": .string, "step": step], isVariadic: true, .any)),
        LanguageFunction(
            "get_attribute", "10.2.1.3", "The value of the attribute at the end of a TOSCA Path, or what lies within it.",
            Signature(["path": .string, "step": step], isVariadic: true, .any)),
        LanguageFunction(
            "get_artifact", "10.2.1.4", "Where the artifact at the end of a TOSCA Path is.",
            Signature(["path": .string, "step": step], isVariadic: true, .string)),
        LanguageFunction(
            "value", "10.2.1.5", "The value that is validated, or what lies within it.",
            Signature(["step": step], optional: 1, isVariadic: true, .any)),
        LanguageFunction(
            "node_index", "10.2.1.6", "The index of the node among those made from its template, from 0.",
            Signature([], .integer)),
        LanguageFunction(
            "relationship_index", "10.2.1.7", "The index of the relationship among those made from its requirement, from 0.",
            Signature([], .integer)),
        LanguageFunction(
            "available_allocation", "10.2.1.8",
            "What relationships have left of the capability's property at the end of a TOSCA Path.",
            Signature(
                ["path": .string, "step": step], isVariadic: true, .variable("A", .one([.integer, .float, .scalar], "amount")))),
    ]

    static let logic = [
        LanguageFunction(
            "and", "10.2.2.1.1", "Whether all arguments are true.",
            Signature(["flag": .boolean, "other": .boolean], isVariadic: true, .boolean)),
        LanguageFunction(
            "or", "10.2.2.1.2", "Whether at least one argument is true.",
            Signature(["flag": .boolean, "other": .boolean], isVariadic: true, .boolean)),
        LanguageFunction("not", "10.2.2.1.3", "Whether the argument is false.", Signature(["flag": .boolean], .boolean)),
        LanguageFunction(
            "xor", "10.2.2.1.4", "Whether exactly one of two arguments is true.",
            Signature(["flag": .boolean, "other": .boolean], .boolean)),
    ]

    private static let two = Signature(
        ["left": .variable("A", .comparable), "right": .variable("A", .comparable)], .boolean)

    static let comparisons = [
        LanguageFunction(
            "equal", "10.2.2.2.1", "Whether two values of one type are equal.", Signature(["left": .a, "right": .a], .boolean)),
        LanguageFunction("greater_than", "10.2.2.2.2", "Whether the first value is greater than the second.", two),
        LanguageFunction("greater_or_equal", "10.2.2.2.3", "Whether the first value is not less than the second.", two),
        LanguageFunction("less_than", "10.2.2.2.4", "Whether the first value is less than the second.", two),
        LanguageFunction("less_or_equal", "10.2.2.2.5", "Whether the first value is not greater than the second.", two),
        LanguageFunction(
            "valid_values", "10.2.2.2.6", "Whether a value is in a list.",
            Signature(["value": .a, "values": .list(.a)], .boolean)),
        LanguageFunction(
            "matches", "10.2.2.2.7", "Whether a regular expression matches a part of a text.",
            Signature(["text": .string, "pattern": .string], .boolean)),
    ]

    private static let parts = [
        Signature(["whole": .string, "part": .string], .boolean),
        Signature(["whole": .list(.a), "part": .list(.a)], .boolean),
    ]
    private static func parts(_ name: String, _ section: String, _ summary: String) -> LanguageFunction {
        LanguageFunction(name, section, summary, parts[0], parts[1])
    }
    private static func entries(_ name: String, _ section: String, _ summary: String, _ second: TypePattern) -> LanguageFunction
    {
        LanguageFunction(
            name, section, summary, Signature(["list": .list(.a), "wanted": second], .boolean),
            Signature(["map": .map(key: .any, entry: .a), "wanted": second], .boolean))
    }
    private static func keys(_ name: String, _ section: String, _ summary: String, _ second: TypePattern) -> LanguageFunction {
        LanguageFunction(
            name, section, summary, Signature(["map": .map(key: .a, entry: .any), "wanted": second], .boolean))
    }

    static let containment = [
        parts("has_suffix", "10.2.2.3.1", "Whether a text or list ends with another one."),
        parts("has_prefix", "10.2.2.3.2", "Whether a text or list begins with another one."),
        parts("contains", "10.2.2.3.3", "Whether a text or list holds another one without a gap."),
        entries("has_entry", "10.2.2.3.4", "Whether a value is in a list or map.", .a),
        keys("has_key", "10.2.2.3.5", "Whether a map has a key.", .a),
        entries("has_all_entries", "10.2.2.3.6", "Whether all values of a list are in a list or map.", .list(.a)),
        keys("has_all_keys", "10.2.2.3.7", "Whether a map has all keys of a list.", .list(.a)),
        entries("has_any_entry", "10.2.2.3.8", "Whether a value of a list is in a list or map.", .list(.a)),
        keys("has_any_key", "10.2.2.3.9", "Whether a map has a key of a list.", .list(.a)),
    ]

    static let texts = [
        LanguageFunction(
            "length", "10.2.3.1", "The number of characters, of bytes, of entries, or of keys.",
            Signature(["text": .string], .integer), Signature(["bytes": .bytes], .integer),
            Signature(["list": .list(.any)], .integer), Signature(["map": .map(key: .any, entry: .any)], .integer)),
        LanguageFunction(
            "concat", "10.2.3.2", "Texts, or lists, one after the other.",
            Signature(["text": .text], isVariadic: true, .string), Signature(["list": .list(.a)], isVariadic: true, .list(.a))),
        LanguageFunction(
            "join", "10.2.3.3", "The texts of a list with a delimiter between them.",
            Signature(["texts": .list(.text), "delimiter": .string], optional: 1, .string)),
        LanguageFunction(
            "token", "10.2.3.4", "The part at an index, from 0, of a text that one of some characters separates.",
            Signature(["text": .string, "separators": .string, "index": .integer], .string)),
    ]

    static let sets = [
        LanguageFunction(
            "union", "10.2.4.1", "What is in at least one list, each value once, in the order in which they come.",
            Signature(["list": .list(.a)], isVariadic: true, .list(.a))),
        LanguageFunction(
            "intersection", "10.2.4.2", "What is in all lists, each value once, in the order of the first.",
            Signature(["list": .list(.a)], isVariadic: true, .list(.a))),
    ]

    private static let n = TypePattern.variable("N", .number)
    private static let s = TypePattern.variable("S", .scalar)
    private static func rounding(_ name: String, _ section: String, _ summary: String) -> LanguageFunction {
        LanguageFunction(name, section, summary, Signature(["number": .number], .integer))
    }

    static let arithmetic = [
        LanguageFunction(
            "sum", "10.2.5.1", "The sum of numbers, or of scalars of one type.", Signature(["number": n], isVariadic: true, n),
            Signature(["scalar": s], isVariadic: true, s)),
        LanguageFunction(
            "difference", "10.2.5.2", "The first number or scalar less the second.",
            Signature(["number": n, "other": n], n), Signature(["scalar": s, "other": s], s)),
        LanguageFunction(
            "product", "10.2.5.3", "The product of numbers, or of a scalar and a number.",
            Signature(["number": n], isVariadic: true, n), Signature(["scalar": s, "number": .number], s)),
        LanguageFunction(
            "quotient", "10.2.5.4", "The first number or scalar divided by a number; whole scalars are truncated.",
            Signature(["number": .number, "divisor": .number], .float), Signature(["scalar": s, "divisor": .number], s)),
        LanguageFunction(
            "remainder", "10.2.5.5", "The remainder of the division of an integer or scalar by an integer.",
            Signature(["number": .integer, "divisor": .integer], .integer),
            Signature(["scalar": s, "divisor": .integer], s)),
        rounding("round", "10.2.5.6", "The nearest integer; the lower one of two."),
        rounding("floor", "10.2.5.7", "The greatest integer that is not above."),
        rounding("ceil", "10.2.5.8", "The least integer that is not below."),
    ]
}
