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
    /// Whether interfaces that aren't defined can be given inputs.
    var isOpen = false
}

extension Completion {
    /// Completes the interfaces of a node or relationship.
    func interfaces(
        _ section: YAMLNode?, _ definitions: [String: InterfaceDefinition], _ context: OperationContext
    ) -> [InterfaceAssignment] {
        for entry in section?.entries ?? [] where definitions[entry.name] == nil && context.isChecked {
            if context.isOpen, definitions.isEmpty, entry.value["operations"] == nil, entry.value["notifications"] == nil {
                undefined(entry, context.scope)
                continue
            }
            diagnostics.report(
                "tosca.unknown-interface", "there is no interface ‘\(entry.name)’ here", at: entry.key.location,
                hint: Suggestion.hint(for: entry.name, among: definitions.keys, noun: "interfaces"))
        }
        return definitions.values.sorted { $0.name < $1.name }.map { definition in
            interface(definition, section?.entries.first { $0.name == definition.name }, context)
        }
    }

    /// An interface that no type defines: nothing can be called, so that its inputs have no effect.
    private func undefined(_ entry: YAMLNode.Entry, _ scope: Scope) {
        for input in entry.value["inputs"]?.entries ?? [] { _ = types.reader.read(input.value, scope) }
        diagnostics.report(
            "tosca.undefined-interface", "no interface ‘\(entry.name)’ is defined here, so that its inputs have no effect",
            at: entry.key.location, hint: "define the interface in the type", severity: .warning)
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
        for notification in definition.notifications.values {
            // What it is made of is checked; nothing registers for it yet.
            _ = operation(notification, node["notifications"]?.entries.first { $0.name == notification.name }, context)
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
            if let definition = definition.outputs[output.name], definition.mapping != nil {
                diagnostics.report(
                    "tosca.fixed-value", "the mapping of ‘\(output.name)’ is fixed by its type", at: output.key.location,
                    related: [.init("fixed here", at: .source(definition.location))])
            } else {
                operation.outputs[output.name] = mapping(output.value, context)
            }
        }
        var implementation = definition.implementation
        if let entry, let node = entry.value.isMapping ? entry.value["implementation"] : entry.value {
            implementation = Implementation(node: node, file: file)
        }
        operation.call = implementation.flatMap { call($0, of: operation.about.name, context) }
        operation.timeout = implementation?.node["timeout"].flatMap(timeout)
        return operation
    }

    // MARK: Implementations

    /// The seconds that an execution may take.
    private func timeout(_ node: YAMLNode) -> Int? {
        if let seconds = PlainScalar(node).value?.integer, seconds > 0 { return seconds }
        diagnostics.report("tosca.malformed-timeout", "the timeout is no number of seconds above 0", at: node.location)
        return nil
    }

    /// The call that the implementation of an operation or a workflow comes to.
    func call(_ implementation: Implementation, of operation: String, _ context: OperationContext) -> Call? {
        let node = implementation.node
        for dependency in node["dependencies"]?.items ?? [] {
            _ = artifact(dependency, implementation, context)
        }
        guard let primary = node.isMapping ? node["primary"] : node else { return nil }
        return artifact(primary, implementation, context).flatMap { call($0, operation, primary) }
    }

    /// The artifact that is meant by its name, its file, or its definition.
    private func artifact(_ node: YAMLNode, _ implementation: Implementation, _ context: OperationContext) -> Artifact? {
        if node.isMapping {
            let definition = ArtifactDefinition(
                name: node["file"]?.text ?? "", node: node, file: implementation.file, location: node.location)
            return artifact(definition, context.scope)
        }
        let name = node.text ?? ""
        if let artifact = context.artifacts.first(where: { $0.about.name == name }) { return artifact }
        guard name.contains(".") || name.contains("/") else {
            diagnostics.report(
                "tosca.unknown-artifact", "there is no artifact ‘\(name)’ here", at: node.location,
                hint: Suggestion.hint(for: name, among: context.artifacts.map(\.about.name), noun: "artifacts"))
            return nil
        }
        var artifact = Artifact(about: About(name: name, location: node.location), file: name)
        artifact.content = content(of: name, node, implementation.file)
        return artifact
    }

    private func call(_ artifact: Artifact, _ operation: String, _ node: YAMLNode) -> Call? {
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
            let isComponent = artifact.type?.isA(.component) ?? name.hasSuffix(".wasm")
            guard isComponent else {
                return Call(FunctionName(plugin: "khutulun", name: "script"), [.text($0.digest), .text(name)])
            }
            let given = artifact.properties.first { $0.definition.name == "function" }
            if let given, let function = given.expression, function.text == nil {
                diagnostics.unsupported("the name of the function can't be computed yet", at: given.location)
            }
            return Call(
                FunctionName(plugin: "khutulun", name: "component"),
                [.text($0.digest), .text(name), .text(given?.expression?.text ?? operation)])
        }
    }
}
