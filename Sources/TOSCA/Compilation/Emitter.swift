// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Turns a complete service template into templates of Floria, as `docs/tosca-mapping.md` says.
struct Emitter {
    private let service: String
    private let directory: Directory
    private let schemas: [String: Schema]
    private var classes: [ID: Class] = [:]
    private var vertexes: [VertexTemplate] = []
    private var edges: [EdgeTemplate] = []
    /// The names of the node templates that stand for nodes that are there already.
    private var selected: Set<String> = []

    init(service: String, types: TypeSystem?) {
        self.service = service
        directory = Directory(["templates", service])
        schemas = types?.schemas ?? [:]
    }

    /// The design of a service template.
    mutating func emit(_ template: ServiceTemplate) -> Design {
        let root = ID(.vertexTemplate, Directory(["templates"]), service)
        var vertex = VertexTemplate(header(root, template.about, "service"), instanceName: service, opensDirectory: true)
        vertex.properties = properties(template.inputs, prefix: "input.")
            .merging(properties(template.outputs, prefix: "output.")) { first, _ in first }
        if !template.workflows.isEmpty {
            vertex.header.metadata["workflows"] = .object(
                Dictionary(template.workflows.map { ($0.about.name, $0.document) }) { first, _ in first })
        }
        let counts = Dictionary(template.nodes.map { ($0.about.name, $0.count) }) { first, _ in first }
        selected = Set(template.nodes.filter { $0.selection != nil }.map(\.about.name))
        for node in template.nodes {
            vertex.contained.append(node.selection.map { emit($0, node) } ?? emit(node))
        }
        for group in template.groups {
            vertex.contained.append(emit(group.about, "group", group.type, group.properties, group.members, counts))
        }
        for policy in template.policies {
            vertex.contained.append(emit(policy.about, "policy", policy.type, policy.properties, policy.members, counts))
        }
        vertexes.insert(vertex, at: 0)
        return Design(
            root: root, classes: classes.values.sorted { $0.header.id < $1.header.id }, vertexTemplates: vertexes,
            edgeTemplates: edges)
    }

    // MARK: Nodes

    private mutating func emit(_ node: NodeTemplate) -> ID {
        let id = self.id(.vertexTemplate, node.about.name)
        var vertex = VertexTemplate(
            header(id, node.about, "node", node.type), classes: use(node.type), instanceName: node.about.name)
        vertex.properties = properties(node.properties)
        vertex.handlers = node.handlers
        vertex.count = node.count
        for capability in node.capabilities {
            vertex.contained.append(
                contain(capability.about, "capability", capability.type, capability.properties, in: node.about.name))
        }
        for interface in node.interfaces { vertex.contained.append(emit(interface, in: node.about.name)) }
        for artifact in node.artifacts { vertex.contained.append(emit(artifact, in: node.about.name)) }
        vertex.edges = node.requirements.map { emit($0, of: node.about.name) }
        vertexes.append(vertex)
        return id
    }

    /// A reference: a vertex whose only edge leads to the node that it stands for. It has no class, because it is no node itself.
    private mutating func emit(_ selection: Selection, _ node: NodeTemplate) -> ID {
        let id = self.id(.vertexTemplate, node.about.name)
        let kind = TOSCAFunctions.reference
        var vertex = VertexTemplate(header(id, node.about, kind, node.type), instanceName: node.about.name)
        var selector = TargetSelector()
        selector.targetClass = use(node.type).first
        selector.scopes = [.external]
        selector.filter = selection.filter?.aboutTarget
        let edgeID = self.id(.edgeTemplate, "\(node.about.name).\(kind)")
        let about = About(name: kind, location: node.about.location)
        edges.append(EdgeTemplate(header(edgeID, about, kind), instanceName: kind, target: selector))
        vertex.edges = [edgeID]
        vertexes.append(vertex)
        return id
    }

    private mutating func contain(
        _ about: About, _ kind: String, _ type: TypeDefinition?, _ assigned: [Assigned], in node: String
    ) -> ID {
        let instance = "\(kind).\(about.name)"
        let id = self.id(.vertexTemplate, "\(node).\(instance)")
        var vertex = VertexTemplate(header(id, about, kind, type), classes: use(type), instanceName: instance)
        vertex.properties = properties(assigned)
        vertexes.append(vertex)
        return id
    }

    private mutating func emit(_ interface: InterfaceAssignment, in node: String) -> ID {
        let id = contain(interface.about, "interface", interface.type, interface.inputs, in: node)
        var vertex = vertexes.removeLast()
        for operation in interface.operations {
            vertex.properties.merge(properties(operation.inputs, prefix: "\(operation.about.name).")) { first, _ in first }
            if let handler = handler(operation, event: operation.about.name) { vertex.handlers.append(handler) }
        }
        vertex.header.metadata["outputs"] = outputs(interface.operations) { $0.about.name }
        vertex.header.metadata["secret-outputs"] = secretOutputs(interface.operations) { $0.about.name }
        vertex.header.metadata["timeouts"] = timeouts(interface.operations) { $0.about.name }
        vertexes.append(vertex)
        return id
    }

    private mutating func emit(_ artifact: Artifact, in node: String) -> ID {
        let id = contain(artifact.about, "artifact", artifact.type, artifact.properties, in: node)
        var vertex = vertexes.removeLast()
        vertex.properties["file"] = literal(artifact.file)
        if let content = artifact.content { vertex.properties["digest"] = literal(content.digest) }
        vertexes.append(vertex)
        return id
    }

    private func literal(_ text: String) -> Property {
        var property = Property(updater: .text(text), isReadOnly: true)
        property.metadata["kind"] = "property"
        return property
    }

    private func handler(_ operation: OperationAssignment, event: String) -> Handler? {
        operation.call.map { Handler(event: event, call: $0, name: event, location: operation.about.location) }
    }

    private func outputs(_ operations: [OperationAssignment], _ name: (OperationAssignment) -> String) -> Value? {
        var outputs: [String: Value] = [:]
        for operation in operations where !operation.outputs.isEmpty {
            outputs[name(operation)] = .object(operation.outputs.mapValues { [.text($0.capability), .text($0.attribute)] })
        }
        return outputs.isEmpty ? nil : .object(outputs)
    }

    private func timeouts(_ operations: [OperationAssignment], _ name: (OperationAssignment) -> String) -> Value? {
        var timeouts: [String: Value] = [:]
        for operation in operations { timeouts[name(operation)] = operation.timeout.map { .integer($0) } }
        return timeouts.isEmpty ? nil : .object(timeouts)
    }

    // MARK: Edges

    private mutating func emit(_ requirement: RequirementAssignment, of node: String) -> ID {
        let id = self.id(.edgeTemplate, "\(node).\(requirement.about.name)-\(requirement.index)")
        var selector = TargetSelector()
        var filters = requirement.filters
        if let name = requirement.targetTemplate, selected.contains(name) {
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
        if filters.count == 1 { selector.filter = filters[0] }
        if filters.count > 1 { selector.filter = tosca("and", filters) }
        var edge = EdgeTemplate(
            header(id, requirement.about, "relationship", requirement.relationship), classes: use(requirement.relationship),
            instanceName: requirement.about.name, target: selector)
        edge.properties = properties(requirement.properties)
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
    private mutating func emit(
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

    // MARK: Parts

    private func tosca(_ function: String, _ arguments: [Value]) -> Value {
        .call(Call(FunctionName(plugin: TOSCAFunctions.name, name: function), arguments))
    }

    private func id(_ kind: EntityKind, _ name: String) -> ID { ID(kind, directory, name) }

    private func header(_ id: ID, _ about: About, _ kind: String, _ type: TypeDefinition? = nil) -> EntityHeader {
        var metadata = ValueMap()
        metadata["kind"] = .text(kind)
        metadata["name"] = .text(about.name)
        metadata["type"] = type.map { .text($0.name) }
        metadata["description"] = about.description.map(Value.text)
        metadata["metadata"] = about.metadata
        metadata["location"] = Problem.Place.source(about.location).value
        return EntityHeader(id, metadata: metadata)
    }

    private func secretOutputs(_ operations: [OperationAssignment], _ name: (OperationAssignment) -> String) -> Value? {
        var outputs: [String: Value] = [:]
        for operation in operations where !operation.secretOutputs.isEmpty {
            outputs[name(operation)] = .list(operation.secretOutputs.sorted().map(Value.text))
        }
        return outputs.isEmpty ? nil : .object(outputs)
    }

    /// The classes of a type, which the design then holds.
    private mutating func use(_ type: TypeDefinition?) -> [ID] {
        let lineage = type?.lineage ?? []
        for type in lineage where classes[type.id] == nil {
            let about = About(name: type.name, description: type.node["description"]?.text, location: type.location)
            classes[type.id] = Class(header(type.id, about, type.kind.noun), parent: type.parent?.id)
        }
        return lineage.map(\.id)
    }

    private mutating func properties(_ assigned: [Assigned], prefix: String = "") -> [String: Property] {
        var properties: [String: Property] = [:]
        for item in assigned {
            var property = Property(updater: item.expression, preparer: gate(item.definition.schema))
            property.metadata["kind"] = .text(item.kind)
            if item.kind == "property" || item.kind == "input" {
                property.metadata["required"] = .boolean(item.definition.isRequired)
            }
            property.metadata["location"] = Problem.Place.source(item.location).value
            if case .defined(let type)? = item.definition.type { property.classes = use(type) }
            properties[prefix + item.definition.name] = property
        }
        return properties
    }

    /// The gate for values of a schema, which for a secret lets only references pass.
    private func gate(_ schema: Schema) -> Value? {
        guard schema.isSecret(in: schemas) else { return preparer(schema) }
        return Property.sensitivePreparer(for: preparer(schema.content(in: schemas)))
    }

    /// The gate for values of a schema; nil if everything may pass.
    private func preparer(_ schema: Schema) -> Value? {
        if schema == .any { return nil }
        var arguments = [schema.document]
        var types: [String: Value] = [:]
        var open = schema.references
        while let name = open.popFirst() {
            guard types[name] == nil, let type = schemas[name] else { continue }
            types[name] = type.document
            open.formUnion(type.references)
        }
        if !types.isEmpty { arguments.append(.object(types)) }
        return .call(Call(FunctionName(plugin: TOSCAFunctions.name, name: "prepare"), arguments, mode: .eager))
    }
}
