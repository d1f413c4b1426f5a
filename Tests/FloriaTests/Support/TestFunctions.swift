// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Small functions for tests.
struct TestFunctions: FunctionLibrary {
    let counter = Counter()
    let answersAtOnce = true

    static let all = Functions(["t": TestFunctions()])

    func dispatch(_ function: String, _ arguments: [Value], _ evaluation: Evaluation) async throws(EvaluationFailure) -> Value {
        switch function {
        case "list": return .list(arguments)
        case "count":
            _ = counter.next()
            return arguments.first ?? .null
        case "add": return .integer(arguments.reduce(0) { $0 + ($1.integer ?? 0) })
        case "remainder": return .integer((arguments[0].integer ?? 0) % (arguments[1].integer ?? 1))
        case "half": return .integer((arguments[0].integer ?? 0) / 2)
        case "answer": return arguments[0]
        case "spy":
            // Tells of the document that a handler gets.
            let updater = arguments.last?["properties"]?["y"]?["updater"]
            let kind = updater?.kindName ?? "nothing"
            return ["metadata": ["seen": .text("properties.y.updater is a \(kind)")]]
        case "index": return .integer(evaluation.graph.vertex(evaluation.site.entity)?.index ?? -1)
        case "all": return .boolean((arguments[0].list ?? []).allSatisfy { $0 == true })
        case "crowd":
            // How many edges lead to the target of the edge.
            let target = evaluation.graph.edge(evaluation.site.entity)?.target
            return .integer(target.map { evaluation.graph.incoming(to: $0).count } ?? 0)
        case "left":
            guard let edge = evaluation.graph.edge(evaluation.site.entity) else {
                throw evaluation.fail("t.no-edge", "no edge")
            }
            return try evaluation.available(of: PropertyReference(edge.target, arguments[0].text ?? ""))
        case "less": return .boolean((arguments[0].integer ?? 0) < (arguments[1].integer ?? 0))
        case "first": return try await evaluation.evaluate(arguments[0])
        case "nest": return .list([try await evaluation.evaluate(.list([arguments[0]]))])
        case "positive":
            let candidate = try await evaluation.evaluate(.candidate)
            guard let number = candidate.integer, number > 0 else { throw evaluation.fail("t.rejected", "not positive") }
            return candidate
        case "big": return .text(String(repeating: "x", count: arguments[0].integer ?? 0))
        case "fail": throw evaluation.fail("t.failed", "it failed", hint: "mend it")
        case "target":
            // What the first edge of a name leads to has in a property.
            let edges = evaluation.graph.outgoing(from: evaluation.site.entity).filter { $0.name == arguments[0].text }
            guard let edge = edges.first else { throw .pending(Problem("t.no-edge", "there is no edge yet")) }
            return try evaluation.value(of: PropertyReference(edge.target, arguments[1].text ?? ""))
        case "contents":
            // The numbers of what a vertex contains, added.
            guard let id = arguments.first?.text.flatMap({ try? ID(documentText: $0) }) else {
                throw evaluation.fail("t.no-vertex", "no vertex")
            }
            var sum = 0
            for content in evaluation.graph.contained(in: id) {
                sum += try evaluation.value(of: PropertyReference(content.header.id, "x")).integer ?? 0
            }
            return .integer(sum)
        case "size":
            // How many vertexes a vertex contains.
            _ = counter.next()
            guard let id = arguments.first?.text.flatMap({ try? ID(documentText: $0) }) else {
                throw evaluation.fail("t.no-vertex", "no vertex")
            }
            return .integer(evaluation.graph.contained(in: id).count)
        case "ends":
            // How many edges leave and reach a vertex, and where the vertex is contained.
            guard let id = arguments.first?.text.flatMap({ try? ID(documentText: $0) }) else {
                throw evaluation.fail("t.no-vertex", "no vertex")
            }
            return [
                .integer(evaluation.graph.outgoing(from: id).count), .integer(evaluation.graph.incoming(to: id).count),
                evaluation.graph.vertex(id).map { .text($0.container?.name ?? "top") } ?? "gone",
            ]
        case "of-target":
            guard let edge = evaluation.graph.edge(evaluation.site.entity) else {
                throw evaluation.fail("t.no-edge", "no edge")
            }
            return try evaluation.value(of: PropertyReference(edge.target, arguments[0].text ?? ""))
        default: throw evaluation.fail("t.unknown", "unknown function")
        }
    }
}

extension Value {
    /// A call of the library `t`.
    static func t(_ name: String, _ arguments: Value..., mode: Call.Mode = .normal) -> Value {
        .call(Call(FunctionName(plugin: "t", name: name), arguments, mode: mode))
    }

    static let candidate = Value.call(Call(FunctionName(plugin: "floria", name: "candidate")))
    /// The gate for numbers above 0.
    static let positive = Value.t("positive", mode: .eager)

    /// The value of a property of the same entity.
    static func own(_ name: String) -> Value { .call(Call(FunctionName(plugin: "floria", name: "value"), [.text(name)])) }

    /// The value of a property of another entity.
    static func value(_ id: ID, _ name: String) -> Value {
        .call(Call(FunctionName(plugin: "floria", name: "value"), [.text(id.documentText), .text(name)]))
    }
}

extension Graph {
    /// A graph of vertexes that have properties.
    init(_ vertexes: [ID: [String: Property]]) {
        self.init()
        for (id, properties) in vertexes {
            var vertex = Vertex(EntityHeader(id))
            vertex.properties = properties
            insert(vertex)
        }
    }

    func value(_ id: ID, _ name: String) -> Value? { vertex(id)?.properties[name]?.value }
}
