// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Emitter {
    /// The relationships of a node template.
    mutating func relationships(of node: NodeTemplate, as name: String) -> [ID] {
        var mapped: [String: MappedRelationships] = [:]
        for (target, relationships) in candidate?.relationships ?? [:] where target.node == node.about.name {
            if let requirement = target.requirement { mapped[requirement] = relationships }
        }
        var ids: [ID] = []
        for requirement in node.requirements {
            let count = requirement.count.map(\.integer) ?? 1
            let own = requirement.targetTemplate == nil ? mapped[requirement.about.name]?.take(count) : nil
            ids.append(emit(requirement, of: name, mapped: own))
        }
        for (requirement, rest) in mapped.sorted(by: { $0.key < $1.key }) where !rest.isEmpty {
            let target = MappingTarget(node: node.about.name, requirement: requirement)
            guard let candidate, var further = candidate.mapping.further[target] else { continue }
            further.isOptional = true
            further.count = [0, candidates.bound(rest, of: candidate).map { .integer($0) } ?? .null]
            ids.append(emit(further, of: name, mapped: rest))
        }
        return ids
    }

    private mutating func emit(
        _ requirement: RequirementAssignment, of node: String, mapped relationships: MappedRelationships?
    ) -> ID {
        let id = self.id(.edgeTemplate, "\(node).\(requirement.about.name)-\(requirement.index)")
        var selector = TargetSelector()
        var filters = requirement.filters
        if let relationships, !relationships.isEmpty {
            selector.finder = tosca("mapped", [relationships.value])
            filters.append(tosca("is_mapped", [relationships.value]))
        } else if let name = requirement.targetTemplate, selected.contains(name) {
            selector.finder = tosca("selected", [.text(name)])
            // Whatever else is chosen anew, the edge stays with what is selected.
            filters.append(tosca("is_selected", [.text(name)]))
        } else {
            selector.template = requirement.targetTemplate.map { self.id(.vertexTemplate, $0) }
            selector.scopes = requirement.scopes
        }
        selector.index = requirement.targetIndex
        selector.targetClass = requirement.capabilityType.flatMap { use($0).first }
        selector.containerClass = requirement.nodeType.flatMap { use($0).first }
        selector.name = requirement.capabilityName.map { "capability.\($0)" }
        let hasOthers = isRestricted || requirement.scopes.contains(.external)
        if let restriction = TargetRestrictions.filter(requirement, others: hasOthers) { filters.append(restriction) }
        selector.filter = conjunction(filters)
        var edge = EdgeTemplate(
            header(id, requirement.about, "relationship", requirement.relationship), classes: use(requirement.relationship),
            instanceName: requirement.about.name, target: selector)
        edge.header.metadata["template"] = requirement.relationshipTemplate.map(Value.text)
        edge.properties = properties(requirement.properties)
            .merging(allocations(requirement)) { first, _ in first }
        edge.count = requirement.count
        edge.range = requirement.range
        edge.isOptional = requirement.isOptional
        var mapped: [String: Value] = [:]
        var secret: [String: Value] = [:]
        var timed: [String: Value] = [:]
        for interface in requirement.interfaces {
            edge.properties.merge(properties(interface.inputs, prefix: "\(interface.about.name).")) { first, _ in first }
            for operation in interface.operations {
                let name = "\(interface.about.name).\(operation.about.name)"
                edge.properties.merge(properties(operation.inputs, prefix: "\(name).")) { first, _ in first }
                if let handler = handler(operation, event: name) { edge.handlers.append(handler) }
            }
            for (name, value) in outputs(interface.operations, { "\(interface.about.name).\($0.about.name)" })?.map
                ?? ValueMap()
            {
                if let name = name.text { mapped[name] = value }
            }
            for (name, value) in secretOutputs(interface.operations, { "\(interface.about.name).\($0.about.name)" })?.map
                ?? ValueMap()
            {
                if let name = name.text { secret[name] = value }
            }
            for operation in interface.operations {
                timed["\(interface.about.name).\(operation.about.name)"] = operation.timeout.map { .integer($0) }
            }
        }
        if !mapped.isEmpty { edge.header.metadata["outputs"] = .object(mapped) }
        if !secret.isEmpty { edge.header.metadata["secret-outputs"] = .object(secret) }
        if !timed.isEmpty { edge.header.metadata["timeouts"] = .object(timed) }
        edges.append(edge)
        return id
    }

    /// A group or policy: a vertex with edges to all instances of its members.
    mutating func emit(
        _ about: About, _ kind: String, _ type: TypeDefinition, _ assigned: [Assigned], _ members: [String],
        _ counts: [String: Value?]
    ) -> ID {
        let instance = "\(kind).\(about.name)"
        let id = self.id(.vertexTemplate, instance)
        var vertex = VertexTemplate(header(id, about, kind, type), classes: use(type), instanceName: instance)
        vertex.properties = properties(assigned)
        for member in members {
            var selector = TargetSelector()
            selector.template = self.id(.vertexTemplate, member)
            let edgeID = self.id(.edgeTemplate, "\(instance).member.\(member)")
            let about = About(name: "member", location: about.location)
            var edge = EdgeTemplate(header(edgeID, about, "member"), instanceName: "member", target: selector)
            edge.count = counts[member] ?? nil
            vertex.edges.append(edgeID)
            edges.append(edge)
        }
        vertexes.append(vertex)
        return id
    }

    // MARK: Allocations

    /// What a requirement takes of the properties of its target.
    private mutating func allocations(_ requirement: RequirementAssignment) -> [String: Property] {
        var properties: [String: Property] = [:]
        for item in requirement.allocations {
            let name = item.definition.name
            var property = self.properties([item])[name] ?? Property()
            property.metadata["allocates"] = .text(name)
            if let amount = item.expression, let known = constant(amount, item.definition.schema) {
                // What is known to be an amount needs no gate, and is compared the sooner.
                property.updater = known
                property.preparer = nil
            }
            properties["allocation.\(name)"] = property
        }
        return properties
    }

    /// A value that is written down, as its schema wants it; nil if it is none.
    private func constant(_ value: Value, _ schema: Schema) -> Value? {
        guard value.isLiteral else { return nil }
        var preparation = Preparation(types: schemas)
        let prepared = preparation.prepare(value, schema)
        return preparation.isSatisfied ? prepared : nil
    }
}
