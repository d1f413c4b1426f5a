// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FoundationEssentials
import Support
import TOSCA
import Testing

/// What a design may take at most, as `docs/imports.md` tells: that much is accepted, and one more is refused.
struct LimitTests {
    /// The codes of what is wrong with a design.
    private func codes(_ text: String) async throws -> [String] {
        try await Fixture.with(["a.yaml": "tosca_definitions_version: tosca_2_0\n" + text]) { fixture in
            do throws(Problems) {
                _ = try fixture.compiler.validate(file: fixture.path("a.yaml"))
                return []
            } catch { return error.all.map(\.code) }
        }
    }

    @Test func `a file has 16 MiB at most`() async throws {
        let head = "tosca_definitions_version: tosca_2_0\n"
        func file(_ size: Int) -> String { String(repeating: "#", count: size - head.utf8.count - 1) + "\n" }
        #expect(try await codes(file(16 << 20)) == [])
        #expect(try await codes(file((16 << 20) + 1)) == ["yaml.limit"])
    }

    @Test func `lists and maps lie 100 deep at most`() async throws {
        // The file, the types, the type and its metadata are four maps within each other.
        func metadata(_ depth: Int) -> String {
            let (open, close) = (String(repeating: "[", count: depth - 4), String(repeating: "]", count: depth - 4))
            return "node_types: { N: { metadata: { a: \(open)\(close) } } }\n"
        }
        #expect(try await codes(metadata(100)) == [])
        #expect(try await codes(metadata(101)) == ["yaml.limit"])
    }

    @Test func `a file has a million nodes at most, with what aliases repeat`() async throws {
        func nodes(_ extra: Int) -> String {
            var text = "dsl_definitions:\n  a0: &a0 [ \(Array(repeating: "1", count: 1023).joined(separator: ", ")) ]\n"
            text += "  a1: &a1 [ \(Array(repeating: "*a0", count: 1020).joined(separator: ", ")) ]\n"
            text += "  rest: &rest [ \(Array(repeating: "1", count: extra).joined(separator: ", ")) ]\n"
            return text
        }
        // The document: the map, two keys and the version, and the map of definitions with its three keys.
        let known = 1 + 3 + 1 + 3 + 1024 + (1 + 1020 * 1024) + 1
        let rest = (1 << 20) - known
        #expect(try await codes(nodes(rest)) == [])
        #expect(try await codes(nodes(rest + 1)) == ["yaml.limit"])
    }

    @Test func `a design has 10000 files at most, which may import each other again`() async throws {
        try await Fixture.with([:]) { fixture in
            let head = "tosca_definitions_version: tosca_2_0\n"
            func write(_ name: String, _ text: String) throws {
                try Data((head + text).utf8).write(to: URL(filePath: fixture.path(name)))
            }
            for index in 1..<10_000 { try write("\(index).yaml", "imports: [ a.yaml ]\n") }
            let imports = (1..<10_000).map { "  - \($0).yaml\n" }.joined()
            try write("a.yaml", "imports:\n\(imports)  - 1.yaml\n")
            #expect(try fixture.compiler.validate(file: fixture.path("a.yaml")) == [])
            try write("10000.yaml", "")
            try write("a.yaml", "imports:\n\(imports)  - 10000.yaml\n")
            let problems = #expect(throws: Problems.self) { try fixture.compiler.validate(file: fixture.path("a.yaml")) }
            #expect(problems?.all.map(\.code) == ["tosca.too-many-files"])
        }
    }

    @Test func `100 mistakes of YAML are told at most`() async throws {
        func twice(_ count: Int) -> String { "dsl_definitions:\n" + (0..<count).map { "  a\($0): 1\n  a\($0): 1\n" }.joined() }
        #expect(try await codes(twice(99)) == Array(repeating: "yaml.duplicate-key", count: 99))
        let codes = try await codes(twice(100))
        #expect(codes.count { $0 == "yaml.duplicate-key" } == 100 && codes.contains("yaml.too-many-problems"))
    }
}
