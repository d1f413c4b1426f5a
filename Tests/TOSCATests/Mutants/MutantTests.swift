// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials
import Support
import Testing

@testable import TOSCA

/// Valid files with one mistake each, made by machine.
struct MutantTests {
    /// A valid file.
    struct Original: Sendable, CustomTestStringConvertible {
        let path: String
        /// Every so many mutants are tried.
        var stride = 1
        var testDescription: String { String(path.split(separator: "/").suffix(2).joined(separator: "/")) }
    }

    /// The files with every keyname; our examples and profiles, and the community's cases if they are there, of which a fifth of the
    /// mutants is tried, or all with `KHUTULUN_MUTANTS=all`.
    static let originals: [Original] = {
        let whole = ["Tests/TOSCATests/Designs/whole.yaml", "Tests/TOSCATests/Designs/types.yaml"]
        let own = [
            "examples/hello/service.yaml", "examples/guestbook/service.yaml", "examples/shared/service.yaml",
            "examples/shared/store.yaml", "examples/shared/types.yaml", "profiles/khutulun-core/profile.yaml",
            "profiles/khutulun-process/profile.yaml", "profiles/khutulun-process/run.yaml",
        ]
        let others = ConformanceCases.certain.filter(\.isValid).map(\.file)
        let stride = ProcessInfo.processInfo.environment["KHUTULUN_MUTANTS"] == "all" ? 1 : 5
        return whole.map { Original(path: "\(Fixture.repository)/\($0)") }
            + own.map { Original(path: "\(Fixture.repository)/\($0)", stride: stride) }
            + others.map { Original(path: $0, stride: stride) }
    }()

    @Test(arguments: originals) func `a mistake is found on its line`(original: Original) async throws {
        let bytes = try #require(FileManager.default.contents(atPath: original.path))
        let tree = try #require(try YAML.parse([UInt8](bytes), file: original.path).first)
        let root = Self.absolute(tree, folder: Path.folder(of: original.path))
        try await Fixture.with(["a.yaml": PlainYAML(root).text]) { fixture in
            // What is rejected as it is, or asks for what is not here, can show nothing.
            guard fixture.errorRows().isEmpty else {
                #expect(original.path.contains("/conformance/"), "our own files are valid")
                return
            }
            for (index, mutant) in Mutator(root).mutants.enumerated() where index % original.stride == 0 {
                try Data(mutant.text.utf8).write(to: URL(filePath: fixture.path("a.yaml")))
                let rows = fixture.errorRows()
                #expect(
                    rows.contains { mutant.rows.contains($0) },
                    "\(mutant.name): the problems are in the lines \(rows)\n\(Self.excerpt(mutant))")
            }
        }
    }

    @Test func `a valid file has every keyname of the language`() throws {
        var used: Set<String> = []
        for name in ["whole", "types"] {
            let path = "\(Fixture.repository)/Tests/TOSCATests/Designs/\(name).yaml"
            let bytes = try #require(FileManager.default.contents(atPath: path))
            used.formUnion(Mutator(try #require(try YAML.parse([UInt8](bytes), file: path).first)).keynames)
            let warnings = try Compiler(profiles: ["\(Fixture.repository)/profiles"]).validate(file: path)
            #expect(Set(warnings.map(\.code)).isSubset(of: ["tosca.missing-artifact", "tosca.ignored-keyname"]))
        }
        let all = Keynames.tables.flatMap { record, keynames in keynames.map { "\($0.name) of \(record.noun)" } }
        #expect(Set(all).subtracting(used).sorted() == [])
    }

    /// The tree without what depends on the place of the file, and on anchors.
    private static func absolute(_ tree: YAMLNode, folder: String) -> YAMLNode {
        var root = tree
        root.content = .mapping((tree.mapping ?? []).filter { $0.key.scalar != "dsl_definitions" })
        for (index, entry) in (root.mapping ?? []).enumerated() {
            guard let key = entry.key.scalar, ["imports", "repositories"].contains(key) else { continue }
            for (number, item) in (entry.value.mapping?.map(\.value) ?? entry.value.items).enumerated() {
                var path = [TreeStep(index: index), TreeStep(index: number)]
                // In a repository a path starts from there.
                if item["repository"] != nil { continue }
                if let url = (item.mapping ?? []).firstIndex(where: { $0.key.scalar == "url" }) {
                    path.append(TreeStep(index: url))
                }
                guard let url = root.part(path).scalar, Path.scheme(of: url) == nil else { continue }
                root = root.changing(path[...]) { node in
                    var node = node
                    node.content = .scalar(Path.join(folder, url))
                    return node
                }
            }
        }
        return root
    }

    private static func excerpt(_ mutant: Mutant) -> String {
        let lines = mutant.text.split(separator: "\n", omittingEmptySubsequences: false)
        let shown = max(0, mutant.rows.lowerBound - 5)..<min(lines.count, mutant.rows.upperBound + 2)
        return shown.map { "\($0 + 1) \(lines[$0])" }.joined(separator: "\n")
    }
}

extension Fixture {
    /// The lines of the file `a.yaml` on which something is wrong.
    fileprivate func errorRows() -> [Int] {
        do throws(Problems) {
            _ = try compiler.validate(file: path("a.yaml"))
            return []
        } catch {
            return error.all.filter { $0.severity == .error }.map { problem in
                guard case .source(let location)? = problem.place, location.file == path("a.yaml") else { return 0 }
                return location.row
            }
        }
    }
}
