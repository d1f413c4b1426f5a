// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// A graph's document as pictures made of text.
struct GraphPicture {
    private struct Vertex {
        let id: String
        let name: String
        let kind: String
        let state: String
        let container: String?
    }

    private struct Edge {
        let source: String
        let target: String
        let name: String
    }

    private let vertexes: [Vertex]
    private let edges: [Edge]
    /// The edges of others that lead here.
    private let incoming: [Edge]
    /// The ends of edges that lie elsewhere, in order.
    private let elsewhere: [String]
    private let byID: [String: Vertex]

    init(_ document: Value) {
        vertexes = (document["vertexes"]?.list ?? []).map { vertex in
            Vertex(
                id: vertex.words("id"), name: Self.name(vertex.words("id")), kind: vertex["metadata"]?.words("kind") ?? "",
                state: vertex["properties"]?["state"]?.words("value") ?? "", container: vertex["container"]?.text)
        }
        edges = Self.edges(document["edges"])
        incoming = Self.edges(document["incoming"])
        byID = Dictionary(vertexes.map { ($0.id, $0) }) { first, _ in first }
        let ends = Set((edges + incoming).flatMap { [$0.source, $0.target] })
        elsewhere = ends.subtracting(byID.keys).sorted()
    }

    private static func edges(_ document: Value?) -> [Edge] {
        (document?.list ?? []).map {
            Edge(source: $0.words("source"), target: $0.words("target"), name: $0.words("name"))
        }
    }

    private static func name(_ id: String) -> String { (try? ID(documentText: id))?.description ?? id }

    /// The vertexes below their containers, each with the edges that leave it.
    func tree(_ palette: Palette) -> String {
        let children = Dictionary(grouping: vertexes.filter { $0.container != nil }) { $0.container ?? "" }
        let outgoing = Dictionary(grouping: edges, by: \.source)
        let arriving = Dictionary(grouping: incoming, by: \.target)
        let roots = vertexes.filter { vertex in vertex.container.map { byID[$0] == nil } ?? true }
        var lines: [String] = []
        func add(_ vertex: Vertex, _ prefix: String, _ branch: String, _ visited: Set<String>) {
            let state =
                vertex.state.isEmpty ? "" : "  " + palette.paint(vertex.state.visible, Palette.tone(ofState: vertex.state))
            let kind = vertex.kind.isEmpty ? "" : "  " + palette.paint(vertex.kind.visible, .faint)
            lines.append(prefix + branch + vertex.name.visible + kind + state)
            let below = branch.isEmpty ? prefix : prefix + (branch == "└─ " ? "   " : "│  ")
            let inner = (children[vertex.id] ?? []).filter { !visited.contains($0.id) }
            let arrows =
                (outgoing[vertex.id] ?? []).map { "\($0.name) → \(Self.name($0.target))" }
                + (arriving[vertex.id] ?? []).map { "\($0.name) ← \(Self.name($0.source))" }
            for (index, arrow) in arrows.enumerated() {
                let mark = index + 1 == arrows.count && inner.isEmpty ? "└─ " : "├─ "
                lines.append(below + mark + palette.paint(arrow.visible, .attention))
            }
            for (index, child) in inner.enumerated() {
                add(child, below, index + 1 == inner.count ? "└─ " : "├─ ", visited.union([child.id]))
            }
        }
        for root in roots { add(root, "", "", [root.id]) }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The picture in the language of Graphviz.
    var dot: String {
        func quoted(_ text: String) -> String {
            "\"" + text.visible.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
        let nodes =
            vertexes.map { "  \(quoted($0.id)) [label=\(quoted($0.name)), shape=\(Self.shapes[$0.kind] ?? "box")];\n" }
            + elsewhere.map { "  \(quoted($0)) [label=\(quoted(Self.name($0))), shape=box, style=dashed];\n" }
        let containment = vertexes.compactMap { vertex in
            vertex.container.map { "  \(quoted($0)) -> \(quoted(vertex.id)) [style=dotted, arrowhead=none];\n" }
        }
        let arrows = (edges + incoming).map { "  \(quoted($0.source)) -> \(quoted($0.target)) [label=\(quoted($0.name))];\n" }
        return "digraph {\n  rankdir=LR;\n" + (nodes + containment + arrows).joined() + "}\n"
    }

    /// The picture in the language of Mermaid.
    var mermaid: String {
        let numbers = Dictionary((vertexes.map(\.id) + elsewhere).enumerated().map { ($0.element, "v\($0.offset)") }) {
            first, _ in first
        }
        func quoted(_ text: String) -> String { "\"" + text.visible.replacing("\"", with: "#quot;") + "\"" }
        let nodes =
            vertexes.map { "  \(numbers[$0.id] ?? "")[\(quoted($0.name))]\n" }
            + elsewhere.map { "  \(numbers[$0] ?? "")([\(quoted(Self.name($0)))])\n" }
        let containment = vertexes.compactMap { vertex in
            vertex.container.flatMap { numbers[$0] }.map { "  \($0) -.- \(numbers[vertex.id] ?? "")\n" }
        }
        let arrows = (edges + incoming).compactMap { edge -> String? in
            guard let source = numbers[edge.source], let target = numbers[edge.target] else { return nil }
            return "  \(source) -->|\(quoted(edge.name))| \(target)\n"
        }
        return "flowchart LR\n" + (nodes + containment + arrows).joined()
    }

    private static let shapes = [
        "service": "folder", "node": "component", "capability": "ellipse", "interface": "hexagon", "artifact": "note",
    ]
}
