// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FoundationEssentials
import Support
import TOSCA
import Testing

/// The catalogue of problems against the compiler.
struct ProblemCatalogueTests {
    /// One code with its examples: files by their names, of which `a.yaml` is the one that is tried.
    struct Entry: Sendable, CustomTestStringConvertible {
        let code: String
        var files: [String: String] = [:]
        var testDescription: String { code }
    }

    /// What the catalogue has no example for: it takes more than files, and tests of their own.
    private static let withoutExample: Set<String> = [
        "tosca.cannot-read", "tosca.too-many-files", "tosca.unreachable", "tosca.not-local", "tosca.unknown-scheme",
        "tosca.plain-secret", "tosca.secret-not-checked", "tosca.pending",
        "tosca.malformed-schema", "tosca.missing-argument", "tosca.too-much-work",
    ]

    static let entries: [Entry] = {
        let text = (try? String(contentsOfFile: "\(Fixture.repository)/docs/tosca-problems.md", encoding: .utf8)) ?? ""
        var entries: [Entry] = []
        var block: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("### `") {
                entries.append(Entry(code: String(line.dropFirst(5).prefix { $0 != "`" })))
            } else if line == "```yaml" {
                block = []
            } else if line == "```", let lines = block {
                let isOther = lines.first?.hasPrefix("# ") == true
                let name = isOther ? String(lines[0].dropFirst(2)) : "a.yaml"
                let body = lines.joined(separator: "\n") + "\n"
                let hasVersion = body.contains("tosca_definitions_version") || body.hasPrefix("- ")
                entries[entries.count - 1].files[name] = (hasVersion ? "" : "tosca_definitions_version: tosca_2_0\n") + body
                block = nil
            } else {
                block?.append(line)
            }
        }
        return entries
    }()

    @Test(arguments: entries.filter { !$0.files.isEmpty }) func `an example has the problem that it is for`(
        entry: Entry
    ) async throws {
        try await Fixture.with(entry.files) { fixture in
            var codes: [String] = []
            do throws(Problems) { codes += try fixture.compiler.validate(file: fixture.path("a.yaml")).map(\.code) } catch {
                codes += error.all.map(\.code)
            }
            do {
                codes += try fixture.compile().warnings.map(\.code)
                codes += try await fixture.problemsOfInstance()
            } catch let problems as Problems {
                codes += problems.all.map(\.code)
            }
            #expect(codes.contains(entry.code))
        }
    }

    @Test func `every code of the sources is in the catalogue, and no other`() throws {
        var codes: Set<String> = []
        let names = [
            "property", "attribute", "input", "output", "capability", "requirement", "interface", "operation", "notification",
        ]
        for name in names { codes.insert("tosca.unknown-\(name)") }
        for file in try Self.sources(in: "\(Fixture.repository)/Sources/TOSCA") {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            for match in text.matches(of: /"(tosca\.[a-z-]+[a-z])"/) { codes.insert(String(match.output.1)) }
        }
        let documented = Self.entries.map(\.code)
        #expect(Set(documented).count == documented.count)
        #expect(Set(documented).symmetricDifference(codes).sorted() == [])
    }

    private static func sources(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).flatMap { name in
            name.hasSuffix(".swift") ? ["\(folder)/\(name)"] : try sources(in: "\(folder)/\(name)")
        }
    }

    @Test func `what has no example is known to have none`() {
        #expect(Set(Self.entries.filter(\.files.isEmpty).map(\.code)) == Self.withoutExample)
    }
}

extension Fixture {
    /// The codes of what is wrong when a service is made of the file.
    fileprivate func problemsOfInstance() async throws -> [String] {
        let graph = try await instantiate()
        let properties = graph.vertexes.values.flatMap(\.properties.values)
        return properties.compactMap { property in
            guard case .failed(let problem) = property.status else { return nil }
            return problem.code
        }
    }
}
