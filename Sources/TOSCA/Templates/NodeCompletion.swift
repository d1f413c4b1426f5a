// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Completion {
    /// Completes a node template; nil if its type isn't known.
    func node(_ entry: YAMLNode.Entry) -> NodeTemplate? {
        guard let type = nodeTypes[entry.name] else { return nil }
        let about = self.about(entry.name, entry.value, entry.key.location)
        checkName(entry)
        checkDirectives(entry.value["directives"])
        if selected.contains(entry.name) { return selection(entry, about, type) }
        if let filter = entry.value["node_filter"] {
            diagnostics.report(
                "tosca.ignored-keyname", "‘node_filter’ means something only where the directive is ‘select’",
                at: filter.location,
                severity: .warning)
        }
        let content = types.content(of: type)
        let scope = Scope(subject: .node(entry.name))
        let isChecked = !type.hasBrokenLineage
        var template = NodeTemplate(about: about, type: type)
        template.properties = members(
            entry.value, content.properties, content.attributes, of: about, scope, isChecked: isChecked)
        template.capabilities = capabilities(entry.value["capabilities"], content, of: about, scope, isChecked: isChecked)
        template.artifacts = artifacts(entry.value["artifacts"], content, scope)
        template.interfaces = interfaces(
            entry.value["interfaces"], content.interfaces,
            OperationContext(
                artifacts: template.artifacts, attributes: Set(template.properties.map(\.definition.name)),
                capabilities: content.capabilities, scope: scope, isChecked: isChecked))
        template.requirements = requirements(entry.value["requirements"], content, of: about, type)
        template.count = entry.value["count"].map { types.reader.read($0, Scope(subject: .service)) }
        return template
    }

    private func checkName(_ entry: YAMLNode.Entry) {
        do throws(Problem) {
            _ = try ID(.vertex, parsing: entry.name)
            if entry.name.contains("/") { throw Problem("tosca.malformed-name", "a name cannot contain ‘/’") }
        } catch {
            diagnostics.report("tosca.malformed-name", error.message, at: entry.key.location, hint: error.hint)
        }
    }

    private func checkDirectives(_ node: YAMLNode?) {
        for item in node?.items ?? [] {
            switch item.text ?? "" {
            case "create", "select": break
            case "substitute":
                diagnostics.report(
                    "tosca.not-supported", "the directive ‘\(item.text ?? "")’ is not supported yet", at: item.location)
            default:
                diagnostics.report(
                    "tosca.unknown-directive", "there is no directive ‘\(item.text ?? "")’", at: item.location,
                    hint: "the directives are create, select, substitute")
            }
        }
        if let second = node?.items.dropFirst().first {
            diagnostics.report(
                "tosca.not-supported", "several directives of a node template are not supported yet", at: second.location)
        }
    }

    private func capabilities(
        _ section: YAMLNode?, _ content: TypeContent, of owner: About, _ scope: Scope, isChecked: Bool
    ) -> [CapabilityAssignment] {
        for entry in section?.entries ?? [] where content.capabilities[entry.name] == nil && isChecked {
            diagnostics.report(
                "tosca.unknown-capability", "‘\(owner.name)’ has no capability ‘\(entry.name)’", at: entry.key.location,
                hint: Suggestion.hint(for: entry.name, among: content.capabilities.keys, noun: "capabilities"))
        }
        return content.capabilities.values.sorted { $0.name < $1.name }.map { definition in
            let entry = section?.entries.first { $0.name == definition.name }
            let node = entry?.value ?? YAMLNode(.mapping([]), at: owner.location)
            let about = self.about(definition.name, node, entry?.key.location ?? owner.location)
            return CapabilityAssignment(
                about: about, type: definition.type,
                properties: members(
                    node, definition.properties, definition.attributes, of: about, scope,
                    isChecked: !definition.type.hasBrokenLineage))
        }
    }

    // MARK: Artifacts

    private func artifacts(_ section: YAMLNode?, _ content: TypeContent, _ scope: Scope) -> [Artifact] {
        var definitions = content.artifacts
        for entry in section?.entries ?? [] {
            definitions[entry.name] = ArtifactDefinition(
                name: entry.name, node: entry.value, file: file, location: entry.key.location)
        }
        return definitions.values.sorted { $0.name < $1.name }.compactMap { artifact($0, scope) }
    }

    /// Completes an artifact; nil if it is malformed.
    func artifact(_ definition: ArtifactDefinition, _ scope: Scope) -> Artifact? {
        let node = definition.node
        guard let place = node["file"], let file = place.text, node["type"] != nil else { return nil }
        guard let type = types.catalogue.require(.artifact, node["type"], in: definition.file) else { return nil }
        var artifact = Artifact(about: about(definition.name, node, definition.location), type: type, file: file)
        artifact.properties = assign(
            node["properties"], types.content(of: type).properties, kind: "property", of: artifact.about, scope,
            isChecked: !type.hasBrokenLineage)
        if !type.isA(.reference) {
            artifact.content = content(of: file, place, definition.file)
            checkSum(node, definition.file.place.sibling(file))
        }
        return artifact
    }

    /// The file of an artifact, reported if it cannot be read.
    func content(of file: String, _ place: YAMLNode, _ source: SourceFile) -> ArtifactFile? {
        let found = source.place.sibling(file)
        if let content = artifacts.read(found, file: file) { return content }
        diagnostics.report(
            "tosca.missing-artifact", "the artifact’s file ‘\(found.name)’ cannot be read", at: place.location,
            hint: "paths of artifacts start from the folder of the file that they stand in",
            severity: needsArtifacts ? .error : .warning)
        return nil
    }

    private func checkSum(_ node: YAMLNode, _ file: FilePlace) {
        guard let checksum = node["checksum"], let text = checksum.text else { return }
        guard let algorithm = node["checksum_algorithm"], let name = algorithm.text else {
            diagnostics.report("tosca.missing-keyname", "a ‘checksum’ needs a ‘checksum_algorithm’", at: checksum.location)
            return
        }
        switch artifacts.matches(file, checksum: text, algorithm: name) {
        case true?: break
        case false?:
            diagnostics.report(
                "tosca.wrong-checksum", "the file ‘\(file.name)’ does not have this checksum", at: checksum.location)
        case nil:
            diagnostics.report(
                "tosca.not-supported", "the checksum algorithm ‘\(name)’ is not supported", at: algorithm.location,
                hint: "use SHA-256, SHA-384 or SHA-512")
        }
    }
}
