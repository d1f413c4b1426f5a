// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Testing

struct ProblemPrinterTests {
    private let source = "first: 1\n\tsecönd: \u{1b}[31m2\nlast"

    private func place(_ row: Int, _ column: Int) -> Problem.Place {
        .source(SourceLocation(file: "a.yaml", row: row, column: column))
    }

    private func text(_ problem: Problem, usesColors: Bool = false) -> String {
        ProblemPrinter(usesColors: usesColors) { $0 == "a.yaml" ? source : nil }.text(problem)
    }

    @Test func `a problem is shown with its source lines`() {
        let problem = Problem(
            "test.code", "it failed", at: place(2, 5), related: [Problem.Related("first here", at: place(1, 1))],
            causes: [Problem("test.cause", "that failed", at: .entity("vertex:a/b", property: "p"))], hint: "do better")
        #expect(
            text(problem) == """
                a.yaml:2:5: it failed [test.code]
                  2 | \tsecönd: \u{FFFD}[31m2
                    | \t   ^
                  a.yaml:1:1: first here
                  1 | first: 1
                    | ^
                  because vertex:a/b.p: that failed [test.cause]
                  hint: do better

                """)
    }

    @Test func `the end of a line can be pointed at and places out of the text are only named`() {
        #expect(text(Problem("test.code", "x", at: place(3, 5))) == "a.yaml:3:5: x [test.code]\n  3 | last\n    |     ^\n")
        #expect(text(Problem("test.code", "x", at: place(4, 1))) == "a.yaml:4:1: x [test.code]\n")
        #expect(text(Problem("test.code", "x\u{7}")) == "x\u{FFFD} [test.code]\n")
    }

    @Test func `long lines are cut around the column`() {
        let line = String(repeating: "x", count: 300) + "y" + String(repeating: "z", count: 300)
        let printer = ProblemPrinter { _ in line }
        let rows = printer.text(Problem("test.code", "x", at: place(1, 301))).split(separator: "\n")
        let caret = rows[2].firstIndex(of: "^").map { rows[2].distance(from: rows[2].startIndex, to: $0) } ?? 0
        #expect(Array(rows[1])[caret] == "y")
        #expect(rows[1].count < 135)
    }

    @Test func `what has an end is underlined up to it, and no further than its line`() {
        var problem = Problem("test.code", "x", at: place(1, 1))
        problem.end = SourcePosition(row: 1, column: 6)
        #expect(text(problem) == "a.yaml:1:1: x [test.code]\n  1 | first: 1\n    | ^^^^^\n")
        problem.end = SourcePosition(row: 3, column: 2)
        #expect(text(problem) == "a.yaml:1:1: x [test.code]\n  1 | first: 1\n    | ^^^^^^^^\n")
    }

    @Test func `end and path go through the document of a problem`() {
        var problem = Problem("test.code", "x", at: place(1, 1))
        problem.end = SourcePosition(row: 1, column: 6)
        problem.path = "/a/b"
        #expect(Problem(value: problem.value) == problem)
    }

    @Test func `colours come only when asked for`() {
        let problem = Problem("test.code", "x", severity: .warning)
        #expect(text(problem) == "warning: x [test.code]\n")
        #expect(text(problem, usesColors: true) == "\u{1b}[1;33mwarning:\u{1b}[0m \u{1b}[1mx\u{1b}[0m [test.code]\n")
    }
}
