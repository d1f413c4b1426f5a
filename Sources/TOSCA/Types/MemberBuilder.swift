// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension TypeSystem {
    /// The capabilities of a node type.
    func capabilities(
        _ section: YAMLNode?, _ inherited: [String: CapabilityDefinition], _ file: SourceFile
    ) -> [String: CapabilityDefinition] {
        var definitions = inherited
        for entry in section?.entries ?? [] {
            if let definition = capability(entry, inherited[entry.name], file) { definitions[entry.name] = definition }
        }
        return definitions
    }

    private func capability(
        _ entry: YAMLNode.Entry, _ inherited: CapabilityDefinition?, _ file: SourceFile
    ) -> CapabilityDefinition? {
        let node = entry.value
        let name = node["type"] ?? (node.isMapping ? nil : node)
        if name == nil, inherited == nil {
            diagnostics.report(
                "tosca.missing-keyname", "‘\(entry.name)’ has no ‘type’, which a capability needs", at: entry.key.location)
        }
        let found = catalogue.require(.capability, name, in: file)
        guard let type = found ?? inherited?.type else { return nil }
        if let old = inherited?.type, !type.isA(old) {
            refuse(
                "the type ‘\(type.name)’ does not derive from the refined type ‘\(old.name)’",
                at: name?.location ?? node.location)
        }
        let content = self.content(of: type)
        let keeps = inherited.map { $0.type === type } ?? false
        return CapabilityDefinition(
            name: entry.name, type: type,
            properties: properties(
                node["properties"], .property, keeps ? inherited?.properties ?? [:] : content.properties, file, isClosed: true),
            attributes: properties(
                node["attributes"], .attribute, keeps ? inherited?.attributes ?? [:] : content.attributes, file, isClosed: true),
            validSources: allowed(
                node["valid_source_node_types"], [.node], within: content.allowed["valid_source_node_types"], file,
                otherwise: keeps ? inherited?.validSources : nil),
            validRelationships: allowed(
                node["valid_relationship_types"], [.relationship], within: content.allowed["valid_relationship_types"], file,
                otherwise: keeps ? inherited?.validRelationships : nil),
            location: entry.key.location)
    }

    /// The requirements of a node type, in order.
    func requirements(
        _ section: YAMLNode?, _ inherited: [RequirementDefinition], _ type: TypeDefinition
    ) -> [RequirementDefinition] {
        var definitions = inherited
        var seen: [String: SourceLocation] = [:]
        for entry in section?.named ?? [] {
            if let first = seen[entry.name] {
                diagnostics.report(
                    "tosca.duplicate-name", "the requirement ‘\(entry.name)’ stands twice in one node type",
                    at: entry.key.location,
                    related: [.init("first here", at: .source(first))])
                continue
            }
            seen[entry.name] = entry.key.location
            let index = definitions.firstIndex { $0.name == entry.name }
            let definition = requirement(entry, index.map { definitions[$0] }, type)
            if let index { definitions[index] = definition } else { definitions.append(definition) }
        }
        return definitions
    }

    private func requirement(
        _ entry: YAMLNode.Entry, _ inherited: RequirementDefinition?, _ type: TypeDefinition
    ) -> RequirementDefinition {
        let (node, file) = (entry.value, type.file)
        var definition = inherited ?? RequirementDefinition(name: entry.name, location: entry.key.location, file: file)
        definition.location = entry.key.location
        definition.file = file
        if let name = node["node"] {
            let target = catalogue.require(.node, name, in: file)
            narrow(target, definition.node, at: name.location)
            definition.node = target ?? definition.node
        }
        requirementCapability(node, file, inherited, &definition)
        let scope = Scope(subject: .requirement(type, entry.name))
        relationship(entry, file, inherited, &definition, scope)
        if let filter = node["node_filter"] {
            definition.filters.append(filter)
            _ = reader.read(filter, scope, expecting: .boolean, name: "node_filter")
        }
        countRange(node["count_range"], inherited, &definition)
        return definition
    }

    private func narrow(_ type: TypeDefinition?, _ old: TypeDefinition?, at location: SourceLocation) {
        guard let type, let old, !type.isA(old) else { return }
        refuse("‘\(type.name)’ does not derive from the refined ‘\(old.name)’", at: location)
    }

    private func requirementCapability(
        _ node: YAMLNode, _ file: SourceFile, _ inherited: RequirementDefinition?, _ definition: inout RequirementDefinition
    ) {
        guard let name = node.isMapping ? node["capability"] : node, let text = name.text else {
            if inherited == nil {
                diagnostics.report(
                    "tosca.missing-keyname", "‘\(definition.name)’ has no ‘capability’, which a requirement definition needs",
                    at: definition.location)
            }
            return
        }
        if let old = inherited?.capabilityName {
            if old != text {
                refuse("the capability ‘\(old)’ is meant by its name, which cannot be changed", at: name.location)
            }
        } else if let type = catalogue.find(.capability, text, in: file) {
            narrow(type, definition.capability, at: name.location)
            definition.capability = type
        } else if definition.node != nil {
            definition.capabilityName = text
        } else if node["node"] == nil {
            _ = catalogue.require(.capability, name, in: file)
        }
    }

    private func relationship(
        _ entry: YAMLNode.Entry, _ file: SourceFile, _ inherited: RequirementDefinition?,
        _ definition: inout RequirementDefinition, _ scope: Scope
    ) {
        guard let node = entry.value["relationship"] else {
            if inherited == nil, entry.value.isMapping {
                diagnostics.report(
                    "tosca.missing-keyname", "‘\(entry.name)’ has no ‘relationship’, which a requirement definition needs",
                    at: entry.key.location)
            }
            return
        }
        let name = node.isMapping ? node["type"] : node
        if name == nil, inherited == nil {
            diagnostics.report("tosca.missing-keyname", "‘relationship’ has no ‘type’", at: node.location)
        }
        let type = catalogue.require(.relationship, name, in: file)
        narrow(type, definition.relationship, at: node.location)
        if let type, type !== definition.relationship {
            let content = self.content(of: type)
            definition.relationship = type
            definition.properties = content.properties
            definition.attributes = content.attributes
            definition.interfaces = content.interfaces
        }
        guard definition.relationship != nil, node.isMapping else { return }
        definition.properties = properties(
            node["properties"], .property, definition.properties, file, isClosed: true, scope: scope)
        definition.attributes = properties(
            node["attributes"], .attribute, definition.attributes, file, isClosed: true, scope: scope)
        definition.interfaces = interfaces(node["interfaces"], definition.interfaces, file, scope)
    }

    private func countRange(_ node: YAMLNode?, _ inherited: RequirementDefinition?, _ definition: inout RequirementDefinition) {
        guard let node, node.items.count == 2, let low = PlainScalar(node.items[0]).value?.integer else { return }
        let high = PlainScalar(node.items[1]).value?.integer
        if let inherited, low < inherited.lowerBound || (high ?? .max) > (inherited.upperBound ?? .max) {
            refuse("the range of ‘\(definition.name)’ is not within the refined one", at: node.location)
        }
        (definition.lowerBound, definition.upperBound) = (low, high)
    }
}
