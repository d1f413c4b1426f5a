// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Completion {
    /// Completes a workflow.
    func workflow(_ entry: YAMLNode.Entry, _ service: ServiceTemplate) -> WorkflowTemplate {
        let node = entry.value
        let inputs = workflowInputs[entry.name] ?? [:]
        let scope = Scope(subject: .service, inputs: inputs)
        if node["steps"] != nil, let second = node.entries.first(where: { $0.name == "implementation" }) {
            diagnostics.report(
                "tosca.wrong-keyname", "a workflow has either ‘steps’ or ‘implementation’, and not both",
                at: second.key.location)
        }
        var document: [String: Value] = [:]
        document["inputs"] = .object(inputs.mapValues(\.document))
        document["precondition"] = node["precondition"].map { condition($0, scope, name: "precondition") }
        let steps = node["steps"]?.entries ?? []
        if !steps.isEmpty {
            document["steps"] = .object(
                Dictionary(steps.map { ($0.name, step($0, steps.map(\.name), service, scope)) }) { first, _ in first })
        }
        let context = OperationContext(artifacts: [], attributes: [], capabilities: [:], scope: scope, isChecked: false)
        if let implementation = node["implementation"] {
            let call = self.call(Implementation(node: implementation, file: file), of: entry.name, context)
            document["implementation"] = call.map { [.text($0.function.description), .list($0.arguments)] }
        }
        let outputs = node["outputs"]?.entries ?? []
        for output in outputs { _ = mapping(output.value, context) }
        for input in node["inputs"]?.entries ?? [] {
            if let target = input.value["mapping"] { _ = mapping(target, context) }
        }
        if !outputs.isEmpty { document["outputs"] = node["outputs"]?.value }
        return WorkflowTemplate(about: about(entry.name, node, entry.key.location), document: .object(document))
    }

    private func step(
        _ entry: YAMLNode.Entry, _ names: [String], _ service: ServiceTemplate, _ scope: Scope
    ) -> Value {
        let node = entry.value
        var scope = scope
        var document: [String: Value] = [:]
        document["target"] = node["target"]?.value
        document["target_relationship"] = node["target_relationship"]?.value
        let actors = self.actors(node, service, &scope)
        document["filter"] = node["filter"].map { .list($0.items.map { condition($0, scope, name: "filter") }) }
        document["activities"] = .list((node["activities"]?.items ?? []).map { activity($0, actors, scope) })
        for keyname in ["on_success", "on_failure"] {
            guard let following = node[keyname] else { continue }
            let items = following.isSequence ? following.items : [following]
            for item in items where !names.contains(item.text ?? "") {
                diagnostics.report(
                    "tosca.unknown-step", "the workflow has no step ‘\(item.text ?? "")’", at: item.location,
                    hint: Suggestion.hint(for: item.text ?? "", among: names, noun: "steps"))
            }
            document[keyname] = .list(items.map(\.value))
        }
        return .object(document)
    }

    /// What a step acts on: a node, the members of a group, or the relationships of a node's requirement.
    private func actors(_ step: YAMLNode, _ service: ServiceTemplate, _ scope: inout Scope) -> [Actor] {
        guard let target = step["target"], let name = target.text else { return [] }
        scope.subject = .open
        if let group = service.groups.first(where: { $0.about.name == name }) {
            if let place = step["target_relationship"] {
                diagnostics.report(
                    "tosca.wrong-keyname", "‘\(name)’ is a group, and only a node has requirements", at: place.location)
            }
            return group.members.compactMap { member in
                service.nodes.first { $0.about.name == member }.flatMap { Actor($0, types.content(of: $0.type)) }
            }
        }
        guard let node = service.nodes.first(where: { $0.about.name == name }) else {
            reportMember(target, nodeTypes.keys + service.groups.map(\.about.name))
            return []
        }
        guard let place = step["target_relationship"] else {
            scope.subject = .node(name)
            return [Actor(node, types.content(of: node.type))].compactMap { $0 }
        }
        let requirements = types.content(of: node.type).requirements
        guard let requirement = requirements.first(where: { $0.name == place.text }) else {
            diagnostics.report(
                "tosca.unknown-requirement", "‘\(name)’ has no requirement ‘\(place.text ?? "")’", at: place.location,
                hint: Suggestion.hint(for: place.text ?? "", among: requirements.map(\.name), noun: "requirements"))
            return []
        }
        scope.subject = .relationship(name, requirement.name)
        let relationships = node.requirements.filter { $0.about.name == requirement.name }
        return relationships.isEmpty
            ? [Actor(name: requirement.name, interfaces: requirement.interfaces)]
            : relationships.map { Actor($0, $0.relationship.map(types.content(of:)), requirement) }
    }
}

extension PropertyDefinition {
    /// What an input is, as a document.
    fileprivate var document: Value {
        var document: [String: Value] = ["schema": schema.document, "required": .boolean(isRequired)]
        document["default"] = defaultValue
        document["description"] = description.map(Value.text)
        return .object(document)
    }
}
