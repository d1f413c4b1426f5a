// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Where a path leads, as far as types and templates tell.
enum PathStation {
    /// A relationship, with what is known of it.
    struct Relationship {
        var type: TypeDefinition?
        var properties: [String: PropertyDefinition] = [:]
        var attributes: [String: PropertyDefinition] = [:]
        var source: End?
        var target: End?
        var capability: CapabilityDefinition?
    }

    /// The node at an end of a relationship.
    struct End {
        var type: TypeDefinition
        var isExact = false
        var template: String?

        var station: PathStation { .node(type, isExact: isExact, template: template) }
    }

    /// A node: its type, or one that its own derives from, and its template.
    case node(TypeDefinition, isExact: Bool, template: String?)
    case capability(CapabilityDefinition, isExact: Bool)
    case relationship(Relationship)
    /// The capability that a relationship leads to.
    case relationshipCapability(Relationship)

    /// What it is, in words.
    var noun: String {
        switch self {
        case .node: "a node"
        case .capability, .relationshipCapability: "a capability"
        case .relationship: "a relationship"
        }
    }

    /// What may follow it.
    var hint: String {
        switch self {
        case .node: "RELATIONSHIP with the name of a requirement, and CAPABILITY with that of a capability can"
        case .capability, .relationshipCapability: "RELATIONSHIP can"
        case .relationship: "SOURCE, TARGET and CAPABILITY can"
        }
    }
}

extension TypeSystem {
    /// Whether instances of a type, or of one derived from it, may have something.
    func isPossible(_ type: TypeDefinition, _ isExact: Bool, _ has: (TypeDefinition) -> Bool) -> Bool {
        if type.hasBrokenLineage || has(type) { return true }
        return !isExact && catalogue.types.contains { $0.kind == type.kind && $0 !== type && $0.isA(type) && has($0) }
    }

    /// What is known of relationships of a type.
    func relationship(of type: TypeDefinition) -> PathStation.Relationship {
        let content = self.content(of: type)
        return PathStation.Relationship(type: type, properties: content.properties, attributes: content.attributes)
    }
}

extension Typing {
    /// The node that was made from a template.
    func station(ofNode name: String) -> PathStation? {
        surroundings?.nodes[name].map { .node($0.type, isExact: $0.isExact, template: name) }
    }

    /// Whether a template is there, although its type isn't known.
    func isWritten(_ name: String) -> Bool { surroundings?.broken.contains(name) ?? true }

    /// The relationship that leaves a node by a requirement; nil if nothing is known of it.
    func relationship(_ name: String, of station: PathStation) -> PathStation? {
        guard case .node(let type, let isExact, let template) = station,
            let definition = types.content(of: type).requirements.first(where: { $0.name == name })
        else { return nil }
        var relationship = PathStation.Relationship(
            type: definition.relationship, properties: definition.properties, attributes: definition.attributes)
        relationship.source = PathStation.End(type: type, isExact: isExact, template: template)
        relationship.target = target(of: definition, template)
        relationship.capability = capability(of: definition)
        return .relationship(relationship)
    }

    /// The node that a requirement leads to.
    private func target(of definition: RequirementDefinition, _ template: String?) -> PathStation.End? {
        let targets = template.flatMap { surroundings?.nodes[$0]?.targets[definition.name] } ?? []
        if let first = targets.first, let name = first, targets.allSatisfy({ $0 == name }), let node = surroundings?.nodes[name]
        {
            return PathStation.End(type: node.type, isExact: node.isExact, template: name)
        }
        return definition.node.map { PathStation.End(type: $0) }
    }

    private func capability(of definition: RequirementDefinition) -> CapabilityDefinition? {
        if let name = definition.capabilityName { return definition.node.flatMap { types.content(of: $0).capabilities[name] } }
        guard let type = definition.capability else { return nil }
        let content = types.content(of: type)
        return CapabilityDefinition(
            name: type.name, type: type, properties: content.properties, attributes: content.attributes,
            location: type.location)
    }
}
