// SPDX-License-Identifier: Apache-2.0 OR MIT
import Testing

/// The rules themselves can fail.
@Suite struct ScannerTests {
    private func file(_ text: String, path: String = "Sources/Support/Example.swift") -> Repository.File {
        let code = String(decoding: CodeScanner.blanked(Array(text.utf8), hasRawStrings: true), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return Repository.File(
            path: path, lines: lines, code: code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }

    @Test(arguments: [
        ("a // try!", "a"), ("a /* { /* } */ */ b", "a b"), ("a \"x\\\"{\" b", "a b"), ("a \"\\(f(\"}\"))\" b", "a b"),
        ("a #\"\\(\"# b", "a b"), ("a \"\"\"\n{\"\n\"\"\" b", "a b"), ("func `it's a { \"`()", "func ` `()"),
    ])
    func `comments and strings are no code`(text: String, code: String) {
        let blanked = String(decoding: CodeScanner.blanked(Array(text.utf8), hasRawStrings: true), as: UTF8.self)
        #expect(blanked.utf8.count == text.utf8.count)
        #expect(blanked.split { $0.isWhitespace }.joined(separator: " ") == code)
    }

    @Test func `the length of a function counts from its name to its brace`() {
        let source = file(
            "struct A {\n    func a(_ x: Int = { 1 }()) -> Int\n    where X: Y {\n        if x { }\n    }\n    init() { }\n}")
        let functions = FunctionScanner.functions(of: source.code)
        #expect(functions.map(\.name) == ["a", "init"])
        #expect(functions.map(\.length) == [4, 1])
        #expect(functions.map(\.row) == [2, 6])
    }

    @Test func `a requirement has no body`() {
        let source = file("protocol P {\n    func a() throws(Problem) -> Int\n    init()\n}\nfunc b() { }")
        #expect(FunctionScanner.functions(of: source.code).map(\.name) == ["b"])
    }

    @Test(arguments: [
        ("let a = try! b()", 1), ("let a = try? b() // try!", 0), ("a as! B", 1), ("fatal" + "Error(\"\")", 1), ("print(1)", 1),
        ("blueprint(1)", 0), ("final class A: @unchecked Sendable {", 1),
        ("// A handle that C guards with its own lock.\nfinal class A: @unchecked Sendable {", 0), ("// TO" + "DO: later", 1),
    ])
    func `banned constructs are found`(text: String, count: Int) {
        #expect(BannedConstructs.findings(file(text)).count == count)
    }

    @Test func `words of the demo are found in any case`() {
        #expect(BannedConstructs.demoWords(file("let a = \"Redis\"")).count == 1)
    }

    @Test(arguments: [
        ("public func a()", 1), ("/// Does a.\npublic func a()", 0), ("/// Does a.\n@discardableResult\npublic func a()", 0),
        ("@usableFromInline func a()", 0), ("public import Support", 0), ("@inlinable public func a()", 1),
    ])
    func `undocumented declarations are found`(text: String, count: Int) {
        #expect(Documentation.missing(file(text)).count == count)
    }

    @Test func `links that lead nowhere are found`() {
        let document = file("[a](there.md) [b](gone.md) [c](https://example.org) [d](#e) [f](../x.md#g)", path: "docs/a.md")
        #expect(Links.broken(document, paths: ["docs/there.md", "x.md"]).map(\.message) == ["no gone.md"])
    }
}
