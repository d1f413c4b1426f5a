// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Completion {
    /// The words of a path that are no names.
    private static let words: Set<String> = ["SOURCE", "TARGET", "RELATIONSHIP", "CAPABILITY"]

    /// Where an output goes: `[SELF, ATTRIBUTE]` or `[SELF, CAPABILITY, NAME, ATTRIBUTE]`. Other paths are checked, and refused
    /// when a service is to be made.
    func mapping(_ node: YAMLNode, _ context: OperationContext) -> (capability: String, attribute: String)? {
        let steps = node.items.map { $0.text ?? "" }
        guard steps.count >= 2, !steps[0].isEmpty else {
            diagnostics.report(
                "tosca.malformed-mapping", "an output goes to an attribute, and its mapping is the path to that",
                at: node.location, hint: "write [SELF, ATTRIBUTE] or [SELF, CAPABILITY, NAME, ATTRIBUTE]")
            return nil
        }
        var rest = steps.dropFirst()
        var capability = ""
        if steps[0] == "SELF", rest.first == "CAPABILITY", rest.count > 2 {
            capability = steps[2]
            rest = rest.dropFirst(2)
        }
        guard steps[0] == "SELF", let attribute = rest.first, !Self.words.contains(attribute) else {
            let arguments = node.items.map { types.reader.read($0, context.scope) }
            let path = Call(FunctionName(plugin: TOSCAFunctions.name, name: "get_attribute"), arguments)
            types.reader.log.add(
                ExpressionLog.Entry(node: node, value: .call(path), expected: nil, name: nil, scope: context.scope))
            refusePath(node)
            return nil
        }
        check(capability, attribute, node, context)
        if rest.count > 1 { refusePath(node) }
        return (capability, attribute)
    }

    private func refusePath(_ node: YAMLNode) {
        diagnostics.unsupported(
            "an output can only go to a whole attribute of the same node or of one of its capabilities",
            at: node.location, hint: "write [SELF, ATTRIBUTE] or [SELF, CAPABILITY, NAME, ATTRIBUTE]")
    }

    private func check(_ capability: String, _ attribute: String, _ node: YAMLNode, _ context: OperationContext) {
        guard context.isChecked else { return }
        var attributes = context.attributes
        if !capability.isEmpty {
            guard let definition = context.capabilities[capability] else {
                diagnostics.report(
                    "tosca.unknown-capability", "there is no capability ‘\(capability)’ here", at: node.location,
                    hint: Suggestion.hint(for: capability, among: context.capabilities.keys, noun: "capabilities"))
                return
            }
            attributes = Set(definition.attributes.keys).union(definition.properties.keys)
        }
        if !attributes.contains(attribute) {
            diagnostics.report(
                "tosca.unknown-attribute", "there is no attribute ‘\(attribute)’ here", at: node.location,
                hint: Suggestion.hint(for: attribute, among: attributes, noun: "attributes"))
        }
    }
}
