// SPDX-License-Identifier: Apache-2.0 OR MIT
import Testing

/// The arrows between targets point downwards, in the manifest, in the sources and in the document that explains them.
@Suite struct ArrowTests {
    let repository: Repository
    let manifest: Manifest
    let table: ArchitectureTable

    init() throws {
        repository = Repository.shared
        manifest = Manifest(try #require(repository.file("Package.swift")))
        table = ArchitectureTable(try #require(repository.file("docs/architecture.md")))
    }

    /// Modules that come with the toolchain.
    private static let toolchain: Set<String> = [
        "Swift", "FoundationEssentials", "Foundation", "Synchronization", "Dispatch", "Glibc", "Musl", "Testing",
    ]

    @Test func `the manifest and the folders name the same targets`() {
        let folders = Set(
            repository.paths.filter { $0.hasPrefix("Sources/") && $0.split(separator: "/").count == 2 }.map { $0.dropFirst(8) })
        let elsewhere = (repository.file("Package.swift")?.lines ?? []).filter { $0.contains("path: \"plugins/") }
        let names = manifest.imports.keys.filter { name in !elsewhere.contains { $0.contains("\"\(name)\"") } }
        #expect(Set(names.map { $0[...] }) == folders)
        #expect(manifest.imports["Floria"]?.contains("Support") == true)
    }

    @Test func `the architecture's table has every target and its arrows`() {
        let undocumented = Set(manifest.imports.keys).symmetricDifference(table.rows.map(\.target))
        #expect(undocumented.isEmpty, "either in Package.swift or in docs/architecture.md: \(undocumented.sorted())")
        for row in table.rows {
            let declared = manifest.imports[row.target, default: []].filter { manifest.imports[$0] != nil }
            let differing = row.uses.symmetricDifference(declared)
            #expect(differing.isEmpty, "docs/architecture.md on \(row.target) differs in \(differing.sorted())")
        }
    }

    @Test func `arrows only point downwards`() {
        let order = table.rows.map(\.target)
        for (index, row) in table.rows.enumerated() {
            let upwards = row.uses.subtracting(order[(index + 1)...])
            #expect(upwards.isEmpty, "\(row.target) stands below \(upwards.sorted())")
        }
    }

    @Test func `a source imports only what its target declares`() {
        var findings: [Finding] = []
        for file in repository.swift {
            guard let target = file.target, let declared = manifest.imports[target] else { continue }
            for (index, line) in file.code.enumerated() {
                guard let module = importedModule(line), !declared.contains(module), !Self.toolchain.contains(module) else {
                    continue
                }
                findings.append(Finding(path: file.path, row: index + 1, message: "\(target) doesn't declare \(module)"))
            }
        }
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
    }

    /// The module of an import line: `public import struct Module.Name` gives `Module`.
    private func importedModule(_ line: String) -> String? {
        let words = line.split(separator: " ").drop {
            $0.hasPrefix("@") || ["public", "package", "internal", "private"].contains($0)
        }
        guard words.first == "import" else { return nil }
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor"]
        let path = words.dropFirst().drop { kinds.contains($0) }.first
        return path?.split(separator: ".").first.map(String.init)
    }
}
