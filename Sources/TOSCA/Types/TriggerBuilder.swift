// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension TypeSystem {
    /// The triggers of a policy type, inherited ones first.
    func triggers(_ type: TypeDefinition, _ inherited: TypeContent) -> [(name: String, node: YAMLNode, file: SourceFile)] {
        var triggers = inherited.triggers
        for entry in type.node["triggers"]?.entries ?? [] {
            if triggers.contains(where: { $0.name == entry.name }) {
                diagnostics.report(
                    "tosca.invalid-refinement", "the inherited trigger ‘\(entry.name)’ cannot be changed",
                    at: entry.key.location)
            } else {
                triggers.append((entry.name, entry.value, type.file))
            }
        }
        return triggers
    }

    /// Checks what the triggers of a policy type say, whether or not a policy is of the type.
    func checkTriggers(of type: TypeDefinition) {
        let interfaces = targets(of: type).map { content(of: $0).interfaces }
        for trigger in type.node["triggers"]?.entries ?? [] {
            if let condition = trigger.value["condition"] { _ = reader.read(condition, .type) }
            for activity in trigger.value["action"]?.items ?? [] {
                guard let call = activity["call_operation"], let place = call.isMapping ? call["operation"] : call else {
                    continue
                }
                checkOperation(place, interfaces)
            }
        }
    }

    /// The node types that a policy can be for: its targets, and the members of those that are groups.
    private func targets(of type: TypeDefinition) -> [TypeDefinition] {
        let targets = content(of: type).allowed["targets"] ?? []
        return targets.flatMap { $0.kind == .group ? content(of: $0).allowed["members"] ?? [] : [$0] }
    }

    /// Reports an operation that an interface lacks. Interfaces that no target's type has may be of types derived from it.
    private func checkOperation(_ place: YAMLNode, _ targets: [[String: InterfaceDefinition]]) {
        let name = place.text ?? ""
        var names: Set<String> = []
        for interfaces in targets {
            for (prefix, interface) in interfaces where name.hasPrefix("\(prefix).") {
                names.formUnion(interface.operations.keys.map { "\(prefix).\($0)" })
            }
        }
        if names.isEmpty || names.contains(name) { return }
        diagnostics.report(
            "tosca.unknown-operation", "no node that the policy can be for has an operation ‘\(name)’", at: place.location,
            hint: Suggestion.hint(for: name, among: names, noun: "operations"))
    }
}
