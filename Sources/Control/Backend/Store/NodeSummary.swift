// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// A line about a node: `{"node", "type", "state", "host", "pid", "ports"}`.
enum NodeSummary {
    /// The nodes among the vertexes, each with the ports of the capabilities that are among them too.
    static func all(of vertexes: [Vertex]) -> [Value] {
        let contained = Dictionary(grouping: vertexes) { $0.container }
        return vertexes.filter { $0.kind == "node" }.map { document($0, contained[$0.header.id] ?? []) }
    }

    private static func document(_ node: Vertex, _ contained: [Vertex]) -> Value {
        var document: Value = [
            "node": .text(node.header.id.description), "type": .text(type(of: node)),
            "state": node.properties["state"]?.value ?? "initial",
        ]
        for name in ["host", "pid", "reason"] { document[name] = node.properties[name]?.value }
        // The last process that there was is no longer of interest, and its number may be another's by now.
        if let state = document["state"]?.text, ["finished", "stopped", "failed"].contains(state) { document["pid"] = nil }
        let ports = contained.compactMap(port)
        if !ports.isEmpty { document["ports"] = .list(ports) }
        return document
    }

    private static func port(_ vertex: Vertex) -> Value? {
        guard vertex.kind == "capability", let port = vertex.properties["port"]?.value else { return nil }
        var document: Value = ["port": port]
        document["capability"] = vertex.header.metadata["name"] ?? .text(vertex.header.id.name)
        for name in ["protocol", "address", "endpoint"] { document[name] = vertex.properties[name]?.value }
        return document
    }

    /// The type's name with its profile: `PROFILE:NAME`, or `NAME` if it is of the design's own file.
    static func type(of vertex: Vertex) -> String {
        guard let type = vertex.classes.first else { return "" }
        let profile = type.directory.names.dropFirst().joined(separator: "/")
        return profile.isEmpty || profile == "local" ? type.name : "\(profile):\(type.name)"
    }
}
