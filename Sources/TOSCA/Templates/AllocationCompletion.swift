// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Completion {
    /// Completes what a requirement takes of the properties of the target's capability: section 8.7.5 of the standard.
    func allocations(_ node: YAMLNode?, _ scope: Scope, _ assignment: inout RequirementAssignment) {
        guard let node else { return }
        let capability = assignment.nodeType.flatMap { type in
            assignment.capabilityName.flatMap { types.content(of: type).capabilities[$0] }
        }
        let type = assignment.capabilityType
        let known = capability?.properties ?? type.map { types.content(of: $0).properties }
        for entry in node.entries {
            var definition = PropertyDefinition(name: entry.name, location: entry.key.location)
            if let known, let type, !type.hasBrokenLineage {
                guard let allocated = known[entry.name] else {
                    checkQuantity(entry, scope)
                    reportMissing(entry, known, type)
                    continue
                }
                guard let schema = quantity(allocated, entry) else { continue }
                definition.schema = schema
            }
            let value = types.value(entry.value, definition.schema, entry.name, scope)
            assignment.allocations.append(
                Assigned(definition: definition, kind: "allocation", expression: value, location: entry.value.location))
        }
    }

    /// What an allocation of a property looks like; nil, which is reported, if nothing can be allocated of it.
    private func quantity(_ definition: PropertyDefinition, _ entry: YAMLNode.Entry) -> Schema? {
        var schema = types.resolved(definition.schema)
        switch schema.form {
        case .integer, .float, .scalar, .any:
            // An allocation is a part of the property's value, so that its validation says nothing about it.
            schema.validation = []
            return schema
        default:
            diagnostics.report(
                "tosca.wrong-type", "only integers, floats and scalars can be allocated, and ‘\(entry.name)’ is none",
                at: entry.key.location, related: [.init("defined here", at: .source(definition.location))])
            return nil
        }
    }

    private func reportMissing(_ entry: YAMLNode.Entry, _ known: [String: PropertyDefinition], _ type: TypeDefinition) {
        // The design is valid, but nothing can fulfil the requirement.
        diagnostics.report(
            "tosca.unknown-allocation",
            "‘\(entry.name)’ is no property of a capability of the type ‘\(type.name)’, so that none of it can be allocated",
            at: entry.key.location, hint: Suggestion.hint(for: entry.name, among: known.keys, noun: "properties"),
            severity: diagnostics.purpose == .compiling ? .error : .warning)
    }

    /// Checks a value whose type isn't known, and that is to be a number, with a unit or without.
    private func checkQuantity(_ entry: YAMLNode.Entry, _ scope: Scope) {
        let value = types.reader.read(entry.value, scope)
        if !value.isLiteral || value.float != nil || value.text != nil { return }
        diagnostics.report(
            "tosca.wrong-type", "‘\(entry.name)’: \(Describe.value(value)) is no number, and no number with a unit",
            at: entry.value.location)
    }
}
