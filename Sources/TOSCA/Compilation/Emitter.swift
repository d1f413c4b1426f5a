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
    let schemas: [String: Schema]
    private let functions: FunctionCatalogue?
    private var classes: [ID: Class] = [:]
    var vertexes: [VertexTemplate] = []
    var edges: [EdgeTemplate] = []
    /// Whether capabilities of the design say what may lead to them.
    var isRestricted = false
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

    func handler(_ operation: OperationAssignment, event: String) -> Handler? {
        operation.call.map { Handler(event: event, call: $0, name: event, location: operation.about.location) }
    }

    func outputs(_ operations: [OperationAssignment], _ name: (OperationAssignment) -> String) -> Value? {
        var outputs: [String: Value] = [:]
        for operation in operations where !operation.outputs.isEmpty {
            outputs[name(operation)] = .object(operation.outputs.mapValues { [.text($0.capability), .text($0.attribute)] })
        }
        return outputs.isEmpty ? nil : .object(outputs)
    }

    func timeouts(_ operations: [OperationAssignment], _ name: (OperationAssignment) -> String) -> Value? {
        var timeouts: [String: Value] = [:]
        for operation in operations { timeouts[name(operation)] = operation.timeout.map { .integer($0) } }
        return timeouts.isEmpty ? nil : .object(timeouts)
    }

    // MARK: Parts

    /// A filter that holds where all of some do; nil if there are none.
    func conjunction(_ filters: [Value]) -> Value? { filters.count > 1 ? tosca("and", filters) : filters.first }

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

    func secretOutputs(_ operations: [OperationAssignment], _ name: (OperationAssignment) -> String) -> Value? {
        var outputs: [String: Value] = [:]
        for operation in operations where !operation.secretOutputs.isEmpty {
            outputs[name(operation)] = .list(operation.secretOutputs.sorted().map(Value.text))
        }
        return outputs.isEmpty ? nil : .object(outputs)
    }

    /// The classes of a type, which the design then holds.
    mutating func use(_ type: TypeDefinition?) -> [ID] {
        let lineage = type?.lineage ?? []
        for type in lineage where classes[type.id] == nil {
            let about = About(name: type.name, description: type.node["description"]?.text, location: type.location)
            classes[type.id] = Class(header(type.id, about, type.kind.noun), parent: type.parent?.id)
        }
        return lineage.map(\.id)
    }

    mutating func properties(_ assigned: [Assigned], prefix: String = "") -> [String: Property] {
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
