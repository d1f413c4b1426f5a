// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Directory {
    /// The template of a candidate's service among those of the design in this directory.
    func candidate(_ candidate: Candidate) -> ID { ID(.vertexTemplate, self, "service.\(candidate.name)") }
}

extension Emitter {
    /// The name of the service of a substituted node among what the node contains.
    private static let serviceName = "service"

    // MARK: The substituted node

    /// Lets a node be substituted: it contains the service of one of the candidates.
    mutating func substitute(_ node: NodeTemplate, as name: String, _ vertex: inout VertexTemplate) {
        let matching = candidates.matching(node.type)
        for (path, _) in matching.flatMap(\.mapping.attributes) { map(path, of: name, &vertex) }
        let id = self.id(.vertexTemplate, "\(name).\(Self.serviceName)")
        var choice = VertexTemplate(header(id, node.about, "service"), instanceName: Self.serviceName)
        choice.alternatives = matching.map { Alternative(home.candidate($0), if: $0.mapping.filter) }
        vertexes.append(choice)
        // Conditions read what the node contains, which so comes first.
        vertex.contained.append(id)
    }

    /// Lets an attribute of a substituted node, of its capability or of its relationships have the value of an output.
    private mutating func map(_ path: [Value], of name: String, _ vertex: inout VertexTemplate) {
        guard let attribute = path.last?.text else { return }
        switch path.first?.text {
        case "CAPABILITY" where path.count == 3:
            let id = self.id(.vertexTemplate, "\(name).capability.\(path[1].text ?? "")")
            guard let index = vertexes.lastIndex(where: { $0.header.id == id }) else { return }
            map(attribute, at: ["SELF", "CAPABILITY", path[1]], &vertexes[index].properties)
        case "RELATIONSHIP" where path.count > 2:
            for index in edges.indices.reversed() where vertex.edges.contains(edges[index].header.id) {
                if edges[index].instanceName == path[1].text { map(attribute, at: ["SELF"], &edges[index].properties) }
            }
        default: map(attribute, at: ["SELF"], &vertex.properties)
        }
    }

    private func map(_ attribute: String, at path: [Value], _ properties: inout [String: Property]) {
        var name = attribute
        if var reflected = properties[attribute], reflected.metadata["kind"] == "property" {
            name = ReflectedAttribute.name(attribute)
            reflected.metadata["kind"] = "attribute"
            reflected.metadata["required"] = nil
            reflected.updater = ReflectedAttribute.value(of: attribute, at: path)
            properties[name] = properties[name] ?? reflected
        }
        guard let property = properties[name] else { return }
        if case .call(let call)? = property.updater, call.function.name == "mapped_attribute" { return }
        let fallback = property.updater.map { [$0] } ?? []
        properties[name]?.updater = unevaluated("mapped_attribute", [.text(attribute), .list(fallback)])
    }

    // MARK: The service

    /// Maps a service to the nodes that it substitutes for.
    mutating func emitMapping(_ candidate: Candidate, _ template: ServiceTemplate, _ vertex: inout VertexTemplate) {
        let mapping = candidate.mapping
        for (input, path) in mapping.inputs {
            let fallback = vertex.properties["input.\(input)"]?.updater.map { [$0] } ?? []
            vertex.properties["input.\(input)"]?.updater = unevaluated("mapped_input", [.list(path), .list(fallback)])
        }
        for (name, node, capability) in mapping.capabilities {
            var selector = TargetSelector()
            if selected.contains(node) {
                selector.finder = tosca("selected", [.text(node)])
            } else {
                selector.template = self.id(.vertexTemplate, node)
            }
            selector.name = "capability.\(capability)"
            let about = About(name: name, location: mapping.location)
            let id = self.id(.edgeTemplate, "capability.\(name)")
            edges.append(EdgeTemplate(header(id, about, "mapping"), instanceName: "capability.\(name)", target: selector))
            vertex.edges.append(id)
        }
        var document: Value = ["node-type": .text(mapping.nodeType.name)]
        if !mapping.attributes.isEmpty {
            document["attributes"] = .list(mapping.attributes.map { [.list($0.path), .text($0.output)] })
        }
        if !mapping.interfaces.isEmpty {
            document["interfaces"] = .object(mapping.interfaces.mapValues { .object($0.mapValues(Value.text)) })
        }
        vertex.header.metadata["substitution"] = document
    }

    /// A call of a function that gets its arguments as they stand.
    private func unevaluated(_ function: String, _ arguments: [Value]) -> Value {
        .call(Call(FunctionName(plugin: TOSCAFunctions.name, name: function), arguments, mode: .eager))
    }
}
