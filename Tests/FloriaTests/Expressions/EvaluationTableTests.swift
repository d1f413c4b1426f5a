// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// Each cell of the evaluator's table, written in the notation. `t:list` gives its arguments back as a list, so that one
/// sees what it was called with; `t:add(1)` is 1.
@Suite struct EvaluationTableTests {
    private static let cells: [(String, String)] = [
        // At the root: dispatch, dispatch, keep.
        ("t:add(1)", "1"), ("*t:add(1)", "1"), ("&t:add(1)", "&t:add(1)"),
        // Inside a list.
        ("[t:add(1)]", "[1]"), ("[*t:add(1)]", "[1]"), ("[&t:add(1)]", "[&t:add(1)]"), ("[[t:add(1)]]", "[[1]]"),
        // Inside a map, as a value and as a key.
        (#"{"a": t:add(1)}"#, #"{"a": 1}"#), (#"{"a": *t:add(1)}"#, #"{"a": 1}"#), (#"{"a": &t:add(1)}"#, #"{"a": &t:add(1)}"#),
        ("{t:add(1): true}", "{1: true}"), ("{*t:add(1): true}", "{1: true}"), ("{&t:add(1): true}", "{&t:add(1): true}"),
        ("{[t:add(1)]: t:add(2)}", "{[1]: 2}"),
        // Inside a custom value.
        ("@k(t:add(1))", "@k(1)"), ("@k(*t:add(1))", "@k(1)"), ("@k(&t:add(1))", "@k(&t:add(1))"),
        ("@k([@k(t:add(1))])", "@k([@k(1)])"),
        // Argument of a normal call: evaluate first, evaluate first, keep.
        ("t:list(t:add(1))", "[1]"), ("t:list(*t:add(1))", "[1]"), ("t:list(&t:add(1))", "[&t:add(1)]"),
        // The same inside a list, a map, a custom value that is an argument.
        ("t:list([t:add(1), *t:add(2), &t:add(3)])", "[[1, 2, &t:add(3)]]"),
        ("t:list({t:add(1): *t:add(2), 2: &t:add(3)})", "[{1: 2, 2: &t:add(3)}]"),
        ("t:list(@k(t:add(1)), @k(&t:add(1)))", "[@k(1), @k(&t:add(1))]"), ("t:list(t:list(t:add(1)))", "[[1]]"),
        // Argument of an eager call: keep, keep, keep.
        ("*t:list(t:add(1))", "[t:add(1)]"), ("*t:list(*t:add(1))", "[*t:add(1)]"), ("*t:list(&t:add(1))", "[&t:add(1)]"),
        ("*t:list([t:add(1)], {t:add(1): *t:add(2)}, @k(t:add(1)))", "[[t:add(1)], {t:add(1): *t:add(2)}, @k(t:add(1))]"),
        // The function decides: this one evaluates its first argument, and nothing else.
        ("*t:first(t:add(1), t:fail())", "1"), ("*t:first(*t:list(t:add(1)))", "[t:add(1)]"),
        ("*t:first(&t:add(1))", "&t:add(1)"),
        // Each call goes by its own mode, wherever the calls around it stand.
        ("t:list(*t:list(t:add(1)), t:add(2))", "[[t:add(1)], 2]"),
        ("&t:list(t:add(1), *t:fail())", "&t:list(t:add(1), *t:fail())"),
        // What a call gives is a value: it is not evaluated again.
        ("t:list(t:first(&t:add(1)))", "[&t:add(1)]"), ("[*t:list(t:fail())]", "[[t:fail()]]"),
        // Without a call nothing is evaluated.
        ("[1, {2: @k(<AQ==>)}, nan]", "[1, {2: @k(<AQ==>)}, nan]"),
    ]

    @Test(arguments: cells)
    func `a call is dispatched, evaluated first or kept as the table says`(expression: String, expected: String) async throws {
        let evaluation = Evaluation(site: CallSite(entity: .shop("web")), graph: Graph(), functions: TestFunctions.all)
        #expect(Notation.encode(try await evaluation.evaluate(Notation.decode(expression))) == expected)
    }
}
