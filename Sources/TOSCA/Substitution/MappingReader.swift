// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Completion {
    /// Reads a substitution mapping, whose mistakes are reported elsewhere; nil if the node type isn't known.
    func substitution(_ entry: YAMLNode.Entry, _ service: ServiceTemplate) -> SubstitutionMapping? {
        let node = entry.value
        guard let name = node["node_type"]?.text, let type = types.catalogue.find(.node, name, in: file) else { return nil }
        var mapping = SubstitutionMapping(location: entry.key.location, nodeType: type)
        mapping.filter = node["substitution_filter"].map {
            condition($0, Scope(subject: .type(type)), name: "substitution_filter")
        }
        for (key, value) in node["properties"]?.mapping ?? [] {
            if let input = value.text { mapping.inputs[input] = path(key) }
        }
        for (key, value) in node["attributes"]?.mapping ?? [] {
            if let output = value.text { mapping.attributes.append((path(key), output)) }
        }
        for entry in node["capabilities"]?.entries ?? [] where entry.value.texts.count == 2 {
            mapping.capabilities.append((entry.name, entry.value.texts[0], entry.value.texts[1]))
        }
        for entry in node["interfaces"]?.entries ?? [] {
            for operation in entry.value.entries {
                mapping.interfaces[entry.name, default: [:]][operation.name] = operation.value.text
            }
        }
        for item in node["requirements"]?.items ?? [] {
            if let (key, value) = item.mapping?.first, let requirement = requirement(key, value) {
                mapping.requirements.append(requirement)
            }
        }
        for target in Set(mapping.requirements.flatMap(\.targets)) {
            mapping.further[target] = further(target, service, at: mapping.location)
        }
        return mapping
    }

    /// A path as paths of functions are written, without its beginning.
    private func path(_ key: YAMLNode) -> [Value] {
        key.isSequence ? key.items.map { PlainScalar($0).value ?? .null } : [.text(key.text ?? "")]
    }

    private func requirement(_ key: YAMLNode, _ value: YAMLNode) -> RequirementMapping? {
        guard let name = (key.isSequence ? key.items.first : key)?.text else { return nil }
        var count = RequirementMapping.Count.unsaid
        if key.isSequence, let last = key.items.last {
            count = PlainScalar(last).value?.integer.map { .some($0) } ?? .unbounded
        }
        return RequirementMapping(name: name, count: count, targets: targets(value))
    }

    private func targets(_ value: YAMLNode) -> [MappingTarget] {
        if let node = value.text { return [MappingTarget(node: node, requirement: nil)] }
        // Two names are a node template and its requirement, unless both are node templates.
        if value.texts.count == 2, value.items.count == 2, nodeTypes[value.texts[1]] == nil {
            return [MappingTarget(node: value.texts[0], requirement: value.texts[1])]
        }
        return value.items.compactMap { item in
            if let node = item.text { return MappingTarget(node: node, requirement: nil) }
            return item.texts.count == 2 ? MappingTarget(node: item.texts[0], requirement: item.texts[1]) : nil
        }
    }

    /// What a further relationship of a requirement is like, of which a node template says nothing.
    private func further(
        _ target: MappingTarget, _ service: ServiceTemplate, at location: SourceLocation
    ) -> RequirementAssignment? {
        guard let name = target.requirement, let node = service.nodes.first(where: { $0.about.name == target.node }) else {
            return nil
        }
        let definitions = types.content(of: node.type).requirements
        guard let definition = definitions.first(where: { $0.name == name }) else { return nil }
        let empty = YAMLNode(.mapping([]), at: location)
        let index = node.requirements.count { $0.about.name == name }
        var assignment = requirement(empty, definition, at: location, of: node.about, index: index)
        assignment.range = CountRange(definition.lowerBound, definition.upperBound)
        return assignment
    }
}
