// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What a requirement connects, as far as it is known.
struct RequirementParts {
    var relationship: TypeDefinition?
    var capability: TypeDefinition?
    var capabilityName: String?
    var node: TypeDefinition?

    init(_ definition: RequirementDefinition) {
        relationship = definition.relationship
        capability = definition.capability
        capabilityName = definition.capabilityName
        node = definition.node
    }

    init(_ assignment: RequirementAssignment) {
        relationship = assignment.relationship
        capability = assignment.capabilityType
        capabilityName = assignment.capabilityName
        node = assignment.nodeType
    }
}

extension TypeSystem {
    /// Checks what needs the complete target types: that they have the capabilities, and that all types allow each other.
    func checkRequirements(of type: TypeDefinition) {
        for entry in type.node["requirements"]?.named ?? [] {
            guard let definition = content(of: type).requirements.first(where: { $0.name == entry.name }) else { continue }
            if let target = definition.node, !target.hasBrokenLineage { checkOffer(definition, target, entry) }
            checkFit(RequirementParts(definition), of: type, at: definition.location)
        }
    }

    /// Whether the target's type has the capability that is asked for.
    private func checkOffer(_ definition: RequirementDefinition, _ target: TypeDefinition, _ entry: YAMLNode.Entry) {
        let capabilities = content(of: target).capabilities
        let place =
            (entry.value.isMapping ? entry.value["capability"] ?? entry.value["node"] : nil)?.location ?? entry.key.location
        if let name = definition.capabilityName {
            guard let offered = capabilities[name] else {
                return diagnostics.report(
                    "tosca.unknown-capability", "‘\(name)’ is neither a capability type nor a capability of ‘\(target.name)’",
                    at: place, hint: Suggestion.hint(for: name, among: capabilities.keys, noun: "capabilities"))
            }
            if let wanted = definition.capability, !offered.type.isA(wanted), !offered.type.hasBrokenLineage {
                refuse("‘\(name)’ is of the type ‘\(offered.type.name)’, not ‘\(wanted.name)’", at: place)
            }
        } else if let wanted = definition.capability, !wanted.hasBrokenLineage,
            !capabilities.values.contains(where: { $0.type.isA(wanted) || $0.type.hasBrokenLineage })
        {
            diagnostics.report(
                "tosca.unsatisfied-requirement",
                "‘\(target.name)’ has no capability of the type ‘\(wanted.name)’, which the requirement ‘\(definition.name)’ needs",
                at: place, related: [.init("the node type", at: .source(target.location))])
        }
    }

    /// Whether relationship, capability, target and source allow each other.
    func checkFit(_ parts: RequirementParts, of source: TypeDefinition?, at location: SourceLocation) {
        let offered = parts.capabilityName.flatMap { name in parts.node.flatMap { content(of: $0).capabilities[name] } }
        let capability = parts.capability ?? offered?.type
        if let relationship = parts.relationship, !relationship.hasBrokenLineage {
            let allowed = content(of: relationship).allowed
            require(
                capability, allowed["valid_capability_types"], at: location
            ) { "‘\(relationship.name)’ does not lead to capabilities of the type ‘\($0.name)’" }
            require(parts.node, allowed["valid_target_node_types"], at: location) {
                "‘\(relationship.name)’ does not lead to nodes of the type ‘\($0.name)’"
            }
            require(source, allowed["valid_source_node_types"], at: location) {
                "‘\(relationship.name)’ does not leave nodes of the type ‘\($0.name)’"
            }
        }
        guard let capability, !capability.hasBrokenLineage else { return }
        let allowed = content(of: capability).allowed
        require(parts.relationship, offered?.validRelationships ?? allowed["valid_relationship_types"], at: location) {
            "‘\(capability.name)’ does not allow relationships of the type ‘\($0.name)’"
        }
        require(source, offered?.validSources ?? allowed["valid_source_node_types"], at: location) {
            "‘\(capability.name)’ does not allow relationships that leave nodes of the type ‘\($0.name)’"
        }
    }

    private func require(
        _ type: TypeDefinition?, _ allowed: [TypeDefinition]?, at location: SourceLocation,
        _ message: (TypeDefinition) -> String
    ) {
        guard let type, let allowed, !allowed.isEmpty, !type.hasBrokenLineage, !allowed.contains(where: { type.isA($0) }) else {
            return
        }
        diagnostics.report(
            "tosca.not-allowed", message(type), at: location,
            hint: "allowed are \(allowed.map(\.name).joined(separator: ", "))")
    }
}
