// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Completion {
    /// Completes an artifact; nil if it is malformed.
    func artifact(_ definition: ArtifactDefinition, _ scope: Scope) -> Artifact? {
        let node = definition.node
        guard let place = node["file"], let file = place.text, node["type"] != nil else { return nil }
        guard let type = types.catalogue.require(.artifact, node["type"], in: definition.file) else { return nil }
        var artifact = Artifact(about: about(definition.name, node, definition.location), type: type, file: file)
        let properties = types.content(of: type).properties
        // A type that says nothing of properties leaves them to what processes the artifact.
        artifact.properties = assign(
            node["properties"], properties, kind: "property", of: artifact.about, scope, isOpen: properties.isEmpty,
            isChecked: !type.hasBrokenLineage)
        checkExtension(file, type, place)
        let isOurs = checkRepository(node, definition.file)
        checkAlgorithm(node)
        if isOurs, !type.isA(.reference) {
            artifact.content = content(of: file, place, definition.file)
            checkSum(node, definition.file.place.sibling(file))
        }
        return artifact
    }

    /// The file of an artifact, reported if it cannot be read.
    func content(of file: String, _ place: YAMLNode, _ source: SourceFile) -> ArtifactFile? {
        if let scheme = Path.scheme(of: file), file.dropFirst(scheme.count).hasPrefix("://") {
            diagnostics.unsupported(
                "the artifact ‘\(file)’ is not a file of the design, which is not supported yet", at: place.location,
                hint: "download it, and give its path")
            return nil
        }
        let found = source.place.sibling(file)
        if let content = artifacts.read(found, file: file) { return content }
        diagnostics.report(
            "tosca.missing-artifact", "the artifact’s file ‘\(found.name)’ cannot be read", at: place.location,
            hint: "paths of artifacts start from the folder of the file that they stand in",
            severity: diagnostics.purpose == .compiling ? .error : .warning)
        return nil
    }

    /// Whether the file's name ends as the type, or what it derives from, says.
    private func checkExtension(_ file: String, _ type: TypeDefinition, _ place: YAMLNode) {
        guard let owner = type.lineage.first(where: { $0.node["file_ext"] != nil }), let list = owner.node["file_ext"] else {
            return
        }
        let extensions = list.texts.map { $0.hasPrefix(".") ? String($0.dropFirst()) : $0 }
        let name = (file.split(separator: "/").last ?? "").lowercased()
        if extensions.isEmpty || extensions.contains(where: { name.hasSuffix(".\($0.lowercased())") }) { return }
        diagnostics.report(
            "tosca.wrong-extension", "the name of a file of the type ‘\(type.name)’ does not end like ‘\(file)’",
            at: place.location, related: [.init("the endings are told here", at: .source(list.location))],
            hint: "it ends in \(extensions.map { ".\($0)" }.joined(separator: ", "))")
    }

    /// Whether the artifact is a file of the design, and not one of a repository.
    private func checkRepository(_ node: YAMLNode, _ source: SourceFile) -> Bool {
        guard let place = node["repository"], let name = place.text else { return true }
        if Repositories.find(name, in: source) == nil {
            diagnostics.report(
                "tosca.unknown-repository", "there is no repository ‘\(name)’", at: place.location,
                hint: Suggestion.hint(
                    for: name, among: source.root["repositories"]?.entries.map(\.name) ?? [], noun: "repositories"))
        }
        return false
    }

    private func checkAlgorithm(_ node: YAMLNode) {
        guard let checksum = node["checksum"], node["checksum_algorithm"] == nil else { return }
        diagnostics.report("tosca.missing-keyname", "a ‘checksum’ needs a ‘checksum_algorithm’", at: checksum.location)
    }

    private func checkSum(_ node: YAMLNode, _ file: FilePlace) {
        guard let checksum = node["checksum"], let text = checksum.text else { return }
        guard let algorithm = node["checksum_algorithm"], let name = algorithm.text else { return }
        switch artifacts.matches(file, checksum: text, algorithm: name) {
        case true?: break
        case false?:
            diagnostics.report(
                "tosca.wrong-checksum", "the file ‘\(file.name)’ does not have this checksum", at: checksum.location)
        case nil:
            diagnostics.unsupported(
                "the checksum algorithm ‘\(name)’ is not supported", at: algorithm.location,
                hint: "use SHA-256, SHA-384 or SHA-512")
        }
    }
}
