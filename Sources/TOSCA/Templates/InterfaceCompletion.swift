// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// What the operations of a template can refer to.
struct OperationContext {
    /// The artifacts that can be named as implementations.
    var artifacts: [Artifact]
    /// The names of the attributes and properties that outputs can go to.
    var attributes: Set<String>
    /// The capabilities whose attributes outputs can go to.
    var capabilities: [String: CapabilityDefinition]
    var scope: Scope
    var isChecked: Bool
    /// Whether interfaces that the type lacks are only worth a warning.
    var isLenient = false
}

extension Completion {
    /// Completes the interfaces of a node or relationship.
    func interfaces(
        _ section: YAMLNode?, _ definitions: [String: InterfaceDefinition], _ context: OperationContext
    ) -> [InterfaceAssignment] {
        for entry in section?.entries ?? [] where definitions[entry.name] == nil && context.isChecked {
            diagnostics.report(
                "tosca.unknown-interface", "there is no interface ‘\(entry.name)’ here", at: entry.key.location,
                hint: Suggestion.hint(for: entry.name, among: definitions.keys, noun: "interfaces"),
                severity: context.isLenient ? .warning : .error)
        }
        return definitions.values.sorted { $0.name < $1.name }.map { definition in
            interface(definition, section?.entries.first { $0.name == definition.name }, context)
        }
    }

    private func interface(
        _ definition: InterfaceDefinition, _ entry: YAMLNode.Entry?, _ context: OperationContext
    ) -> InterfaceAssignment {
        let node = entry?.value ?? YAMLNode(.mapping([]), at: definition.location)
        let about = self.about(definition.name, node, entry?.key.location ?? definition.location)
        var interface = InterfaceAssignment(about: about, type: definition.type)
        interface.inputs = assign(node["inputs"], definition.inputs, kind: "input", of: about, context.scope, isOpen: true)
        checkNames(node["operations"], definition.operations, "operation", of: about)
        checkNames(node["notifications"], definition.notifications, "notification", of: about)
        interface.operations = definition.operations.values.sorted { $0.name < $1.name }.map { operation in
            self.operation(operation, node["operations"]?.entries.first { $0.name == operation.name }, context)
        }
        return interface
    }

    private func checkNames(_ section: YAMLNode?, _ known: [String: OperationDefinition], _ noun: String, of owner: About) {
        for entry in section?.entries ?? [] where known[entry.name] == nil {
            diagnostics.report(
                "tosca.unknown-\(noun)", "‘\(owner.name)’ has no \(noun) ‘\(entry.name)’", at: entry.key.location,
                hint: Suggestion.hint(for: entry.name, among: known.keys, noun: "\(noun)s"))
        }
    }

    private func operation(
        _ definition: OperationDefinition, _ entry: YAMLNode.Entry?, _ context: OperationContext
    ) -> OperationAssignment {
        let node = entry?.value ?? YAMLNode(.mapping([]), at: definition.location)
        let about = self.about(definition.name, node, entry?.key.location ?? definition.location)
        var operation = OperationAssignment(about: about)
        operation.inputs = assign(node["inputs"], definition.inputs, kind: "input", of: about, context.scope, isOpen: true)
        for output in definition.outputs.values {
            if let mapping = output.mapping { operation.outputs[output.name] = self.mapping(mapping, context) }
        }
        operation.secretOutputs = Set(definition.outputs.values.filter { $0.schema.isSecret(in: types.schemas) }.map(\.name))
        for output in node["outputs"]?.entries ?? [] {
            operation.outputs[output.name] = mapping(output.value, context)
        }
        var implementation = definition.implementation
        if let entry, let node = entry.value.isMapping ? entry.value["implementation"] : entry.value {
            implementation = Implementation(node: node, file: file)
        }
        operation.call = implementation.flatMap { call($0, context) }
        operation.timeout = implementation?.node["timeout"].flatMap(timeout)
        return operation
    }

    /// Where an output goes: `[SELF, ATTRIBUTE]` or `[SELF, CAPABILITY, NAME, ATTRIBUTE]`.
    private func mapping(_ node: YAMLNode, _ context: OperationContext) -> (capability: String, attribute: String)? {
        let steps = node.texts
        let result: (capability: String, attribute: String)
        if steps.count == 2, steps[0] == "SELF" {
            result = ("", steps[1])
        } else if steps.count == 4, steps[0] == "SELF", steps[1] == "CAPABILITY" {
            result = (steps[2], steps[3])
        } else {
            diagnostics.report(
                "tosca.not-supported",
                "an output can only go to a whole attribute of the same node or of one of its capabilities",
                at: node.location, hint: "write [SELF, ATTRIBUTE] or [SELF, CAPABILITY, NAME, ATTRIBUTE]")
            return nil
        }
        check(result, node, context)
        return result
    }

    private func check(_ target: (capability: String, attribute: String), _ node: YAMLNode, _ context: OperationContext) {
        guard context.isChecked else { return }
        var attributes = context.attributes
        if !target.capability.isEmpty {
            guard let capability = context.capabilities[target.capability] else {
                diagnostics.report(
                    "tosca.unknown-capability", "there is no capability ‘\(target.capability)’ here", at: node.location,
                    hint: Suggestion.hint(for: target.capability, among: context.capabilities.keys, noun: "capabilities"))
                return
            }
            attributes = Set(capability.attributes.keys).union(capability.properties.keys)
        }
        if !attributes.contains(target.attribute) {
            diagnostics.report(
                "tosca.unknown-attribute", "there is no attribute ‘\(target.attribute)’ here", at: node.location,
                hint: Suggestion.hint(for: target.attribute, among: attributes, noun: "attributes"))
        }
    }

    // MARK: Implementations

    /// The seconds that an execution may take.
    private func timeout(_ node: YAMLNode) -> Int? {
        if let seconds = PlainScalar(node).value?.integer, seconds > 0 { return seconds }
        diagnostics.report("tosca.malformed-timeout", "the timeout is no number of seconds above 0", at: node.location)
        return nil
    }

    /// The call that an implementation comes to.
    private func call(_ implementation: Implementation, _ context: OperationContext) -> Call? {
        let node = implementation.node
        guard let primary = node.isMapping ? node["primary"] : node else { return nil }
        if primary.isMapping {
            let definition = ArtifactDefinition(
                name: primary["file"]?.text ?? "", node: primary, file: implementation.file, location: primary.location)
            return artifact(definition, context.scope).flatMap { call($0, primary) }
        }
        let name = primary.text ?? ""
        if let artifact = context.artifacts.first(where: { $0.about.name == name }) { return call(artifact, primary) }
        guard name.contains(".") || name.contains("/") else {
            diagnostics.report(
                "tosca.unknown-artifact", "there is no artifact ‘\(name)’ here", at: primary.location,
                hint: Suggestion.hint(for: name, among: context.artifacts.map(\.about.name), noun: "artifacts"))
            return nil
        }
        var artifact = Artifact(about: About(name: name, location: primary.location), file: name)
        artifact.content = content(of: name, primary, implementation.file)
        return call(artifact, primary)
    }

    private func call(_ artifact: Artifact, _ node: YAMLNode) -> Call? {
        if let type = artifact.type, type.isA(.function) {
            if let name = FunctionName(artifact.file) { return Call(name) }
            diagnostics.report(
                "tosca.malformed-name", "‘\(artifact.file)’ is no name of a function", at: node.location,
                hint: "write PLUGIN:FUNCTION")
            return nil
        }
        if let type = artifact.type, type.isA(.reference) {
            diagnostics.report(
                "tosca.wrong-type", "an artifact of the type ‘\(type.name)’ cannot implement an operation", at: node.location)
            return nil
        }
        return artifact.content.map {
            implementations.append($0)
            let name = String($0.file.split(separator: "/").last ?? "")
            return Call(FunctionName(plugin: "khutulun", name: "script"), [.text($0.digest), .text(name)])
        }
    }
}
