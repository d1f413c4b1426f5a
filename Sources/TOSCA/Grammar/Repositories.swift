// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What the names of repositories mean.
enum Repositories {
    /// The repository that a name means in a file, and the file that defines it: its own or, with their namespaces, those of the
    /// files that it imports. Of these, the ones that were read so far are looked at.
    static func find(_ name: String, in file: SourceFile) -> (YAMLNode, SourceFile)? {
        var visited: Set<Int> = []
        return find(name, in: file, &visited)
    }

    /// Reports a name that means no repository.
    static func report(_ name: String, _ node: YAMLNode, in file: SourceFile, _ diagnostics: Diagnostics) {
        diagnostics.report(
            "tosca.unknown-repository", "there is no repository ‘\(name)’", at: node.location,
            hint: Suggestion.hint(
                for: name, among: file.root["repositories"]?.entries.map(\.name) ?? [], noun: "repositories"))
    }

    /// The address of a file by its path from the root of a repository.
    static func address(of path: String, in repository: String) -> String {
        let path = path.drop { $0 == "/" }
        let isGit = Path.scheme(of: repository)?.lowercased() == "git"
        let file = repository.split(separator: "!").last ?? ""
        let isArchive = archiveEndings.contains { file.lowercased().hasSuffix($0) }
        if repository.hasSuffix("/") || repository.hasSuffix("!") { return "\(repository)\(path)" }
        return "\(repository)\(isArchive || isGit && !repository.contains("!") ? "!" : "/")\(path)"
    }

    /// How the names of archives end.
    private static let archiveEndings = [".csar", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst"]

    /// Checks the repositories of a file: names that an imported one has as well, and contents that nobody should write there.
    static func check(_ file: SourceFile, _ diagnostics: Diagnostics) {
        for entry in file.root["repositories"]?.entries ?? [] {
            var visited: Set<Int> = [file.index]
            let imported = file.imports.filter { $0.namespace == nil }.lazy
            if let other = imported.compactMap({ find(entry.name, in: $0.file, &visited) }).first {
                diagnostics.report(
                    "tosca.duplicate-name", "there is an imported repository ‘\(entry.name)’ already", at: entry.key.location,
                    related: [.init("the imported one", at: .source(other.0.location))], hint: "import it into a namespace")
            }
            if let credential = entry.value.entries.first(where: { $0.name == "credential" }) {
                diagnostics.report(
                    "tosca.ignored-keyname", "credentials in a design are ignored, because everybody can read them",
                    at: credential.key.location, severity: .warning)
            }
        }
    }

    private static func find(_ name: String, in file: SourceFile, _ visited: inout Set<Int>) -> (YAMLNode, SourceFile)? {
        if let repository = file.root["repositories"]?[name] { return (repository, file) }
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
