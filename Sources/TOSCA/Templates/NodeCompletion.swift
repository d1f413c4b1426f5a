// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Completion {
    /// Completes a node template; nil if its type isn't known.
    func node(_ entry: YAMLNode.Entry) -> NodeTemplate? {
        guard let type = nodeTypes[entry.name] else { return nil }
        let about = self.about(entry.name, entry.value, entry.key.location)
        checkName(entry)
        let directives = directives(entry.value["directives"])
        if directives == [.select] { return selection(entry, about, type) }
        if let filter = entry.value["node_filter"], !directives.contains(.select) {
            diagnostics.report(
                "tosca.ignored-keyname", "‘node_filter’ means something only where the directive is ‘select’",
                at: filter.location,
                severity: .warning)
        }
        let content = types.content(of: type)
        let scope = Scope(subject: .node(entry.name))
        let isChecked = !type.hasBrokenLineage
        var template = NodeTemplate(about: about, type: type)
        template.directives = directives
        if directives.contains(.select) { template.selection = selection(entry) }
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
        template.count = entry.value["count"].map {
            types.reader.read($0, Scope(subject: .service), expecting: .integer, name: "count")
        }
        template.reflectAttributes()
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

    /// What a node template asks for, in order.
    private func directives(_ node: YAMLNode?) -> [Directive] {
        var directives: [Directive] = []
        for item in node?.items ?? [] {
            guard let directive = Directive(rawValue: item.text ?? "") else {
                diagnostics.report(
                    "tosca.unknown-directive", "there is no directive ‘\(item.text ?? "")’", at: item.location,
                    hint: "the directives are create, select, substitute")
                continue
            }
            if !directives.contains(directive) { directives.append(directive) }
        }
        return directives.isEmpty ? [.create] : directives
    }

    private func capabilities(
        _ section: YAMLNode?, _ content: TypeContent, of owner: About, _ scope: Scope, isChecked: Bool
    ) -> [CapabilityAssignment] {
        for entry in section?.entries ?? [] { checkScopes(entry.value["directives"], "a capability") }
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
                    isChecked: !definition.type.hasBrokenLineage),
                validSources: definition.validSources ?? [], validRelationships: definition.validRelationships ?? [])
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
}
