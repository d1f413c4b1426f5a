// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What all types define, inherited and refined.
final class TypeSystem {
    let catalogue: TypeCatalogue
    let diagnostics: Diagnostics
    let reader: ValueReader
    let functions: FunctionCatalogue
    /// The schemas of the data types, by the text of their IDs.
    var schemas: [String: Schema] = [:]
    private var contents: [ObjectIdentifier: TypeContent] = [:]

    init(_ catalogue: TypeCatalogue, _ functions: FunctionCatalogue, log: ExpressionLog) {
        self.catalogue = catalogue
        diagnostics = catalogue.diagnostics
        self.functions = functions
        reader = ValueReader(diagnostics: diagnostics, log: log, functions: functions)
    }

    /// Completes all types, so that all that is wrong with them is reported.
    func complete() {
        for type in catalogue.types where type.kind == .data { dataSchema(of: type) }
        completeFunctions()
        for type in catalogue.types where type.kind != .data { _ = content(of: type) }
        for type in catalogue.types where type.kind == .node { checkRequirements(of: type) }
        for type in catalogue.types where type.kind == .policy { checkTriggers(of: type) }
    }

    /// What a type defines.
    func content(of type: TypeDefinition) -> TypeContent {
        if let content = contents[ObjectIdentifier(type)] { return content }
        let inherited = type.parent.map(content(of:)) ?? TypeContent()
        let content = build(type, inherited)
        contents[ObjectIdentifier(type)] = content
        return content
    }

    private func build(_ type: TypeDefinition, _ inherited: TypeContent) -> TypeContent {
        var content = inherited
        let (node, file) = (type.node, type.file)
        let scope = Scope.instance(of: type)
        content.properties = properties(node["properties"], .property, inherited.properties, file, scope: scope)
        content.attributes = properties(node["attributes"], .attribute, inherited.attributes, file, scope: scope)
        for (name, attribute) in content.attributes where content.properties[name] != nil && node["attributes"]?[name] != nil {
            diagnostics.report(
                "tosca.duplicate-attribute", "‘\(name)’ is a property already, which has an attribute of its own",
                at: attribute.location, hint: "leave out the attribute", severity: .warning)
        }
        switch type.kind {
        case .node:
            content.capabilities = capabilities(node["capabilities"], inherited.capabilities, file)
            content.requirements = requirements(node["requirements"], inherited.requirements, type)
            content.interfaces = interfaces(node["interfaces"], inherited.interfaces, file, scope)
            for entry in node["artifacts"]?.entries ?? [] {
                content.artifacts[entry.name] = ArtifactDefinition(
                    name: entry.name, node: entry.value, file: file, location: entry.key.location)
            }
        case .relationship:
            content.interfaces = interfaces(node["interfaces"], inherited.interfaces, file, scope)
            content.allowed["valid_capability_types"] = allowed("valid_capability_types", [.capability], type, inherited)
            content.allowed["valid_target_node_types"] = allowed("valid_target_node_types", [.node], type, inherited)
            content.allowed["valid_source_node_types"] = allowed("valid_source_node_types", [.node], type, inherited)
        case .capability:
            content.allowed["valid_source_node_types"] = allowed("valid_source_node_types", [.node], type, inherited)
            content.allowed["valid_relationship_types"] = allowed("valid_relationship_types", [.relationship], type, inherited)
        case .interface: content.ownInterface = ownInterface(type, inherited.ownInterface)
        case .group: content.allowed["members"] = allowed("members", [.node], type, inherited)
        case .policy:
            content.allowed["targets"] = allowed("targets", [.node, .group], type, inherited)
            content.triggers = triggers(type, inherited)
        case .artifact, .data: break
        }
        return content
    }

    private func allowed(
        _ keyname: String, _ kinds: [TypeKind], _ type: TypeDefinition, _ inherited: TypeContent
    ) -> [TypeDefinition]? {
        allowed(type.node[keyname], kinds, within: inherited.allowed[keyname], type.file)
    }

    /// The types of a list, which may only narrow the list of the type; without a list, the one inherited or that of the type.
    func allowed(
        _ node: YAMLNode?, _ kinds: [TypeKind], within outer: [TypeDefinition]?, _ file: SourceFile,
        otherwise inherited: [TypeDefinition]? = nil
    ) -> [TypeDefinition]? {
        guard let node else { return inherited ?? outer }
        var types: [TypeDefinition] = []
        for item in node.items {
            let name = item.text ?? ""
            let known = kinds.lazy.compactMap { self.catalogue.find($0, name, in: file) }.first
            guard let type = known ?? catalogue.require(kinds[0], item, in: file) else { continue }
            if let outer, !outer.contains(where: { type.isA($0) }) {
                diagnostics.report(
                    "tosca.invalid-refinement", "‘\(name)’ is none of the types allowed by what is refined here",
                    at: item.location,
                    hint: "allowed are \(outer.map(\.name).joined(separator: ", ")) and what derives from them")
            }
            types.append(type)
        }
        return types
    }
}
