// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Completion {
    /// Completes the requirements of a node template, those included that its type asks for and it leaves out.
    func requirements(
        _ section: YAMLNode?, _ content: TypeContent, of owner: About, _ type: TypeDefinition
    ) -> [RequirementAssignment] {
        var assignments: [RequirementAssignment] = []
        for entry in section?.named ?? [] {
            guard let definition = content.requirements.first(where: { $0.name == entry.name }) else {
                if !type.hasBrokenLineage {
                    diagnostics.report(
                        "tosca.unknown-requirement", "‘\(owner.name)’ has no requirement ‘\(entry.name)’",
                        at: entry.key.location,
                        hint: Suggestion.hint(for: entry.name, among: content.requirements.map(\.name), noun: "requirements"))
                }
                continue
            }
            let index = assignments.count { $0.about.name == entry.name }
            assignments.append(requirement(entry.value, definition, at: entry.key.location, of: owner, index: index))
        }
        for definition in content.requirements {
            let own = assignments.filter { $0.about.name == definition.name }
            if own.isEmpty, definition.lowerBound > 0 {
                let node = YAMLNode(.mapping([]), at: owner.location)
                var implicit = requirement(node, definition, at: owner.location, of: owner, index: 0)
                implicit.count = definition.lowerBound == 1 ? nil : .integer(definition.lowerBound)
                assignments.append(implicit)
            } else {
                checkCounts(own, definition, of: owner)
                // What is counted only when the service is made is checked then.
                let isKnown = own.allSatisfy { $0.count == nil || $0.count?.integer != nil }
                for position in assignments.indices where !isKnown && assignments[position].about.name == definition.name {
                    assignments[position].range = CountRange(definition.lowerBound, definition.upperBound)
                }
            }
        }
        return assignments
    }

    /// Checks the counts that are known against the range of the definition.
    private func checkCounts(_ assignments: [RequirementAssignment], _ definition: RequirementDefinition, of owner: About) {
        guard var location = assignments.first?.about.location else { return }
        let limit = definition.upperBound ?? .max
        var (all, firm) = (0, 0)
        for assignment in assignments {
            guard let count = (assignment.count ?? 1).integer.map({ min($0, 1 << 32) }) else { return }
            if all <= limit, all + count > limit { location = assignment.about.location }
            all += count
            if !assignment.isOptional { firm += count }
        }
        let range = "\(definition.lowerBound) to \(definition.upperBound.map(String.init) ?? "any number")"
        if firm < definition.lowerBound || all > limit {
            diagnostics.report(
                "tosca.wrong-count", "‘\(owner.name)’ has \(all) of the requirement ‘\(definition.name)’, not \(range)",
                at: location, related: [.init("defined here", at: .source(definition.location))])
        }
    }

    /// Completes one assignment of a requirement.
    func requirement(
        _ node: YAMLNode, _ definition: RequirementDefinition, at location: SourceLocation, of owner: About, index: Int
    ) -> RequirementAssignment {
        let scope = Scope(subject: .relationship(owner.name, definition.name))
        var assignment = RequirementAssignment(about: about(definition.name, node, location), index: index)
        assignment.nodeType = definition.node
        assignment.capabilityType = definition.capability
        assignment.capabilityName = definition.capabilityName
        assignment.relationship = definition.relationship
        target(node.isMapping ? node["node"] : node, definition, &assignment)
        capability(node["capability"], definition, &assignment)
        relationship(node["relationship"], definition, scope, &assignment)
        allocations(node["allocation"], scope, &assignment)
        if let relationship = assignment.relationship {
            let allowed = types.content(of: relationship).allowed
            assignment.validCapabilities = allowed["valid_capability_types"] ?? []
            assignment.validTargets = allowed["valid_target_node_types"] ?? []
        }
        types.checkFit(
            RequirementParts(assignment), of: nodeTypes[owner.name], at: node["relationship"]?.location ?? location)
        assignment.filters = (definition.filters + [node["node_filter"]].compactMap { $0 }).map {
            condition($0, scope, name: "node_filter")
        }
        assignment.count = node["count"].map {
            types.reader.read($0, Scope(subject: .node(owner.name)), expecting: .integer, name: "count")
        }
        assignment.isOptional = node["optional"]?.flag ?? false
        scopes(node["directives"], &assignment)
        return assignment
    }

    /// Checks the directives of a capability, which are those of a requirement.
    func checkScopes(_ node: YAMLNode?, _ owner: String) {
        for item in node?.items ?? [] where TargetScope(rawValue: item.text ?? "") == nil {
            diagnostics.report(
                "tosca.unknown-directive", "there is no directive ‘\(item.text ?? "")’ of \(owner)", at: item.location,
                hint: "the directives are internal, external")
        }
    }

    /// Where targets are looked for.
    private func scopes(_ node: YAMLNode?, _ assignment: inout RequirementAssignment) {
        guard let node, !node.items.isEmpty else { return }
        assignment.scopes = []
        checkScopes(node, "a requirement")
        for scope in node.texts.compactMap(TargetScope.init(rawValue:)) {
            if !assignment.scopes.contains(scope) { assignment.scopes.append(scope) }
        }
        guard let name = assignment.targetTemplate, assignment.scopes == [.external] else { return }
        diagnostics.report(
            "tosca.unsatisfied-requirement",
            "‘\(name)’ is a node template of this service, and the target is to be an external one", at: node.location,
            hint: "name a node type, or give ‘\(name)’ the directive select and the requirement none")
    }

    private func target(_ node: YAMLNode?, _ definition: RequirementDefinition, _ assignment: inout RequirementAssignment) {
        guard let node, let name = node.isSequence ? node.items.first : node, let text = name.text else { return }
        if let type = nodeTypes[text] {
            assignment.targetTemplate = text
            if node.isSequence, let index = node.items.last {
                assignment.targetIndex = types.reader.read(index, Scope(subject: .node(text)))
                if selected.contains(text) {
                    diagnostics.report(
                        "tosca.wrong-index", "‘\(text)’ stands for one node, and has no index", at: index.location,
                        hint: "write its name alone")
                }
            }
            fit(type, definition.node, name)
            assignment.nodeType = type
        } else if !node.isSequence, let type = types.catalogue.find(.node, text, in: file) {
            fit(type, definition.node, name)
            assignment.nodeType = type
        } else if !isWritten(text) {
            diagnostics.report(
                "tosca.unknown-node", "there is no node template or node type ‘\(text)’", at: name.location,
                hint: Suggestion.hint(for: text, among: nodeTypes.keys, noun: "node templates"))
        }
    }

    /// Whether a node template is there, although its type isn't known.
    func isWritten(_ name: String) -> Bool {
        file.root["service_template"]?["node_templates"]?[name] != nil
    }

    private func fit(_ type: TypeDefinition, _ wanted: TypeDefinition?, _ node: YAMLNode) {
        guard let wanted, !type.isA(wanted), !type.hasBrokenLineage else { return }
        diagnostics.report(
            "tosca.wrong-type", "‘\(node.text ?? "")’ is of the type ‘\(type.name)’, not ‘\(wanted.name)’", at: node.location)
    }

    private func capability(_ node: YAMLNode?, _ definition: RequirementDefinition, _ assignment: inout RequirementAssignment) {
        let offered = assignment.nodeType.map { types.content(of: $0).capabilities }
        if let node, let name = definition.capabilityName, name != node.text {
            types.refuse(
                "the requirement’s definition names the capability ‘\(name)’, which cannot be changed", at: node.location,
                related: [.init("defined here", at: .source(definition.location))])
        } else if let node, let text = node.text {
            if let capability = offered?[text] {
                assignment.capabilityName = text
                fit(capability.type, assignment.capabilityType, node)
                assignment.capabilityType = capability.type
            } else if let type = types.catalogue.require(.capability, node, in: file) {
                fit(type, assignment.capabilityType, node)
                assignment.capabilityType = type
            }
        }
        guard let offered, let target = assignment.nodeType, !target.hasBrokenLineage else { return }
        if let name = assignment.capabilityName {
            assignment.capabilityType = assignment.capabilityType ?? offered[name]?.type
        } else if let wanted = assignment.capabilityType {
            let fitting = offered.values.filter { $0.type.isA(wanted) }
            if fitting.count == 1 { assignment.capabilityName = fitting[0].name }
            if fitting.isEmpty {
                diagnostics.report(
                    "tosca.unsatisfied-requirement",
                    "‘\(assignment.targetTemplate ?? target.name)’ has no capability of the type ‘\(wanted.name)’, which the requirement ‘\(definition.name)’ needs",
                    at: assignment.about.location)
            }
        }
    }

    // MARK: Relationships

    private func relationship(
        _ node: YAMLNode?, _ definition: RequirementDefinition, _ scope: Scope, _ assignment: inout RequirementAssignment
    ) {
        let empty = YAMLNode(.mapping([]), at: assignment.about.location)
        var body = node.flatMap { $0.isMapping ? $0 : nil } ?? empty
        var (properties, attributes, interfaces) = (definition.properties, definition.attributes, definition.interfaces)
        if let name = node.flatMap({ $0.isMapping ? $0["type"] : $0 }), let text = name.text {
            var type = types.catalogue.find(.relationship, text, in: file)
            if type == nil, let template = relationshipTemplates[text], node?.isMapping == false {
                body = template
                assignment.relationshipTemplate = text
                type = types.catalogue.require(.relationship, template["type"], in: file)
            } else if type == nil {
                type = types.catalogue.require(.relationship, name, in: file)
            }
            if let type, type !== definition.relationship {
                fit(type, definition.relationship, name)
                let content = types.content(of: type)
                properties = content.properties.merging(definition.properties) { own, _ in own }
                attributes = content.attributes.merging(definition.attributes) { own, _ in own }
                interfaces = content.interfaces.merging(definition.interfaces) { own, _ in own }
                assignment.relationship = type
            }
        }
        let isChecked = assignment.relationship.map { !$0.hasBrokenLineage } ?? false
        assignment.properties = members(body, properties, attributes, of: assignment.about, scope, isChecked: isChecked)
        assignment.interfaces = self.interfaces(
            body["interfaces"], interfaces,
            OperationContext(
                artifacts: [], attributes: Set(properties.keys).union(attributes.keys), capabilities: [:], scope: scope,
                isChecked: isChecked))
    }

    /// Checks relationship templates on their own, because no requirement may use them.
    func checkRelationshipTemplates() {
        for (name, node) in relationshipTemplates {
            guard let type = types.catalogue.require(.relationship, node["type"], in: file) else { continue }
            let content = types.content(of: type)
            let scope = Scope(subject: .type(type), isInService: true)
            let about = self.about(name, node, node.location)
            let isChecked = !type.hasBrokenLineage
            _ = members(node, content.properties, content.attributes, of: about, scope, isChecked: isChecked)
            _ = interfaces(
                node["interfaces"], content.interfaces,
                OperationContext(
                    artifacts: [], attributes: Set(content.properties.keys).union(content.attributes.keys), capabilities: [:],
                    scope: scope, isChecked: isChecked, isOpen: true))
        }
    }
}
