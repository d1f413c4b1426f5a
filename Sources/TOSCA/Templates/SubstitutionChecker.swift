// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Completion {
    /// Checks a substitution mapping against the type of the nodes to be substituted and against the service that does it.
    func checkSubstitution(_ node: YAMLNode, _ service: ServiceTemplate) {
        guard let type = types.catalogue.require(.node, node["node_type"], in: file) else { return }
        if type.hasBrokenLineage { return }
        let checker = SubstitutionChecker(
            type: type, service: service, types: types, nodeTypes: nodeTypes, selected: selected,
            workflows: Set(workflowInputs.keys))
        checker.check(node)
    }
}

/// Checks a substitution mapping against both of its sides. Chapter 15 of the standard.
struct SubstitutionChecker {
    /// The type of the nodes to be substituted.
    let type: TypeDefinition
    let service: ServiceTemplate
    let types: TypeSystem
    let nodeTypes: [String: TypeDefinition]
    let selected: Set<String>
    let workflows: Set<String>
    private var diagnostics: Diagnostics { types.diagnostics }
    private var content: TypeContent { types.content(of: type) }

    init(
        type: TypeDefinition, service: ServiceTemplate, types: TypeSystem, nodeTypes: [String: TypeDefinition],
        selected: Set<String>, workflows: Set<String>
    ) {
        self.type = type
        self.service = service
        self.types = types
        self.nodeTypes = nodeTypes
        self.selected = selected
        self.workflows = workflows
    }

    /// Checks all mappings.
    func check(_ node: YAMLNode) {
        let inputs = Dictionary(service.inputs.map { ($0.definition.name, $0.definition) }) { first, _ in first }
        let outputs = Dictionary(service.outputs.map { ($0.definition.name, $0.definition) }) { first, _ in first }
        checkValues(node["properties"], "property", inputs, "input") { source, target in (source, target) }
        checkValues(node["attributes"], "attribute", outputs, "output") { target, source in (source, target) }
        let mapped = Set((node["properties"]?.mapping ?? []).compactMap(\.value.text))
        for input in inputs.values.sorted(by: { $0.name < $1.name })
        where input.isRequired && input.defaultValue == nil && !mapped.contains(input.name) {
            diagnostics.report(
                "tosca.unmapped-input", "no property is mapped to the input ‘\(input.name)’, which has no default",
                at: (node["properties"] ?? node).location, related: [.init("defined here", at: .source(input.location))])
        }
        for entry in node["capabilities"]?.entries ?? [] { checkCapability(entry) }
        checkRequirements(node["requirements"])
        for entry in node["interfaces"]?.entries ?? [] { checkInterface(entry) }
    }

    /// Reports a name that isn't there.
    func missing(_ noun: String, _ name: YAMLNode, _ owner: String, _ names: some Sequence<String>) {
        let plural = noun.hasSuffix("y") ? "\(noun.dropLast())ies" : "\(noun)s"
        diagnostics.report(
            "tosca.unknown-\(noun)", "‘\(owner)’ has no \(noun) ‘\(name.text ?? "")’", at: name.location,
            hint: Suggestion.hint(for: name.text ?? "", among: names, noun: plural))
    }

    // MARK: Properties and attributes

    /// - Parameter flow: of the definition in the type and that of the service, where the value comes from and where it goes.
    private func checkValues(
        _ section: YAMLNode?, _ kind: String, _ parameters: [String: PropertyDefinition], _ noun: String,
        _ flow: (PropertyDefinition, PropertyDefinition) -> (source: PropertyDefinition, target: PropertyDefinition)
    ) {
        for (key, value) in section?.mapping ?? [] {
            let parameter = parameters[value.text ?? ""]
            if parameter == nil { missing(noun, value, service.about.name, parameters.keys) }
            guard let definition = definition(at: key, kind), let parameter else { continue }
            let (source, target) = flow(definition, parameter)
            guard let given = source.type, let wanted = target.type, !given.isA(wanted) else { continue }
            diagnostics.report(
                "tosca.wrong-type", "‘\(source.name)’ is of the type ‘\(given.name)’, and ‘\(target.name)’ of ‘\(wanted.name)’",
                at: value.location, related: [.init("defined here", at: .source(parameter.location))])
        }
    }

    /// What a key of a mapping means: a name, or a path through a capability or a requirement.
    private func definition(at key: YAMLNode, _ kind: String) -> PropertyDefinition? {
        guard key.isSequence else { return find(key, kind, content.properties, content.attributes, type.name) }
        let items = key.items
        guard items.count >= 3, let name = items.last else { return malformed(key) }
        switch items[0].text {
        case "CAPABILITY" where items.count == 3:
            guard let capability = content.capabilities[items[1].text ?? ""] else {
                missing("capability", items[1], type.name, content.capabilities.keys)
                return nil
            }
            return find(name, kind, capability.properties, capability.attributes, capability.name)
        case "RELATIONSHIP" where items.count <= 4:
            guard let requirement = content.requirements.first(where: { $0.name == items[1].text }) else {
                missing("requirement", items[1], type.name, content.requirements.map(\.name))
                return nil
            }
            if items.count == 4, items[2].text != "ALL", PlainScalar(items[2]).value?.integer ?? -1 < 0 {
                return malformed(key)
            }
            var found = find(name, kind, requirement.properties, requirement.attributes, requirement.name)
            // All values together are a list.
            if items.count == 4, items[2].text == "ALL" { found?.type = nil }
            return found
        default: return malformed(key)
        }
    }

    private func find(
        _ name: YAMLNode, _ kind: String, _ properties: [String: PropertyDefinition],
        _ attributes: [String: PropertyDefinition], _ owner: String
    ) -> PropertyDefinition? {
        let known = kind == "attribute" ? attributes.merging(properties) { first, _ in first } : properties
        if let definition = known[name.text ?? ""] { return definition }
        missing(kind, name, owner, known.keys)
        return nil
    }

    private func malformed(_ key: YAMLNode) -> PropertyDefinition? {
        diagnostics.report(
            "tosca.malformed-mapping", "this is no path to a property or attribute of the substituted node", at: key.location,
            hint: "write NAME, [CAPABILITY, CAPABILITY, NAME] or [RELATIONSHIP, REQUIREMENT, INDEX, NAME]")
        return nil
    }

    // MARK: Capabilities and interfaces

    private func checkCapability(_ entry: YAMLNode.Entry) {
        let outer = content.capabilities[entry.name]
        if outer == nil { missing("capability", entry.key, type.name, content.capabilities.keys) }
        guard entry.value.items.count == 2, let node = entry.value.items.first else {
            diagnostics.report(
                "tosca.malformed-mapping", "a capability is mapped to a node template and a capability of it",
                at: entry.value.location, hint: "write [NODE, CAPABILITY]")
            return
        }
        guard let template = template(node) else { return }
        let capabilities = types.content(of: template).capabilities
        guard let inner = capabilities[entry.value.items[1].text ?? ""] else {
            if !template.hasBrokenLineage { missing("capability", entry.value.items[1], template.name, capabilities.keys) }
            return
        }
        guard let outer, !inner.type.isA(outer.type), !inner.type.hasBrokenLineage else { return }
        diagnostics.report(
            "tosca.wrong-type",
            "‘\(inner.name)’ is of the type ‘\(inner.type.name)’, and ‘\(outer.name)’ of ‘\(outer.type.name)’",
            at: entry.value.items[1].location, related: [.init("defined here", at: .source(outer.location))])
    }

    /// The type of a node template, reported if there is none.
    func template(_ node: YAMLNode) -> TypeDefinition? {
        let name = node.text ?? ""
        if let type = nodeTypes[name] { return type }
        if !service.nodeNames.contains(name) {
            diagnostics.report(
                "tosca.unknown-node", "there is no node template ‘\(name)’", at: node.location,
                hint: Suggestion.hint(for: name, among: nodeTypes.keys, noun: "node templates"))
        }
        return nil
    }

    private func checkInterface(_ entry: YAMLNode.Entry) {
        guard let interface = content.interfaces[entry.name] else {
            return missing("interface", entry.key, type.name, content.interfaces.keys)
        }
        for operation in entry.value.entries {
            if interface.operations[operation.name] == nil {
                missing("operation", operation.key, interface.name, interface.operations.keys)
            }
            if !workflows.contains(operation.value.text ?? "") {
                missing("workflow", operation.value, service.about.name, workflows)
            }
        }
    }
}
