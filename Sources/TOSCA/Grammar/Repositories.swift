// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What the names of repositories mean.
enum Repositories {
    /// The repository that a name means in a file: its own or, with their namespaces, those of the files that it imports.
    static func find(_ name: String, in file: SourceFile) -> YAMLNode? {
        var visited: Set<Int> = []
        return find(name, in: file, &visited)
    }

    /// Checks the repositories of a file: names that an imported one has as well, and contents that nobody should write there.
    static func check(_ file: SourceFile, _ diagnostics: Diagnostics) {
        for entry in file.root["repositories"]?.entries ?? [] {
            var visited: Set<Int> = [file.index]
            let imported = file.imports.filter { $0.namespace == nil }.lazy
            if let other = imported.compactMap({ find(entry.name, in: $0.file, &visited) }).first {
                diagnostics.report(
                    "tosca.duplicate-name", "there is an imported repository ‘\(entry.name)’ already", at: entry.key.location,
                    related: [.init("the imported one", at: .source(other.location))], hint: "import it into a namespace")
            }
            if let credential = entry.value.entries.first(where: { $0.name == "credential" }) {
                diagnostics.report(
                    "tosca.ignored-keyname", "credentials in a design are ignored, because everybody can read them",
                    at: credential.key.location, severity: .warning)
            }
        }
    }

    private static func find(_ name: String, in file: SourceFile, _ visited: inout Set<Int>) -> YAMLNode? {
        if let repository = file.root["repositories"]?[name] { return repository }
        guard visited.insert(file.index).inserted else { return nil }
        for item in file.imports {
            if let namespace = item.namespace {
                guard name.hasPrefix(namespace + ":") else { continue }
                var inner: Set<Int> = []
                let rest = String(name.dropFirst(namespace.count + 1))
                if let repository = find(rest, in: item.file, &inner) { return repository }
            } else if let repository = find(name, in: item.file, &visited) {
                return repository
            }
        }
        return nil
    }
}
