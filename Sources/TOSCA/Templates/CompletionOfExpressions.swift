// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Completion {
    /// Takes note of what expressions may refer to.
    func surround(_ nodes: [YAMLNode.Entry], _ inputs: [Assigned]) {
        for input in inputs { surroundings.inputs[input.definition.name] = input.definition.schema }
        for entry in nodes {
            guard let type = nodeTypes[entry.name] else {
                surroundings.broken.insert(entry.name)
                continue
            }
            var known = Surroundings.Node(type: type, isExact: entry.value["directives"] == nil)
            known.artifacts = Set((entry.value["artifacts"]?.entries ?? []).map(\.name))
            for requirement in entry.value["requirements"]?.named ?? [] {
                known.targets[requirement.name, default: []].append(target(requirement.value))
            }
            surroundings.nodes[entry.name] = known
        }
        for (name, template) in relationshipTemplates {
            guard let type = template["type"]?.text.flatMap({ types.catalogue.find(.relationship, $0, in: file) }) else {
                surroundings.broken.insert(name)
                continue
            }
            surroundings.relationships[name] = type
        }
    }

    /// The node template that a requirement leads to, if it names one.
    private func target(_ node: YAMLNode) -> String? {
        guard let target = node.isMapping ? node["node"] : node else { return nil }
        return (target.isSequence ? target.items.first : target)?.text.flatMap { nodeTypes[$0] == nil ? nil : $0 }
    }

    /// An expression in which literals are of the type of what they stand beside.
    func typed(_ expression: Value?, _ expected: Schema, _ scope: Scope) -> Value? {
        guard let expression, !expression.isLiteral else { return expression }
        let typing = Typing(types: types, surroundings: surroundings, diagnostics: nil)
        return typing.typed(expression, nil, expecting: expected, scope).value
    }

    /// Reads a condition.
    func condition(_ node: YAMLNode, _ scope: Scope, name: String) -> Value {
        let value = types.reader.read(node, scope, expecting: .boolean, name: name)
        return typed(value, .boolean, scope) ?? value
    }
}
