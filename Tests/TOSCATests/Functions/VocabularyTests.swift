// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials
import Support
import TOSCA
import Testing

/// What is told of functions and types.
struct VocabularyTests {
    private static let path = "\(Fixture.repository)/docs/tosca-functions.md"

    /// The row of a function in the documentation.
    private static func row(_ function: LanguageFunction) -> String {
        let usage = function.usage.map { "`\($0)`" }.joined(separator: "<br>")
        return "| \(function.section) | \(usage) | \(function.summary) |"
    }

    @Test func `the documentation has every function as it is, and no other`() throws {
        let text = try String(decoding: Data(contentsOf: URL(filePath: Self.path)), as: UTF8.self)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| 10.") }.map(String.init)
        #expect(rows == LanguageFunction.all.map(Self.row))
    }

    @Test func `the codes that the documentation names are those of the tests`() throws {
        let text = try String(decoding: Data(contentsOf: URL(filePath: Self.path)), as: UTF8.self)
        for code in ["tosca.wrong-arguments", "tosca.wrong-type", "tosca.misplaced-function", "tosca.no-implementation"] {
            #expect(text.contains("`\(code)`"), "\(code)")
        }
    }

    @Test func `a file can name its own types and those that it imports, through namespaces`() async throws {
        let files = [
            "a.yaml": """
            tosca_definitions_version: tosca_2_0
            imports: [ { url: b.yaml, namespace: b } ]
            data_types: { Port: { derived_from: integer, validation: { $greater_than: [ $value, 0 ] } } }
            node_types:
              Server:
                description: Serves.
                derived_from: 'b:Base'
                properties: { port: { type: Port, default: 80 }, names: { type: list, entry_schema: string, required: false } }
            functions: { f: { signatures: [ { arguments: [ Port ], variadic: true, result: string } ] } }

            """,
            "b.yaml": """
            tosca_definitions_version: tosca_2_0
            node_types: { Base: { attributes: { up: { type: boolean } } } }
            functions: { g: { description: Gives., signatures: [ { implementation: { $sum: [ 1 ] } } ] } }

            """,
        ]
        try await Fixture.with(files) { fixture in
            let vocabulary = try fixture.compiler.vocabulary(of: FilePlace(path: fixture.path("a.yaml")))
            #expect(vocabulary.types.map { "\($0.kind) \($0.name)" } == ["data Port", "node Server", "node b:Base"])
            let server = try #require(vocabulary.types.first { $0.name == "Server" }).document
            #expect(server["derived-from"] == ["Base"])
            #expect(server["properties"]?["port"] == ["type": "Port", "required": true, "default": 80])
            #expect(server["properties"]?["names"] == ["type": "list of string", "required": false])
            #expect(server["attributes"]?["up"]?["type"] == "boolean")
            #expect(vocabulary.types.first?.document["validation"] == ["{$greater_than: [$value, 0]}"])
            #expect(vocabulary.functions.map(\.name) == ["b:g", "f"])
            #expect(vocabulary.functions.map { $0.document["signatures"] } == [["$b:g → any"], ["$f: [ Port, … ] → string"]])
            #expect(vocabulary.functions.map { $0.document["implemented"] } == [[true], [false]])
        }
    }

    @Test func `what is wrong with a file is told instead of its types`() async throws {
        try await Fixture.with(["a.yaml": "tosca_definitions_version: tosca_2_0\nnode_types: { A: { derived_from: B } }\n"]) {
            fixture in
            let problems = try #require(throws: Problems.self) {
                try fixture.compiler.vocabulary(of: FilePlace(path: fixture.path("a.yaml")))
            }
            #expect(problems.all.map(\.code) == ["tosca.unknown-type"])
        }
    }
}
