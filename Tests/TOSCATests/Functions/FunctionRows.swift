// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Testing

/// A function with arguments, and its value.
struct FunctionRow: Sendable, CustomTestStringConvertible {
    let function: String
    /// The arguments in YAML, as a list.
    let arguments: String
    let value: Value

    init(_ function: String, _ arguments: String, _ value: Value) {
        (self.function, self.arguments, self.value) = (function, arguments, value)
    }

    var call: String { "{ $\(function): [ \(arguments) ] }" }
    var values: [Value] { (try? YAML.decode(Array("[ \(arguments) ]".utf8)))?.list ?? [] }
    var testDescription: String { call }
}

/// A function with arguments that it refuses, and a part of what it says.
struct FunctionRefusal: Sendable, CustomTestStringConvertible {
    let function: String
    let arguments: String
    let message: String

    init(_ function: String, _ arguments: String, _ message: String) {
        (self.function, self.arguments, self.message) = (function, arguments, message)
    }

    /// Whether the number of arguments is wrong.
    var isCount: Bool { message.contains(" argument") && message.contains("takes") }
    var call: String { "{ $\(function): [ \(arguments) ] }" }
    var values: [Value] { (try? YAML.decode(Array("[ \(arguments) ]".utf8)))?.list ?? [] }
    var testDescription: String { call }
}

enum FunctionRows {
    static let values =
        logic + comparisons + containment + texts + sets + arithmetic

    private static let logic = [
        FunctionRow("and", "true, true", true), FunctionRow("and", "true, false, true", false),
        FunctionRow("and", "true, true, true, true", true),
        FunctionRow("or", "false, true", true), FunctionRow("or", "false, false, false", false),
        FunctionRow("not", "true", false), FunctionRow("not", "false", true),
        FunctionRow("xor", "true, false", true), FunctionRow("xor", "true, true", false),
        FunctionRow("xor", "false, false", false),
    ]

    private static let comparisons = [
        FunctionRow("equal", "1, 1", true), FunctionRow("equal", "1, 1.0", true), FunctionRow("equal", "a, b", false),
        FunctionRow("equal", "null, 1", false), FunctionRow("equal", "[ 1, [ 2 ] ], [ 1, [ 2 ] ]", true),
        FunctionRow("equal", "{ a: 1, b: 2 }, { b: 2, a: 1 }", true), FunctionRow("equal", "'é', 'é'", true),
        FunctionRow("equal", "true, true", true),
        FunctionRow("greater_than", "2, 1", true), FunctionRow("greater_than", "2, 2", false),
        FunctionRow("greater_than", "b, a", true), FunctionRow("greater_than", ".inf, 1", true),
        FunctionRow("greater_or_equal", "2, 2", true), FunctionRow("greater_or_equal", "1.5, 2", false),
        FunctionRow("less_than", "1, 2", true), FunctionRow("less_than", "'10', '9'", true),
        FunctionRow("less_or_equal", "2, 2", true), FunctionRow("less_or_equal", "3, 2.5", false),
        FunctionRow("less_or_equal", "9223372036854775806, 9223372036854775807", true),
        FunctionRow("less_than", "9223372036854775806, 9223372036854775807", true),
        FunctionRow("valid_values", "2, [ 1, 2 ]", true), FunctionRow("valid_values", "2, []", false),
        FunctionRow("valid_values", "a, [ b ]", false),
        FunctionRow("matches", "abc, b", true), FunctionRow("matches", "abc, '^b'", false),
        FunctionRow("matches", "abc, '^a.c$'", true), FunctionRow("matches", "'a-1_b', '^[a-z][\\w-]*$'", true),
        FunctionRow("matches", "'2024', '^\\d{4}$'", true), FunctionRow("matches", "'20245', '^\\d{4}$'", false),
        FunctionRow("matches", "'', '^$'", true), FunctionRow("matches", "ABC, '(?i)^abc$'", true),
        FunctionRow("matches", "'köln', '^\\p{L}+$'", true), FunctionRow("matches", "'a b', '\\bb\\b'", true),
        FunctionRow("matches", "\"a\\nb\", '^a$'", false), FunctionRow("matches", "\"a\\nb\", '(?m)^a$'", true),
        FunctionRow("matches", "'10.0.0.1', '^(\\d{1,3}\\.){3}\\d{1,3}$'", true),
        FunctionRow("matches", "'a{b', 'a{b'", true), FunctionRow("matches", "'aab', '^(?:a|b){3}$'", true),
        FunctionRow("matches", "']', '^[]x]$'", true), FunctionRow("matches", "'x', '[^[:digit:]]'", true),
    ]

    private static let containment = [
        FunctionRow("has_suffix", "abc, bc", true), FunctionRow("has_suffix", "abc, ''", true),
        FunctionRow("has_suffix", "[ 1, 2 ], [ 1, 2, 3 ]", false), FunctionRow("has_suffix", "[ 1, 2 ], [ 2 ]", true),
        FunctionRow("has_prefix", "abc, ab", true), FunctionRow("has_prefix", "[ 1, 2 ], [ 2 ]", false),
        FunctionRow("has_prefix", "[], []", true),
        FunctionRow("contains", "abc, b", true), FunctionRow("contains", "abc, ac", false),
        FunctionRow("contains", "abc, ''", true),
        FunctionRow("contains", "[ 1, 2, 3, 4 ], [ 2, 3 ]", true), FunctionRow("contains", "[ 1, 2, 3 ], [ 1, 3 ]", false),
        FunctionRow("contains", "[], [ 1 ]", false), FunctionRow("contains", "[ 1 ], []", true),
        FunctionRow("has_entry", "[ 1, 2 ], 2", true), FunctionRow("has_entry", "{ a: 1 }, 2", false),
        FunctionRow("has_entry", "{ a: x }, x", true), FunctionRow("has_entry", "[], 1", false),
        FunctionRow("has_key", "{ a: 1 }, a", true), FunctionRow("has_key", "{}, a", false),
        FunctionRow("has_all_entries", "[ 1, 2, 3 ], [ 3, 1 ]", true),
        FunctionRow("has_all_entries", "{ a: 1 }, [ 1, 2 ]", false),
        FunctionRow("has_all_entries", "[ 1 ], []", true),
        FunctionRow("has_all_keys", "{ a: 1, b: 2 }, [ a, b ]", true), FunctionRow("has_all_keys", "{ a: 1 }, [ a, b ]", false),
        FunctionRow("has_any_entry", "[ 1, 2 ], [ 5, 2 ]", true), FunctionRow("has_any_entry", "[ 1, 2 ], []", false),
        FunctionRow("has_any_key", "{ a: 1 }, [ b, a ]", true), FunctionRow("has_any_key", "{ a: 1 }, [ b ]", false),
    ]

    private static let texts = [
        FunctionRow("length", "abc", 3), FunctionRow("length", "'köln'", 4), FunctionRow("length", "''", 0),
        FunctionRow("length", "'👩‍👩‍👧'", 5), FunctionRow("length", "[ 1, 2 ]", 2), FunctionRow("length", "[]", 0),
        FunctionRow("length", "{ a: 1 }", 1),
        FunctionRow("concat", "a, b, c", "abc"), FunctionRow("concat", "a", "a"),
        FunctionRow("concat", "a, 1, true, 1.5", "a1true1.5"),
        FunctionRow("concat", "[ 1 ], [ 2, [ 3 ] ]", [1, 2, [3]]), FunctionRow("concat", "[], []", []),
        FunctionRow("join", "[ a, b ]", "ab"), FunctionRow("join", "[ a, b ], ', '", "a, b"), FunctionRow("join", "[], x", ""),
        FunctionRow("join", "[ prefix, 1111, suffix ], _", "prefix_1111_suffix"),
        FunctionRow("token", "'a:b:c', ':', 1", "b"), FunctionRow("token", "'a:b-c', ':-', 2", "c"),
        FunctionRow("token", "'abc', ':', 0", "abc"), FunctionRow("token", "':', ':', 1", ""),
    ]

    private static let sets = [
        FunctionRow("union", "[ 1, 2, 1 ]", [1, 2]), FunctionRow("union", "[ 1 ], [ 2, 1 ], []", [1, 2]),
        FunctionRow("union", "[]", []), FunctionRow("union", "[ { a: 1 } ], [ { a: 1 } ]", [["a": 1]]),
        FunctionRow("intersection", "[ 1, 2, 2 ]", [1, 2]), FunctionRow("intersection", "[ 1, 2 ], [ 2, 3 ]", [2]),
        FunctionRow("intersection", "[ 1 ], [ 2 ]", []), FunctionRow("intersection", "[ 1 ], []", []),
    ]

    private static let arithmetic = [
        FunctionRow("sum", "1", 1), FunctionRow("sum", "1, 2, 3", 6), FunctionRow("sum", "1, 0.5", 1.5),
        FunctionRow("sum", "9223372036854775806, 1", .integer(Int64.max)),
        FunctionRow("difference", "3, 5", -2), FunctionRow("difference", "1.5, 1", 0.5),
        FunctionRow("difference", "-9223372036854775807, 1", .integer(Int64.min)),
        FunctionRow("product", "2, 3, 4", 24), FunctionRow("product", "2, 1.5", 3.0), FunctionRow("product", "7", 7),
        FunctionRow("quotient", "7, 2", 3.5), FunctionRow("quotient", "6, 2", 3.0), FunctionRow("quotient", "1.5, -3", -0.5),
        FunctionRow("remainder", "7, 3", 1), FunctionRow("remainder", "-7, 3", -1), FunctionRow("remainder", "7, -3", 1),
        FunctionRow("round", "3.5", 3), FunctionRow("round", "3.53", 4), FunctionRow("round", "-3.5", -4),
        FunctionRow("round", "2", 2), FunctionRow("round", "0.49999999999999994", 0),
        FunctionRow("floor", "-1.5", -2), FunctionRow("floor", "1.99", 1), FunctionRow("floor", "-0.0", 0),
        FunctionRow("ceil", "1.1", 2), FunctionRow("ceil", "-1.9", -1),
    ]

    static let refusals =
        logicRefusals + comparisonRefusals + containmentRefusals + textRefusals + arithmeticRefusals

    private static let logicRefusals = [
        FunctionRefusal("and", "true", "‘$and’ takes at least 2 arguments, not 1"),
        FunctionRefusal("and", "true, 1", "argument 2 of ‘$and’ must be a boolean, not 1"),
        FunctionRefusal("and", "true, 'true'", "argument 2 of ‘$and’ must be a boolean, not ‘true’"),
        FunctionRefusal("or", "", "‘$or’ takes at least 2 arguments, not 0"),
        FunctionRefusal("or", "null, true", "argument 1 of ‘$or’ must be a boolean, not null"),
        FunctionRefusal("not", "true, true", "‘$not’ takes 1 argument, not 2"),
        FunctionRefusal("not", "[ true ]", "argument 1 of ‘$not’ must be a boolean, not a list"),
        FunctionRefusal("xor", "true, true, true", "‘$xor’ takes 2 arguments, not 3"),
        FunctionRefusal("xor", "true, 0", "argument 2 of ‘$xor’ must be a boolean, not 0"),
    ]

    private static let comparisonRefusals = [
        FunctionRefusal("equal", "1", "‘$equal’ takes 2 arguments, not 1"),
        FunctionRefusal("equal", "1, a", "argument 2 of ‘$equal’ must be a number, not ‘a’"),
        FunctionRefusal("equal", "[ 1 ], a", "argument 2 of ‘$equal’ must be a list, not ‘a’"),
        FunctionRefusal("greater_than", "1, 2, 3", "takes 2 arguments, not 3"),
        FunctionRefusal("greater_than", "true, false", "argument 1 of ‘$greater_than’ must be a string, number, timestamp"),
        FunctionRefusal("greater_or_equal", "1", "takes 2 arguments, not 1"),
        FunctionRefusal("greater_or_equal", "1, a", "argument 2 of ‘$greater_or_equal’ must be a number, not ‘a’"),
        FunctionRefusal("less_than", "1", "takes 2 arguments, not 1"),
        FunctionRefusal("less_than", "[ 1 ], [ 2 ]", "argument 1 of ‘$less_than’ must be"),
        FunctionRefusal("less_or_equal", "1", "takes 2 arguments, not 1"),
        FunctionRefusal("less_or_equal", "a, 1", "argument 2 of ‘$less_or_equal’ must be a string, not 1"),
        FunctionRefusal("valid_values", "1", "takes 2 arguments, not 1"),
        FunctionRefusal("valid_values", "1, 2", "argument 2 of ‘$valid_values’ must be a list, not 2"),
        FunctionRefusal("matches", "a", "takes 2 arguments, not 1"),
        FunctionRefusal("matches", "1, '1'", "argument 1 of ‘$matches’ must be a string, not 1"),
        FunctionRefusal("matches", "a, '('", "‘(’ is no regular expression: a group is not closed, at character 2"),
        FunctionRefusal("matches", "a, '[b-a]'", "a range in a set goes backwards"),
        FunctionRefusal("matches", "a, '(a)\\1'", "references to groups are not supported"),
        FunctionRefusal("matches", "a, 'a(?=b)'", "what begins with ‘(?=’ is not supported"),
        FunctionRefusal("matches", "a, '*'", "‘*’ has nothing to repeat"),
        FunctionRefusal("matches", "a, '((a{99}){99}){99}'", "it has more than 10000 steps"),
        FunctionRefusal("matches", "a, '\(String(repeating: "(", count: 60))'", "more than 50 deep"),
    ]

    private static let containmentRefusals = [
        FunctionRefusal("has_suffix", "a", "takes 2 arguments, not 1"),
        FunctionRefusal("has_suffix", "a, [ b ]", "argument 2 of ‘$has_suffix’ must be a string, not a list"),
        FunctionRefusal("has_prefix", "a", "takes 2 arguments, not 1"),
        FunctionRefusal("has_prefix", "1, 2", "argument 1 of ‘$has_prefix’ must be a string or a list, not 1"),
        FunctionRefusal("contains", "a", "takes 2 arguments, not 1"),
        FunctionRefusal("contains", "[ a ], a", "argument 2 of ‘$contains’ must be a list, not ‘a’"),
        FunctionRefusal("has_entry", "[ a ]", "takes 2 arguments, not 1"),
        FunctionRefusal("has_entry", "a, a", "argument 1 of ‘$has_entry’ must be a list or a map, not ‘a’"),
        FunctionRefusal("has_key", "{ a: 1 }", "takes 2 arguments, not 1"),
        FunctionRefusal("has_key", "[ a ], a", "argument 1 of ‘$has_key’ must be a map, not a list"),
        FunctionRefusal("has_all_entries", "[ a ]", "takes 2 arguments, not 1"),
        FunctionRefusal("has_all_entries", "[ a ], a", "argument 2 of ‘$has_all_entries’ must be a list, not ‘a’"),
        FunctionRefusal("has_all_keys", "{ a: 1 }", "takes 2 arguments, not 1"),
        FunctionRefusal("has_all_keys", "{ a: 1 }, a", "argument 2 of ‘$has_all_keys’ must be a list, not ‘a’"),
        FunctionRefusal("has_any_entry", "[ a ]", "takes 2 arguments, not 1"),
        FunctionRefusal("has_any_entry", "1, [ 1 ]", "argument 1 of ‘$has_any_entry’ must be a list or a map, not 1"),
        FunctionRefusal("has_any_key", "{ a: 1 }", "takes 2 arguments, not 1"),
        FunctionRefusal("has_any_key", "a, [ a ]", "argument 1 of ‘$has_any_key’ must be a map, not ‘a’"),
    ]

    private static let textRefusals = [
        FunctionRefusal("length", "a, b", "takes 1 argument, not 2"),
        FunctionRefusal("length", "5", "argument 1 of ‘$length’ must be a string, bytes, a list or a map, not 5"),
        FunctionRefusal("concat", "", "takes at least 1 argument, not 0"),
        FunctionRefusal("concat", "a, [ b ]", "argument 2 of ‘$concat’ must be text, not a list"),
        FunctionRefusal("concat", "a, { b: c }", "argument 2 of ‘$concat’ must be text, not a map"),
        FunctionRefusal("join", "[ a ], b, c", "takes 1 to 2 arguments, not 3"),
        FunctionRefusal("join", "a, b", "argument 1 of ‘$join’ must be a list, not ‘a’"),
        FunctionRefusal("join", "[ [ a ] ], b", "argument 1 of ‘$join’ must be a list"),
        FunctionRefusal("token", "a, b", "takes 3 arguments, not 2"),
        FunctionRefusal("token", "'a:b', ':', 2", "‘$token’ wants an index below 2, not 2"),
        FunctionRefusal("token", "'a:b', ':', -1", "‘$token’ wants an index below 2, not -1"),
        FunctionRefusal("token", "'a:b', ':', x", "argument 3 of ‘$token’ must be an integer, not ‘x’"),
        FunctionRefusal("union", "", "takes at least 1 argument, not 0"),
        FunctionRefusal("union", "[ 1 ], 2", "argument 2 of ‘$union’ must be a list, not 2"),
        FunctionRefusal("intersection", "", "takes at least 1 argument, not 0"),
        FunctionRefusal("intersection", "a", "argument 1 of ‘$intersection’ must be a list, not ‘a’"),
    ]

    private static let arithmeticRefusals = [
        FunctionRefusal("sum", "", "takes at least 1 argument, not 0"),
        FunctionRefusal("sum", "1, a", "argument 2 of ‘$sum’ must be a number, not ‘a’"),
        FunctionRefusal("sum", "9223372036854775807, 1", "the result of ‘$sum’ is too large for an integer"),
        FunctionRefusal("difference", "1", "takes 2 arguments, not 1"),
        FunctionRefusal("difference", "true, 1", "argument 1 of ‘$difference’ must be a number or a scalar, not true"),
        FunctionRefusal("difference", "-9223372036854775808, 1", "the result of ‘$difference’ is too large for an integer"),
        FunctionRefusal("product", "", "takes at least 1 argument, not 0"),
        FunctionRefusal("product", "4611686018427387904, 2", "the result of ‘$product’ is too large for an integer"),
        FunctionRefusal("quotient", "1", "takes 2 arguments, not 1"),
        FunctionRefusal("quotient", "1, 0", "‘$quotient’ cannot divide by zero"),
        FunctionRefusal("quotient", "1.5, 0.0", "‘$quotient’ cannot divide by zero"),
        FunctionRefusal("remainder", "1", "takes 2 arguments, not 1"),
        FunctionRefusal("remainder", "1, 0", "‘$remainder’ wants an integer that is not 0, not 0"),
        FunctionRefusal("remainder", "-9223372036854775808, -1", "the result of ‘$remainder’ is too large for an integer"),
        FunctionRefusal("remainder", "1.5, 2", "argument 1 of ‘$remainder’ must be an integer or a scalar, not 1.5"),
        FunctionRefusal("round", "1.5, 1", "takes 1 argument, not 2"),
        FunctionRefusal("round", ".nan", "‘$round’ wants"),
        FunctionRefusal("floor", "", "takes 1 argument, not 0"),
        FunctionRefusal("floor", "1e30", "‘$floor’ wants"),
        FunctionRefusal("ceil", "1, 2", "takes 1 argument, not 2"),
        FunctionRefusal("ceil", "a", "argument 1 of ‘$ceil’ must be a number, not ‘a’"),
    ]
}
