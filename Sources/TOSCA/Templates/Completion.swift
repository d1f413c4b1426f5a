// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Completes the templates of a service against their types.
final class Completion {
    let file: SourceFile
    let types: TypeSystem
    let diagnostics: Diagnostics
    let artifacts: ArtifactReader

    /// The node templates as they are written, by name, with their types.
    private(set) var nodeTypes: [String: TypeDefinition] = [:]
    /// The names of the node templates that stand for nodes that are there already.
    private(set) var selected: Set<String> = []
    /// The relationship templates as they are written, by name.
    private(set) var relationshipTemplates: [String: YAMLNode] = [:]
    /// What expressions may refer to.
    let surroundings = Surroundings()
    /// The inputs of the service, by name.
    private(set) var serviceInputs: [String: PropertyDefinition] = [:]
    /// The inputs of the workflows, by name.
    private(set) var workflowInputs: [String: [String: PropertyDefinition]] = [:]
    /// The files that implement operations.
    var implementations: [ArtifactFile] = []

    init(file: SourceFile, types: TypeSystem, artifacts: ArtifactReader) {
        self.file = file
        self.types = types
        self.diagnostics = types.diagnostics
        self.artifacts = artifacts
    }

    /// Completes a service template.
    func complete(_ node: YAMLNode, at location: SourceLocation, name: String) -> ServiceTemplate {
        var service = ServiceTemplate(about: about(name, node, location))
        service.inputs = parameters(node["inputs"], kind: "input")
        for input in service.inputs { serviceInputs[input.definition.name] = input.definition }
        let nodes = templates(node["node_templates"], "node template")
        service.nodeNames = Set(nodes.map(\.name))
        for entry in nodes {
            nodeTypes[entry.name] = types.catalogue.require(.node, entry.value["type"], in: file)
            if Self.isSelection(entry.value) { selected.insert(entry.name) }
        }
        for entry in templates(node["relationship_templates"], "relationship template") {
            relationshipTemplates[entry.name] = entry.value
        }
        surround(nodes, service.inputs)
        service.outputs = parameters(node["outputs"], kind: "output")
        checkRelationshipTemplates()
        for entry in nodes {
            if let template = self.node(entry) { service.nodes.append(template) }
        }
        service.groups = groups(node["groups"])
        for entry in node["workflows"]?.entries ?? [] {
            workflowInputs[entry.name] = types.properties(
                entry.value["inputs"], .parameter, [:], file, scope: Scope(subject: .service))
            diagnostics.unsupported(
                "the workflow ‘\(entry.name)’ is kept with the service, and nothing runs it yet", at: entry.key.location,
                hint: "‘khutulun call’ calls single operations", severity: .warning)
        }
        policies(node["policies"], &service)
        service.workflows = (node["workflows"]?.entries ?? []).map { workflow($0, service) }
        if let entry = node.entries.first(where: { $0.name == "substitution_mappings" }) {
            service.substitution = substitution(entry, service)
            checkSubstitution(entry.value, service)
        }
        return service
    }

    /// What is known about a part of the design.
    func about(_ name: String, _ node: YAMLNode, _ location: SourceLocation) -> About {
        About(
            name: name, description: node["description"]?.text, metadata: node["metadata"]?.value,
            location: location)
    }

    private func parameters(_ section: YAMLNode?, kind: String) -> [Assigned] {
        let definitions = types.properties(section, .parameter, [:], file, scope: Scope(subject: .service))
        return definitions.values.sorted { $0.name < $1.name }.map { definition in
            if kind == "output", definition.fixedValue == nil, definition.defaultValue == nil,
                section?[definition.name]?["value"] == nil
            {
                diagnostics.report(
                    "tosca.missing-keyname", "the output ‘\(definition.name)’ has no ‘value’", at: definition.location)
            }
            if let mapping = definition.mapping {
                diagnostics.unsupported(
                    "the mapping of the \(kind) ‘\(definition.name)’ is not supported yet", at: mapping.location)
            }
            let expression = definition.fixedValue ?? (definition.isRequired ? definition.defaultValue : nil)
            return Assigned(
                definition: definition, kind: kind,
                expression: typed(expression, definition.schema, Scope(subject: .service)), location: definition.location)
        }
    }

    // MARK: Assignments

    /// Gives values to what a type defines.
    ///
    /// - Parameter isOpen: whether what isn't defined may be assigned as well.
    func assign(
        _ section: YAMLNode?, _ definitions: [String: PropertyDefinition], kind: String, of owner: About, _ scope: Scope,
        isOpen: Bool = false, isChecked: Bool = true
    ) -> [Assigned] {
        var assigned: [String: Assigned] = [:]
        for entry in section?.entries ?? [] {
            guard let definition = definitions[entry.name] else {
                if isOpen {
                    assigned[entry.name] = adHoc(entry, kind, scope)
                } else if isChecked {
                    diagnostics.report(
                        "tosca.unknown-\(kind)", "‘\(owner.name)’ has no \(kind) ‘\(entry.name)’", at: entry.key.location,
                        hint: Suggestion.hint(
                            for: entry.name, among: definitions.keys, noun: kind == "property" ? "properties" : "\(kind)s"))
                }
                continue
            }
            if definition.fixedValue != nil {
                reportFixed(entry, definition)
                continue
            }
            let node = kind == "attribute" ? plain(entry, definition) : entry.value
            let value = node.map { types.value($0, definition, scope) }
            assigned[entry.name] = Assigned(
                definition: definition, kind: kind, expression: typed(value, definition.schema, scope),
                location: entry.value.location)
        }
        for (name, definition) in definitions where assigned[name] == nil {
            let expression = definition.fixedValue ?? (definition.isRequired ? definition.defaultValue : nil)
            if expression == nil, definition.isRequired, kind == "property", isChecked {
                diagnostics.report(
                    "tosca.missing-property", "‘\(owner.name)’ gives no value to the property ‘\(name)’, which is required",
                    at: owner.location, related: [.init("defined here", at: .source(definition.location))])
            }
            assigned[name] = Assigned(
                definition: definition, kind: kind, expression: typed(expression, definition.schema, scope),
                location: definition.location)
        }
        return assigned.values.sorted { $0.definition.name < $1.definition.name }
    }

    /// The value of an attribute that may be written as TOSCA 1.3 did: a map with a description and maybe a value.
    private func plain(_ entry: YAMLNode.Entry, _ definition: PropertyDefinition) -> YAMLNode? {
        let names = entry.value.entries.map(\.name)
        switch types.resolved(definition.schema).form {
        case .any, .map, .complex: return entry.value
        default: if names.isEmpty || !names.allSatisfy(["description", "value"].contains) { return entry.value }
        }
        diagnostics.report(
            "tosca.old-notation", "an attribute’s value is written without keynames in this version of TOSCA",
            at: entry.value.location, hint: "write the value alone", severity: .warning)
        return entry.value["value"]
    }

    private func adHoc(_ entry: YAMLNode.Entry, _ kind: String, _ scope: Scope) -> Assigned {
        let definition = PropertyDefinition(name: entry.name, location: entry.key.location)
        let value = types.value(entry.value, .any, entry.name, scope)
        return Assigned(definition: definition, kind: kind, expression: value, location: entry.value.location)
    }

    /// Properties and attributes together, as they stand in the graph.
    func members(
        _ node: YAMLNode, _ properties: [String: PropertyDefinition], _ attributes: [String: PropertyDefinition],
        of owner: About,
        _ scope: Scope, isChecked: Bool
    ) -> [Assigned] {
        let first = assign(node["properties"], properties, kind: "property", of: owner, scope, isChecked: isChecked)
        let own = attributes.filter { properties[$0.key] == nil }
        let second = assign(node["attributes"], own, kind: "attribute", of: owner, scope, isChecked: isChecked)
        return first + second
    }
}
