// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What an activity acts on: a node or a relationship.
struct Actor {
    /// Its name in messages.
    var name: String
    /// The interfaces whose operations can be called.
    var interfaces: [String: InterfaceDefinition]
    /// The inputs that have values, by interface and by operation.
    var given: [String: Set<String>] = [:]

    init(name: String, interfaces: [String: InterfaceDefinition]) {
        self.name = name
        self.interfaces = interfaces
    }

    /// A node; nil if not all is known of it.
    init?(_ node: NodeTemplate, _ content: TypeContent) {
        if node.type.hasBrokenLineage { return nil }
        self.init(name: node.about.name, interfaces: content.interfaces)
        give(node.interfaces)
    }

    /// The relationships of a requirement.
    init(_ requirement: RequirementAssignment, _ content: TypeContent?, _ definition: RequirementDefinition) {
        self.init(
            name: definition.name, interfaces: definition.interfaces.merging(content?.interfaces ?? [:]) { first, _ in first })
        give(requirement.interfaces)
    }

    private mutating func give(_ assignments: [InterfaceAssignment]) {
        func names(_ inputs: [Assigned]) -> Set<String> {
            Set(inputs.filter { $0.expression != nil }.map(\.definition.name))
        }
        for interface in assignments {
            given[interface.about.name] = names(interface.inputs)
            for operation in interface.operations {
                given["\(interface.about.name).\(operation.about.name)"] = names(operation.inputs)
            }
        }
    }
}

extension Completion {
    /// An activity as a document: its keyname, and what belongs to it in the long notation.
    func activity(_ node: YAMLNode, _ actors: [Actor], _ scope: Scope) -> Value {
        var document: [String: Value] = [:]
        if let call = node["call_operation"] { document["call_operation"] = operationCall(call, actors, scope) }
        if let state = node["set_state"]?.text { document["set_state"] = .text(state) }
        if let call = node["delegate"] {
            document["delegate"] = self.call(call, "workflow") { types.reader.read($0.value, scope) }
        }
        if let call = node["inline"] { document["inline"] = inlined(call, scope) }
        return .object(document)
    }

    /// A call in the long notation.
    private func call(_ node: YAMLNode, _ keyname: String, _ input: (YAMLNode.Entry) -> Value) -> Value {
        let name = (node.isMapping ? node[keyname]?.text : node.text) ?? ""
        let inputs = (node["inputs"]?.entries ?? []).map { (Value.text($0.name), input($0)) }
        return .object([keyname: .text(name), "inputs": .map(ValueMap(inputs))])
    }

    private func operationCall(_ node: YAMLNode, _ actors: [Actor], _ scope: Scope) -> Value? {
        guard let place = node.isMapping ? node["operation"] : node, let name = place.text else { return nil }
        var definitions: [String: PropertyDefinition] = [:]
        for actor in actors {
            guard let (interface, operation) = find(name, actor) else {
                diagnostics.report(
                    "tosca.unknown-operation", "‘\(actor.name)’ has no operation ‘\(name)’", at: place.location,
                    hint: hint(for: name, actor))
                return nil
            }
            let inputs = interface.inputs.merging(operation.inputs) { _, own in own }
            definitions.merge(inputs) { first, _ in first }
            let given = (actor.given[interface.name] ?? []).union(actor.given[name] ?? [])
            requireInputs(inputs.filter { !given.contains($0.key) }, node, name, place)
        }
        if actors.isEmpty, !name.contains(".") {
            diagnostics.report(
                "tosca.unknown-operation", "‘\(name)’ is no operation", at: place.location,
                hint: "an operation is written as INTERFACE.OPERATION")
        }
        return call(node, "operation") { input($0, definitions[$0.name], scope) }
    }

    /// Reports the inputs that have no value wherever one could be given.
    private func requireInputs(
        _ inputs: [String: PropertyDefinition], _ node: YAMLNode, _ operation: String, _ place: YAMLNode
    ) {
        for input in inputs.values.sorted(by: { $0.name < $1.name })
        where input.isRequired && input.defaultValue == nil && input.fixedValue == nil && node["inputs"]?[input.name] == nil {
            diagnostics.report(
                "tosca.missing-input", "the operation ‘\(operation)’ is given no value for its input ‘\(input.name)’",
                at: place.location, related: [.init("defined here", at: .source(input.location))])
        }
    }

    private func hint(for name: String, _ actor: Actor) -> String {
        for (prefix, interface) in actor.interfaces where name.hasPrefix("\(prefix).") {
            let operation = String(name.dropFirst(prefix.count + 1))
            if let nearest = Suggestion.nearest(to: operation, among: interface.operations.keys) {
                return "did you mean ‘\(prefix).\(nearest)’?"
            }
        }
        return "an operation is written as INTERFACE.OPERATION"
    }

    private func find(_ name: String, _ actor: Actor) -> (InterfaceDefinition, OperationDefinition)? {
        for (prefix, interface) in actor.interfaces where name.hasPrefix("\(prefix).") {
            if let operation = interface.operations[String(name.dropFirst(prefix.count + 1))] { return (interface, operation) }
        }
        return nil
    }

    /// The value of an input, which may be one that no type defines.
    private func input(_ entry: YAMLNode.Entry, _ definition: PropertyDefinition?, _ scope: Scope) -> Value {
        guard let definition else { return types.reader.read(entry.value, scope) }
        if definition.fixedValue != nil { reportFixed(entry, definition) }
        let value = types.value(entry.value, definition, scope)
        if let source = source(of: value, scope) { check(source, fits: definition, at: entry.value.location) }
        return value
    }

    /// The input that a value is taken from as a whole.
    private func source(of value: Value, _ scope: Scope) -> PropertyDefinition? {
        guard case .call(let call) = value, call.function.name == "get_input", call.arguments.count == 1,
            let name = call.arguments[0].text
        else { return nil }
        return scope.inputs[name] ?? serviceInputs[name]
    }

    private func check(_ source: PropertyDefinition, fits target: PropertyDefinition, at location: SourceLocation) {
        let related = [Problem.Related("defined here", at: .source(source.location))]
        if let given = source.type, let wanted = target.type, !given.isA(wanted),
            wanted.builtIn != .float || given.builtIn != .integer
        {
            diagnostics.report(
                "tosca.wrong-type",
                "‘\(target.name)’ is of the type \(wanted.name), and the input ‘\(source.name)’ of \(given.name)",
                at: location, related: related)
        }
        if target.isRequired, target.defaultValue == nil, !source.isRequired {
            diagnostics.report(
                "tosca.optional-value", "‘\(target.name)’ needs a value, and the input ‘\(source.name)’ may have none",
                at: location, related: related)
        }
    }

    /// Reports that a value is assigned to what has a value already.
    func reportFixed(_ entry: YAMLNode.Entry, _ definition: PropertyDefinition) {
        diagnostics.report(
            "tosca.fixed-value", "the value of ‘\(entry.name)’ is fixed by its type", at: entry.key.location,
            related: [.init("fixed here", at: .source(definition.location))])
    }

    private func inlined(_ node: YAMLNode, _ scope: Scope) -> Value? {
        guard let place = node.isMapping ? node["workflow"] : node, let name = place.text else { return nil }
        guard let inputs = workflowInputs[name] else {
            diagnostics.report(
                "tosca.unknown-workflow", "there is no workflow ‘\(name)’", at: place.location,
                hint: Suggestion.hint(for: name, among: workflowInputs.keys, noun: "workflows"))
            return nil
        }
        for input in inputs.values.sorted(by: { $0.name < $1.name })
        where input.isRequired && input.defaultValue == nil && node["inputs"]?[input.name] == nil {
            diagnostics.report(
                "tosca.missing-input", "the workflow ‘\(name)’ is given no value for its input ‘\(input.name)’",
                at: place.location, related: [.init("defined here", at: .source(input.location))])
        }
        return call(node, "workflow") { entry in
            if inputs[entry.name] == nil {
                diagnostics.report(
                    "tosca.unknown-input", "the workflow ‘\(name)’ has no input ‘\(entry.name)’", at: entry.key.location,
                    hint: Suggestion.hint(for: entry.name, among: inputs.keys, noun: "inputs"))
            }
            return input(entry, inputs[entry.name], scope)
        }
    }
}
