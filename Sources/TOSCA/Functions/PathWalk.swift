// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Follows TOSCA Paths through the graph.
struct PathWalk {
    /// Where a path has come to.
    private enum Place {
        case node(Vertex)
        /// A capability, and the relationship by which the path came to it.
        case capability(Vertex, by: Edge?)
        case relationship(Edge)

        var id: ID {
            switch self {
            case .node(let vertex), .capability(let vertex, _): vertex.header.id
            case .relationship(let edge): edge.header.id
            }
        }

        var properties: [String: Property] {
            switch self {
            case .node(let vertex), .capability(let vertex, _): vertex.properties
            case .relationship(let edge): edge.properties
            }
        }
    }

    /// Which of several is meant.
    private enum Index {
        case one(Int)
        case all
    }

    private let evaluation: Evaluation
    private var graph: any GraphReader { evaluation.graph }

    init(_ evaluation: Evaluation) { self.evaluation = evaluation }

    // MARK: The site

    /// The relationship that the site is.
    var relationship: Edge? { graph.edge(evaluation.site.entity) }

    /// The node that the site is or belongs to; a relationship's is its source.
    var node: Vertex? { containers.first { $0.kind == "node" } }

    /// The service that the site is or belongs to; of several within each other the innermost.
    var service: Vertex? { containers.first { $0.kind == "service" } }

    private var containers: [Vertex] {
        let site = evaluation.site.entity
        var next = site.kind == .edge ? relationship.flatMap { graph.vertex($0.source) } : graph.vertex(site)
        var containers: [Vertex] = []
        while let vertex = next {
            containers.append(vertex)
            next = vertex.container.flatMap(graph.vertex)
        }
        return containers
    }

    // MARK: Results

    /// The values of a property at the end of a path; a list if the path says `ALL`.
    func values(_ function: String, _ arguments: [Value]) throws(EvaluationFailure) -> Value {
        var rest = arguments[...]
        let (places, isList) = try places(&rest)
        guard let name = rest.popFirst()?.text else {
            throw evaluation.fail("tosca.wrong-arguments", "‘$\(function)’ names no property after its path")
        }
        var values: [Value] = []
        for place in places {
            let reflected = ReflectedAttribute.name(name)
            let isReflected = function == "get_attribute" && place.properties[reflected] != nil
            let value = try evaluation.value(of: PropertyReference(place.id, isReflected ? reflected : name))
            values.append(try nested(value, rest, "‘\(name)’"))
        }
        return isList ? .list(values) : values[0]
    }

    /// Where an artifact is: `artifact:DIGEST`, or the name in its `file` if it is no file of the design.
    func artifact(_ arguments: [Value]) throws(EvaluationFailure) -> Value {
        var rest = arguments[...]
        let (places, isList) = try places(&rest)
        guard let name = rest.popFirst()?.text else {
            throw evaluation.fail("tosca.wrong-arguments", "‘$get_artifact’ names no artifact after its path")
        }
        var values: [Value] = []
        for place in places {
            let known = graph.contained(in: place.id).first { $0.kind == "artifact" && $0.symbolicName == name }
            guard let artifact = known else {
                throw evaluation.fail("tosca.unknown-artifact", "‘\(place.id)’ has no artifact ‘\(name)’")
            }
            let isFile = artifact.properties["digest"] != nil
            let value = try evaluation.value(of: PropertyReference(artifact.header.id, isFile ? "digest" : "file"))
            values.append(isFile ? .text("artifact:\(value.text ?? "")") : value)
        }
        return isList ? .list(values) : values[0]
    }

    /// What is left of a capability's property, beside what relationships have taken of it.
    func allocation(_ arguments: [Value]) throws(EvaluationFailure) -> Value {
        var rest = arguments[...]
        let (places, isList) = try places(&rest)
        guard let name = rest.popFirst()?.text, rest.isEmpty else {
            throw evaluation.fail(
                "tosca.wrong-arguments", "‘$available_allocation’ wants a path and the name of a capability’s property")
        }
        var values: [Value] = []
        for place in places {
            guard case .capability = place else {
                throw evaluation.fail("tosca.broken-path", "‘\(place.id)’ is no capability")
            }
            let left = try evaluation.available(of: PropertyReference(place.id, name))
            values.append(Scalar(left).map { Scalar($0.number, unit: $0.unit).value } ?? left)
        }
        return isList ? .list(values) : values[0]
    }

    /// What lies at a path of keys and indexes within a value.
    func nested(_ value: Value, _ path: some Collection<Value>, _ what: String) throws(EvaluationFailure) -> Value {
        if let inner = Nested.find(path, in: value) { return inner }
        throw evaluation.fail("tosca.nothing-there", "\(what) has nothing at \(Describe.path(Array(path)))")
    }

    // MARK: Steps

    private func places(_ rest: inout ArraySlice<Value>) throws(EvaluationFailure) -> (places: [Place], isList: Bool) {
        guard let first = rest.popFirst()?.text else {
            throw evaluation.fail("tosca.wrong-arguments", "a path begins with SELF or the name of a node template")
        }
        var isList = false
        var places = try start(first, &rest, &isList)
        while let step = rest.first?.text, ["SOURCE", "TARGET", "CAPABILITY", "RELATIONSHIP"].contains(step) {
            rest.removeFirst()
            places = try self.step(step, from: places, &rest, &isList)
        }
        return (places, isList)
    }

    private func start(_ name: String, _ rest: inout ArraySlice<Value>, _ isList: inout Bool) throws(EvaluationFailure)
        -> [Place]
    {
        if name == "SELF" {
            if let relationship { return [.relationship(relationship)] }
            if let node { return [.node(node)] }
            throw evaluation.fail("tosca.misplaced-function", "‘SELF’ means nothing here", hint: "name a node template")
        }
        guard let service else {
            throw evaluation.fail("tosca.misplaced-function", "‘\(name)’ means nothing outside a service")
        }
        let nodes = nodes(of: service, named: name)
        let edges = nodes.isEmpty ? relationships(of: service, named: name) : []
        return try pick(
            nodes.map(Place.node) + edges.map(Place.relationship), &rest, &isList,
            "‘\(service.header.id)’ has no node ‘\(name)’")
    }

    /// The relationships that were made from a relationship template.
    private func relationships(of service: Vertex, named name: String) -> [Edge] {
        graph.contained(in: service.header.id).flatMap { graph.outgoing(from: $0.header.id) }.filter {
            $0.header.metadata["template"]?.text == name
        }
    }

    /// The nodes that were made from a node template, or the one that it stands for.
    private func nodes(of service: Vertex, named name: String) -> [Vertex] {
        graph.contained(in: service.header.id).filter { $0.symbolicName == name }.compactMap { vertex in
            switch vertex.kind {
            case "node": vertex
            case TOSCAFunctions.reference: target(of: vertex)
            default: nil
            }
        }
    }

    private func target(of reference: Vertex) -> Vertex? {
        let edge = graph.outgoing(from: reference.header.id).first { $0.name == TOSCAFunctions.reference }
        return edge.flatMap { graph.vertex($0.target) }
    }

    // MARK: Selected nodes

    /// What an edge may lead to that is to lead to the node which a node template stands for: the node and its capabilities.
    func selected(_ arguments: [Value]) throws(EvaluationFailure) -> Value {
        var ids: [ID] = []
        for node in try selectedNodes(arguments) {
            ids += graph.contained(in: node.header.id).filter { $0.kind == "capability" }.map(\.header.id)
            ids.append(node.header.id)
        }
        return .list(ids.map { .text($0.documentText) })
    }

    /// Whether the relationship leads to the node which a node template stands for.
    func isSelected(_ arguments: [Value]) throws(EvaluationFailure) -> Bool {
        guard let relationship, case .node(let target)? = try node(of: relationship.target).first else { return false }
        return try selectedNodes(arguments).contains { $0.header.id == target.header.id }
    }

    private func selectedNodes(_ arguments: [Value]) throws(EvaluationFailure) -> [Vertex] {
        let name = arguments.first?.text ?? ""
        let nodes = service.map { self.nodes(of: $0, named: name) } ?? []
        if !nodes.isEmpty { return nodes }
        throw .pending(Problem("tosca.pending", "nothing is selected for ‘\(name)’ yet"))
    }

    private func step(
        _ step: String, from places: [Place], _ rest: inout ArraySlice<Value>, _ isList: inout Bool
    ) throws(EvaluationFailure) -> [Place] {
        var name: String?
        if case .node? = places.first, step == "CAPABILITY" || step == "RELATIONSHIP" {
            name = rest.popFirst()?.text
            if name == nil { throw evaluation.fail("tosca.wrong-arguments", "a name must follow ‘\(step)’ in a path") }
        }
        let start = rest
        var result: [Place] = []
        for place in places {
            rest = start
            result += try self.step(step, name, from: place, &rest, &isList)
        }
        if places.isEmpty { skipIndex(&rest) }
        return result
    }

    private func step(
        _ step: String, _ name: String?, from place: Place, _ rest: inout ArraySlice<Value>, _ isList: inout Bool
    ) throws(EvaluationFailure) -> [Place] {
        switch (place, step) {
        case (.node(let node), "RELATIONSHIP"):
            let edges = graph.outgoing(from: node.header.id).filter { $0.name == name }
            return try pick(
                edges.map(Place.relationship), &rest, &isList, "‘\(node.header.id)’ has no relationship ‘\(name ?? "")’")
        case (.node(let node), "CAPABILITY"):
            let known = graph.contained(in: node.header.id).first { $0.kind == "capability" && $0.symbolicName == name }
            if let known { return [.capability(known, by: nil)] }
            throw evaluation.fail("tosca.unknown-capability", "‘\(node.header.id)’ has no capability ‘\(name ?? "")’")
        case (.capability(let capability, nil), "RELATIONSHIP"):
            let edges = graph.incoming(to: capability.header.id)
            return try pick(edges.map(Place.relationship), &rest, &isList, "no relationship leads to ‘\(capability.header.id)’")
        case (.capability(_, let edge?), "RELATIONSHIP"):
            // Behind a relationship it is one of those of the same requirement.
            let edges = graph.outgoing(from: edge.source).filter { $0.name == edge.name }
            return try pick(
                edges.map(Place.relationship), &rest, &isList, "‘\(edge.source)’ has no relationship ‘\(edge.name)’")
        case (.relationship(let edge), "SOURCE"): return try node(of: edge.source)
        case (.relationship(let edge), "TARGET"): return try node(of: edge.target)
        case (.relationship(let edge), "CAPABILITY"):
            if let capability = graph.vertex(edge.target) { return [.capability(capability, by: edge)] }
            throw evaluation.fail("tosca.broken-path", "the target of ‘\(edge.header.id)’ is missing")
        default: throw evaluation.fail("tosca.broken-path", "‘\(step)’ cannot follow ‘\(place.id)’ in a path")
        }
    }

    /// The node that a vertex is, or that it is part of.
    private func node(of id: ID) throws(EvaluationFailure) -> [Place] {
        var next = graph.vertex(id)
        while let vertex = next, vertex.kind != "node" { next = vertex.container.flatMap(graph.vertex) }
        if let next { return [.node(next)] }
        throw evaluation.fail("tosca.broken-path", "‘\(id)’ belongs to no node")
    }

    /// Reads the index that may follow, and picks by it. What isn't there may come.
    private func pick(
        _ places: [Place], _ rest: inout ArraySlice<Value>, _ isList: inout Bool, _ missing: String
    ) throws(EvaluationFailure) -> [Place] {
        switch skipIndex(&rest) {
        case .all:
            isList = true
            return places
        case .one(let index):
            if places.indices.contains(index) { return [places[index]] }
            let suffix = index == 0 ? "" : " with the index \(index)"
            throw .pending(Problem("tosca.pending", "\(missing)\(suffix) yet"))
        }
    }

    @discardableResult
    private func skipIndex(_ rest: inout ArraySlice<Value>) -> Index {
        if let index = rest.first?.integer {
            rest.removeFirst()
            return .one(index)
        }
        guard rest.first?.text == "ALL" else { return .one(0) }
        rest.removeFirst()
        return .all
    }
}

extension Vertex {
    /// What the vertex was made from: `service`, `node`, `capability` and so on.
    fileprivate var kind: String? { header.metadata["kind"]?.text }

    /// The name in the design.
    fileprivate var symbolicName: String? { header.metadata["name"]?.text }
}
