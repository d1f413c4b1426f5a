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
        checkAlgorithm(node)
        if let found = self.place(of: file, node, definition.file), !type.isA(.reference) {
            artifact.content = content(of: file, at: found, place)
            if artifact.content != nil { checkSum(node, found) }
        }
        return artifact
    }

    /// The file of an artifact that is named without any definition, reported if it cannot be read.
    func content(of file: String, _ node: YAMLNode, _ source: SourceFile) -> ArtifactFile? {
        place(of: file, node, source).flatMap { content(of: file, at: $0, node) }
    }

    /// The file of an artifact, reported if it cannot be read. What has to be fetched is left alone while a design is only
    /// validated.
    private func content(of file: String, at found: FilePlace, _ node: YAMLNode) -> ArtifactFile? {
        if diagnostics.purpose == .validating, found.repository.isRemote { return nil }
        do throws(Problem) {
            return try artifacts.read(found, file: file)
        } catch {
            report("‘\(found.name)’ cannot be read", error, node)
            return nil
        }
    }

    private func report(_ what: String, _ problem: Problem, _ node: YAMLNode) {
        let isPath = problem.code == "tosca.cannot-read"
        diagnostics.report(
            "tosca.missing-artifact", "the artifact’s file \(what)\(isPath ? "" : ": \(problem.message)")", at: node.location,
            hint: isPath ? "paths of artifacts start from the folder of the file that they stand in" : problem.hint,
            severity: diagnostics.purpose == .compiling ? .error : .warning)
    }

    /// Where the file of an artifact lies: in its repository, at its address, or seen from the file that it stands in. Names of
    /// other kinds, such as those of images, look like addresses of an unknown scheme, so it takes the `//` to make one.
    private func place(of file: String, _ node: YAMLNode, _ source: SourceFile) -> FilePlace? {
        let scheme = Path.scheme(of: file)
        let isAddress = scheme.map { file.dropFirst($0.count).hasPrefix("://") || ["file", "git"].contains($0) } ?? false
        do throws(Problem) {
            if let repository = node["repository"], let name = repository.text {
                guard let (found, owner) = Repositories.find(name, in: source) else {
                    Repositories.report(name, repository, in: source, diagnostics)
                    return nil
                }
                guard let base = found["url"]?.text ?? found.text else { return nil }
                return try owner.place.resolve(Repositories.address(of: file, in: base), by: artifacts.addresses)
            }
            return isAddress ? try artifacts.addresses.place(of: file, in: source.place) : source.place.sibling(file)
        } catch {
            report("‘\(file)’ cannot be reached", error, node["file"] ?? node)
            return nil
        }
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
