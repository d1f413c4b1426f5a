// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension TypeSystem {
    /// The operations, notifications and inputs that an interface type defines.
    func ownInterface(_ type: TypeDefinition, _ inherited: InterfaceDefinition?) -> InterfaceDefinition {
        var interface = inherited ?? InterfaceDefinition(name: type.name, location: type.location)
        interface.type = type
        members(type.node, &interface, type.file, Scope(subject: .interfaceType), isType: true)
        return interface
    }

    /// The interfaces of a node or relationship type.
    func interfaces(
        _ section: YAMLNode?, _ inherited: [String: InterfaceDefinition], _ file: SourceFile, _ scope: Scope
    ) -> [String: InterfaceDefinition] {
        var definitions = inherited
        for entry in section?.entries ?? [] {
            if let definition = interface(entry, inherited[entry.name], file, scope) { definitions[entry.name] = definition }
        }
        return definitions
    }

    private func interface(
        _ entry: YAMLNode.Entry, _ inherited: InterfaceDefinition?, _ file: SourceFile, _ scope: Scope
    ) -> InterfaceDefinition? {
        let node = entry.value
        if node["type"] == nil, inherited == nil {
            diagnostics.report(
                "tosca.missing-keyname", "‘\(entry.name)’ has no ‘type’, which an interface needs", at: entry.key.location)
            return nil
        }
        var definition = inherited
        if let type = catalogue.require(.interface, node["type"], in: file) {
            if let old = inherited?.type, !type.isA(old) {
                refuse("the type ‘\(type.name)’ does not derive from the refined type ‘\(old.name)’", at: node.location)
            }
            if inherited?.type !== type { definition = refined(inherited, content(of: type).ownInterface, entry) }
        }
        guard var definition else { return nil }
        definition.location = entry.key.location
        members(node, &definition, file, scope, isType: false)
        return definition
    }

    /// The interface of a more special type, with the implementations that were given for the older one.
    private func refined(
        _ inherited: InterfaceDefinition?, _ own: InterfaceDefinition?, _ entry: YAMLNode.Entry
    ) -> InterfaceDefinition? {
        guard let own else { return inherited }
        var definition = InterfaceDefinition(name: entry.name, location: entry.key.location)
        definition.type = own.type
        definition.inputs = own.inputs.merging(inherited?.inputs ?? [:]) { _, old in old }
        definition.operations = own.operations.merging(inherited?.operations ?? [:]) { _, old in old }
        definition.notifications = own.notifications.merging(inherited?.notifications ?? [:]) { _, old in old }
        return definition
    }

    private func members(
        _ node: YAMLNode, _ interface: inout InterfaceDefinition, _ file: SourceFile, _ scope: Scope, isType: Bool
    ) {
        for entry in node["inputs"]?.entries ?? []
        where isType && (!entry.value.isMapping || entry.value.isCall) && interface.inputs[entry.name] == nil {
            refuse("‘\(entry.name)’ has only a value, but nothing that it refines", at: entry.key.location)
        }
        interface.inputs = properties(node["inputs"], .parameter, interface.inputs, file, scope: scope)
        for entry in node["operations"]?.entries ?? [] {
            operation(entry, "operation", &interface.operations, file, scope, isType: isType)
        }
        for entry in node["notifications"]?.entries ?? [] {
            operation(entry, "notification", &interface.notifications, file, scope, isType: isType)
        }
    }

    private func operation(
        _ entry: YAMLNode.Entry, _ noun: String, _ operations: inout [String: OperationDefinition], _ file: SourceFile,
        _ scope: Scope, isType: Bool
    ) {
        let (name, node, location) = (entry.name, entry.value, entry.key.location)
        if !isType, operations[name] == nil {
            diagnostics.report(
                "tosca.unknown-\(noun)", "the interface has no \(noun) ‘\(name)’", at: location,
                hint: Suggestion.hint(for: name, among: operations.keys, noun: "\(noun)s"))
            return
        }
        var operation = operations[name] ?? OperationDefinition(name: name, location: location)
        operation.location = location
        operation.inputs = properties(node["inputs"], .parameter, operation.inputs, file, scope: scope)
        operation.outputs = outputs(node["outputs"], operation.outputs, file, isType: isType)
        if let implementation = node.isMapping ? node["implementation"] : node {
            if isType {
                diagnostics.report(
                    "tosca.implementation-in-type", "an interface type cannot have implementations",
                    at: implementation.location,
                    hint: "implement the operation in a node type or in a node template")
            } else {
                operation.implementation = Implementation(node: implementation, file: file)
            }
        }
        operations[name] = operation
    }

    /// Outputs, whose short form is a mapping.
    private func outputs(
        _ section: YAMLNode?, _ inherited: [String: PropertyDefinition], _ file: SourceFile, isType: Bool
    ) -> [String: PropertyDefinition] {
        var definitions = inherited
        for entry in section?.entries ?? [] {
            if isType, let mapping = entry.value.isMapping ? entry.value["mapping"] : entry.value {
                diagnostics.report(
                    "tosca.mapping-in-type", "an interface type cannot say where outputs go", at: mapping.location,
                    hint: "map the output in a node type or in a node template")
            } else if entry.value.isMapping {
                let single = YAMLNode(.mapping([(entry.key, entry.value)]), at: entry.key.location)
                definitions.merge(properties(single, .parameter, inherited, file).filter { $0.key == entry.name }) { _, new in
                    new
                }
            } else if let old = inherited[entry.name], old.mapping != nil {
                refuse(
                    "the mapping of ‘\(entry.name)’ is fixed and cannot be refined", at: entry.key.location,
                    related: [.init("fixed here", at: .source(old.location))])
            } else {
                var definition = inherited[entry.name] ?? PropertyDefinition(name: entry.name, location: entry.key.location)
                definition.mapping = entry.value
                definitions[entry.name] = definition
            }
        }
        return definitions
    }
}
