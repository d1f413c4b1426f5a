// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Turns a complete service template into templates of Floria, as `docs/tosca-mapping.md` says.
struct Emitter {
    private let service: String
    /// Where the templates of the whole design lie.
    let home: Directory
    /// Where the templates of the service lie that is emitted now.
    private var directory: Directory
    /// The candidate that is emitted now; nil if it is the service itself.
    var candidate: Candidate?
    var candidates = Candidates()
    private let schemas: [String: Schema]
    private let functions: FunctionCatalogue?
    private var classes: [ID: Class] = [:]
    var vertexes: [VertexTemplate] = []
    var edges: [EdgeTemplate] = []
    /// Whether capabilities of the design say what may lead to them.
    private var isRestricted = false
    /// The names of the node templates that stand for nodes that are there already.
    var selected: Set<String> = []

    init(service: String, types: TypeSystem?) {
        self.service = service
        home = Directory(["templates", service])
        directory = home
        schemas = types?.schemas ?? [:]
        functions = types?.functions
    }

    /// The design of a service template, with the candidates by which its nodes may be substituted.
    mutating func emit(_ template: ServiceTemplate, _ candidates: Candidates = Candidates()) -> Design {
        self.candidates = candidates
        isRestricted = ([template] + candidates.used.map(\.template)).flatMap(\.nodes).flatMap(\.capabilities).contains {
            !$0.validSources.isEmpty || !$0.validRelationships.isEmpty
        }
        let root = emit(template, as: ID(.vertexTemplate, Directory(["templates"]), service), in: home)
        for candidate in candidates.used {
            self.candidate = candidate
            let id = home.candidate(candidate)
            _ = emit(candidate.template, as: id, in: id.directory.appending(id.name))
        }
        let first = vertexes.firstIndex { $0.header.id == root } ?? 0
        vertexes.insert(vertexes.remove(at: first), at: 0)
        return Design(
            root: root, classes: classes.values.sorted { $0.header.id < $1.header.id }, vertexTemplates: vertexes,
            edgeTemplates: edges)
    }

    private mutating func emit(_ template: ServiceTemplate, as root: ID, in directory: Directory) -> ID {
        self.directory = directory
        var vertex = VertexTemplate(header(root, template.about, "service"), instanceName: service, opensDirectory: true)
        vertex.properties = properties(template.inputs, prefix: "input.")
            .merging(properties(template.outputs, prefix: "output.")) { first, _ in first }
        vertex.header.metadata["functions"] = functions?.document(schemas)
        if !template.workflows.isEmpty {
            vertex.header.metadata["workflows"] = .object(
                Dictionary(template.workflows.map { ($0.about.name, $0.document) }) { first, _ in first })
        }
        let counts = Dictionary(template.nodes.map { ($0.about.name, $0.count) }) { first, _ in first }
        selected = Set(template.nodes.filter { $0.selection != nil }.map(\.about.name))
        for node in template.nodes { vertex.contained.append(emit(node)) }
        for group in template.groups {
            vertex.contained.append(emit(group.about, "group", group.type, group.properties, group.members, counts))
        }
        for policy in template.policies {
            vertex.contained.append(emit(policy.about, "policy", policy.type, policy.properties, policy.members, counts))
        }
        if let candidate { emitMapping(candidate, template, &vertex) }
        vertexes.append(vertex)
        return root
    }

    // MARK: Nodes

    private mutating func emit(_ node: NodeTemplate) -> ID {
        if node.directives.count == 1 { return emit(node.directives[0], node, as: node.about.name) }
        var vertex = VertexTemplate(
            header(id(.vertexTemplate, node.about.name), node.about, "node", node.type), instanceName: node.about.name)
        vertex.count = node.count
        vertex.alternatives = node.directives.map { directive in
            Alternative(emit(directive, node, as: "\(node.about.name).\(directive.rawValue)"))
        }
        vertexes.append(vertex)
        return vertex.header.id
    }

    /// One way in which the nodes of a template may come to be, as a template of this name.
    private mutating func emit(_ directive: Directive, _ node: NodeTemplate, as name: String) -> ID {
        if directive == .select { return emitReference(node, as: name) }
        let node = directive == .substitute ? node.withoutImplementations : node
        let id = self.id(.vertexTemplate, name)
        var vertex = VertexTemplate(
            header(id, node.about, "node", node.type), classes: use(node.type), instanceName: node.about.name)
        vertex.properties = properties(node.properties)
        vertex.handlers = node.handlers
        vertex.count = node.count
        for capability in node.capabilities {
            vertex.contained.append(
                contain(capability.about, "capability", capability.type, capability.properties, in: name))
            for (key, value) in TargetRestrictions.metadata(capability) {
                vertexes[vertexes.count - 1].header.metadata[key] = value
            }
        }
        for interface in node.interfaces { vertex.contained.append(emit(interface, in: name)) }
        for artifact in node.artifacts { vertex.contained.append(emit(artifact, in: name)) }
        vertex.edges = relationships(of: node, as: name)
        if directive == .substitute { substitute(node, as: name, &vertex) }
        vertexes.append(vertex)
        return id
    }

    /// A reference: a vertex whose only edge leads to the node that it stands for. It has no class, because it is no node itself.
    private mutating func emitReference(_ node: NodeTemplate, as name: String) -> ID {
        let kind = TOSCAFunctions.reference
        var vertex = VertexTemplate(
            header(id(.vertexTemplate, name), node.about, kind, node.type), instanceName: node.about.name)
        var selector = TargetSelector()
        selector.targetClass = use(node.type).first
        selector.scopes = [.external, .internal]
        var filters = [node.selection?.filter?.aboutTarget].compactMap { $0 }
        let target = MappingTarget(node: node.about.name, requirement: nil)
        if let relationships = candidate?.relationships[target] {
            selector.finder = tosca("mapped", [relationships.value])
            filters.append(tosca("is_mapped", [relationships.value]))
        }
        selector.filter = conjunction(filters)
        let edgeID = self.id(.edgeTemplate, "\(name).\(kind)")
        let about = About(name: kind, location: node.about.location)
        edges.append(EdgeTemplate(header(edgeID, about, kind), instanceName: kind, target: selector))
        vertex.edges = [edgeID]
        vertexes.append(vertex)
        return vertex.header.id
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

    /// The relationships of a node template.
    private mutating func relationships(of node: NodeTemplate, as name: String) -> [ID] {
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

    /// A filter that holds where all of some do; nil if there are none.
    private func conjunction(_ filters: [Value]) -> Value? { filters.count > 1 ? tosca("and", filters) : filters.first }

    func tosca(_ function: String, _ arguments: [Value]) -> Value {
        .call(Call(FunctionName(plugin: TOSCAFunctions.name, name: function), arguments))
    }

    func id(_ kind: EntityKind, _ name: String) -> ID { ID(kind, directory, name) }

    func header(_ id: ID, _ about: About, _ kind: String, _ type: TypeDefinition? = nil) -> EntityHeader {
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
