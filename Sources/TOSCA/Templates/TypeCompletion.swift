// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Completion {
    /// Checks what a type says about artifacts, implementations and outputs, whether or not a template is of the type.
    func check(_ type: TypeDefinition) {
        let content = types.content(of: type)
        for entry in type.node["artifacts"]?.entries ?? [] where type.kind == .node {
            _ = artifact(
                ArtifactDefinition(name: entry.name, node: entry.value, file: file, location: entry.key.location), .type)
        }
        check(
            type.node["interfaces"], content.properties, content.attributes, content.capabilities,
            isChecked: !type.hasBrokenLineage)
        for entry in type.node["requirements"]?.named ?? [] {
            guard let section = entry.value["relationship"]?["interfaces"],
                let requirement = content.requirements.first(where: { $0.name == entry.name })
            else { continue }
            let isChecked = requirement.relationship.map { !$0.hasBrokenLineage } ?? false
            check(section, requirement.properties, requirement.attributes, [:], isChecked: isChecked)
        }
    }

    private func check(
        _ section: YAMLNode?, _ properties: [String: PropertyDefinition], _ attributes: [String: PropertyDefinition],
        _ capabilities: [String: CapabilityDefinition], isChecked: Bool
    ) {
        let context = OperationContext(
            artifacts: [], attributes: Set(properties.keys).union(attributes.keys), capabilities: capabilities, scope: .type,
            isChecked: isChecked)
        for interface in section?.entries ?? [] {
            for keyname in ["operations", "notifications"] {
                for operation in interface.value[keyname]?.entries ?? [] { check(operation.value, context) }
            }
        }
    }

    private func check(_ operation: YAMLNode, _ context: OperationContext) {
        for output in operation["outputs"]?.entries ?? [] {
            if let mapping = output.value.isMapping ? output.value["mapping"] : output.value {
                _ = self.mapping(mapping, context)
            }
        }
        guard let implementation = operation.isMapping ? operation["implementation"] : operation else { return }
        let named = [implementation["primary"]].compactMap { $0 } + (implementation["dependencies"]?.items ?? [])
        for node in named where node.isMapping {
            let name = node["file"]?.text ?? ""
            _ = artifact(ArtifactDefinition(name: name, node: node, file: file, location: node.location), context.scope)
        }
    }
}
