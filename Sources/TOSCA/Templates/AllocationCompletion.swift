// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Completion {
    /// Completes what a requirement takes of the properties of the target's capability: section 8.7.5 of the standard.
    func allocations(_ node: YAMLNode?, _ scope: Scope, _ assignment: inout RequirementAssignment) {
        guard let node else { return }
        let offered = assignment.nodeType.flatMap { type in
            assignment.capabilityName.flatMap { types.content(of: type).capabilities[$0] }
        }
        let known = offered?.properties ?? assignment.capabilityType.map { types.content(of: $0).properties } ?? [:]
        assignment.allocations = node.entries.map { entry in
            var definition = PropertyDefinition(name: entry.name, location: entry.key.location)
            // It is a part of the property's value, so that what must be true of that says nothing about it.
            definition.schema = known[entry.name].map { types.withoutValidation($0.schema) } ?? .any
            let value = types.value(entry.value, definition.schema, entry.name, scope)
            return Assigned(
                definition: definition, kind: "allocation", expression: value, location: entry.value.location)
        }
    }
}

extension TypeSystem {
    /// A schema of a plain value that says only of what form this is.
    func withoutValidation(_ schema: Schema) -> Schema {
        var result = schema
        while case .reference(let name) = result.form, let type = schemas[name] { result = type }
        result.validation = []
        return result
    }
}
