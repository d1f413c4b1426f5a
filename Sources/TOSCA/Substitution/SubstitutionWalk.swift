// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Follows a substitution through the graph: from the substituting service to the node, and back.
struct SubstitutionWalk {
    private let evaluation: Evaluation
    private let walk: PathWalk
    private var graph: any GraphReader { evaluation.graph }

    init(_ walk: PathWalk, _ evaluation: Evaluation) {
        self.walk = walk
        self.evaluation = evaluation
    }

    // MARK: Into the service

    /// The value of an input to which a property of the substituted node is mapped.
    ///
    /// The arguments are the path, as it is written in the mapping, and what the input is without: its default in a list, or
    /// an empty list. They are not evaluated before.
    func input(_ arguments: [Value]) async throws(EvaluationFailure) -> Value {
        guard arguments.count == 2, let path = arguments[0].list, let fallback = arguments[1].list else {
            throw evaluation.fail("tosca.wrong-arguments", "‘tosca:mapped_input’ takes a path and a default")
        }
        do throws(EvaluationFailure) {
            return try walk.values("get_property", ["SELF"] + path)
        } catch {
            guard let value = fallback.first, isUnset(path) else { throw error }
            return try await evaluation.evaluate(value)
        }
    }

    /// Whether the substituted node has been given no value for a property.
    private func isUnset(_ path: [Value]) -> Bool {
        guard let node = walk.node, let name = path.last?.text else { return false }
        var vertex: Vertex? = node
        if path.count == 3, path[0] == "CAPABILITY" {
            vertex = graph.contained(in: node.header.id).first { $0.isNamed(path[1].text, "capability") }
        } else if path.count != 1 {
            return false
        }
        return vertex?.properties[name]?.status == .unset
    }

    /// What a relationship may lead to that relationships of the substituted node are mapped to: what these lead to first, then
    /// other capabilities of the same nodes, and the nodes.
    func targets(_ arguments: [Value]) throws(EvaluationFailure) -> Value {
        let edges = try relationships(arguments)
        if edges.isEmpty {
            throw .pending(
                Problem("tosca.pending", "‘\(try substituted.header.id)’ has no relationship yet that is mapped here"))
        }
        var ids = edges.map(\.target)
        for edge in edges {
            guard let node = node(of: edge.target) else { continue }
            let capabilities = graph.contained(in: node.header.id).filter { $0.header.metadata["kind"] == "capability" }
            ids += (capabilities + [node]).map(\.header.id)
        }
        var seen: Set<ID> = []
        return .list(ids.filter { seen.insert($0).inserted }.map { .text($0.documentText) })
    }

    /// Whether the relationship leads to a node to which a relationship of the substituted node leads that is mapped to it.
    func isTarget(_ arguments: [Value]) throws(EvaluationFailure) -> Bool {
        guard let edge = graph.edge(evaluation.site.entity), let own = node(of: edge.target) else { return false }
        return try relationships(arguments).contains { node(of: $0.target)?.header.id == own.header.id }
    }

    private func relationships(_ arguments: [Value]) throws(EvaluationFailure) -> [Edge] {
        let edges = graph.outgoing(from: try substituted.header.id)
        var result: [Edge] = []
        for run in arguments.first?.list ?? [] {
            guard let items = run.list, items.count == 3, let first = items[1].integer else {
                throw evaluation.fail("tosca.wrong-arguments", "relationships are written as [REQUIREMENT, FIRST, END]")
            }
            let end = items[2].integer ?? .max
            result += edges.filter { $0.name == items[0].text && $0.index >= first && $0.index < end }
                .sorted { $0.index < $1.index }
        }
        return result
    }

    /// The node whose substitution the site's service is.
    private var substituted: Vertex {
        get throws(EvaluationFailure) {
            if let service = walk.service, let node = service.container.flatMap(graph.vertex) { return node }
            throw evaluation.fail("tosca.misplaced-function", "the service substitutes for no node")
        }
    }

    private func node(of id: ID) -> Vertex? {
        var next = graph.vertex(id)
        while let vertex = next, vertex.header.metadata["kind"] != "node" { next = vertex.container.flatMap(graph.vertex) }
        return next
    }

    // MARK: Out of the service

    /// The value of an attribute of the substituted node, of one of its capabilities or relationships, to which an output may
    /// be mapped.
    ///
    /// The arguments are its name and what it is if none is: an expression in a list, or an empty list. They are not
    /// evaluated before.
    func attribute(_ arguments: [Value]) async throws(EvaluationFailure) -> Value {
        guard arguments.count == 2, let name = arguments[0].text, let fallback = arguments[1].list else {
            throw evaluation.fail("tosca.wrong-arguments", "‘tosca:mapped_attribute’ takes a name and a default")
        }
        guard let node = walk.node else {
            throw evaluation.fail("tosca.misplaced-function", "‘tosca:mapped_attribute’ means something only in a node")
        }
        let service = graph.contained(in: node.header.id).first { $0.header.metadata["kind"] == "service" }
        if let service {
            for item in service.header.metadata["substitution"]?["attributes"]?.list ?? [] {
                guard let path = item.list?.first?.list, let output = item.list?.last?.text, path.last?.text == name,
                    let isWhole = whole(path)
                else { continue }
                let value = try evaluation.value(of: PropertyReference(service.header.id, "output.\(output)"))
                if isWhole { return value }
                let index = walk.relationship?.index ?? 0
                return try walk.nested(value, [.integer(index)], "the output ‘\(output)’")
            }
        }
        if let value = fallback.first { return try await evaluation.evaluate(value) }
        throw .pending(Problem("tosca.pending", "no output of the substituting service is mapped to ‘\(name)’"))
    }

    /// Whether a path leads to the site, and then whether the whole output is for it; nil if it leads elsewhere.
    private func whole(_ path: [Value]) -> Bool? {
        if let relationship = walk.relationship {
            guard path.count > 2, path[0] == "RELATIONSHIP", path[1].text == relationship.name else { return nil }
            if path.count == 4, path[2] == "ALL" { return false }
            let index = path.count == 4 ? path[2].integer : 0
            return index == relationship.index ? true : nil
        }
        guard let vertex = graph.vertex(evaluation.site.entity) else { return nil }
        if vertex.header.metadata["kind"] == "node" { return path.count == 1 ? true : nil }
        return path.count == 3 && path[0] == "CAPABILITY" && vertex.isNamed(path[1].text, "capability") ? true : nil
    }
}

extension Vertex {
    fileprivate func isNamed(_ name: String?, _ kind: Value) -> Bool {
        header.metadata["kind"] == kind && name != nil && header.metadata["name"]?.text == name
    }
}
