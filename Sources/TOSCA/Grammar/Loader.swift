// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Reads a file and, once each, all that it imports. Files may import each other.
final class Loader {
    /// The most files that one design may consist of.
    static let fileLimit = 10_000

    /// The most bytes that one file may have.
    static let sizeLimit = YAMLLimits.standard.size

    let diagnostics: Diagnostics
    /// All files, in the order in which they were read.
    private(set) var files: [SourceFile] = []
    private let imports: ImportResolver
    private var known: [String: SourceFile?] = [:]

    init(diagnostics: Diagnostics, imports: ImportResolver) {
        self.diagnostics = diagnostics
        self.imports = imports
    }

    /// Reads a file and everything that it imports; nil if it cannot be used at all.
    func load(_ place: FilePlace) -> SourceFile? {
        load(place, profile: nil) { problem in self.diagnostics.add(problem) }
    }

    private func load(_ place: FilePlace, profile: String?, missing: (Problem) -> Void) -> SourceFile? {
        let identity = place.repository.identity(of: place.path)
        if let file = known[identity] { return file }
        known[identity] = .some(nil)
        let bytes: [UInt8]
        do throws(Problem) {
            let content = try place.repository.open(place.path, limit: Self.sizeLimit)
            if let problem = YAMLLimits.standard.problem(size: content.size, file: place.name) { throw problem }
            bytes = try content.bytes()
        } catch {
            missing(error)
            return nil
        }
        guard let root = parse(bytes, place.name) else { return nil }
        let file = SourceFile(place: place, root: root, profile: root["profile"]?.text ?? profile, index: files.count)
        known[identity] = file
        files.append(file)
        GrammarChecker(diagnostics: diagnostics).check(root, .record(.file), "the file")
        for entry in root["dsl_definitions"]?.entries ?? [] where entry.value.anchor == nil && entry.value.text != nil {
            diagnostics.report(
                "tosca.no-anchor", "‘\(entry.name)’ has no anchor, so that nothing can refer to it", at: entry.key.location)
        }
        loadImports(of: file)
        return file
    }

    private func parse(_ bytes: [UInt8], _ path: String) -> YAMLNode? {
        let documents: [YAMLNode]
        do {
            documents = try YAML.parse(bytes, file: path)
        } catch {
            error.all.forEach(diagnostics.add)
            return nil
        }
        let start = SourceLocation(file: path, row: 1, column: 1)
        guard let root = documents.first, root.isMapping else {
            diagnostics.report(
                "tosca.no-file", "this is no TOSCA file: it does not hold a map", at: documents.first?.location ?? start)
            return nil
        }
        if documents.count > 1 {
            diagnostics.report(
                "tosca.no-file", "a TOSCA file holds one document, not \(documents.count)", at: documents[1].location)
        }
        return checkVersion(root) ? root : nil
    }

    private func checkVersion(_ root: YAMLNode) -> Bool {
        guard let version = root["tosca_definitions_version"] else {
            diagnostics.report(
                "tosca.no-file", "this is no TOSCA file: it has no ‘tosca_definitions_version’", at: root.location,
                hint: "begin the file with ‘tosca_definitions_version: tosca_2_0’")
            return false
        }
        if root.entries.first?.name != "tosca_definitions_version" {
            diagnostics.report("tosca.version-first", "‘tosca_definitions_version’ must be the first key", at: version.location)
        }
        guard version.text == "tosca_2_0" else {
            diagnostics.report(
                "tosca.unknown-version", "the version \(GrammarChecker.describe(version)) is not supported",
                at: version.location,
                hint: "the supported version is tosca_2_0")
            return false
        }
        if let profile = root["profile"], root["service_template"] != nil {
            diagnostics.report(
                "tosca.profile-with-service", "a file with a profile cannot have a service template as well",
                at: profile.location)
        }
        return true
    }

    private func loadImports(of file: SourceFile) {
        let items = file.root["imports"]?.items ?? []
        // What is in a repository comes last: another import may be what defines the repository.
        for item in items.filter({ $0["repository"] == nil }) + items.filter({ $0["repository"] != nil }) {
            guard let (place, node) = imports.place(of: item, in: file) else { continue }
            if files.count >= Self.fileLimit, known[place.repository.identity(of: place.path)] == nil {
                diagnostics.report(
                    "tosca.too-many-files", "the design consists of more than \(Self.fileLimit) files", at: item.location)
                return
            }
            let profile = item["profile"] == nil ? file.profile : nil
            let imported = load(place, profile: profile) { imports.report($0, node) }
            if let imported {
                file.imports.append(.init(file: imported, namespace: item["namespace"]?.text, location: node.location))
            }
        }
    }
}
