// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension Entity {
    /// The entity as plugins read it: who and what it is, and how its properties stand. What makes the values, and where
    /// all that stands in a design, is left out: a plugin has no use for it, and it is most of a document.
    public var view: Value {
        var view: [(Value, Value)] = [("id", .text(id.documentText)), ("version", .number(header.version))]
        let metadata = header.metadata.filter { $0.key != "location" }
        if !metadata.isEmpty { view.append(("metadata", .map(ValueMap(metadata.map { ($0.key, $0.value) })))) }
        switch self {
        case .vertex(let vertex):
            view += Self.view(vertex.classes, vertex.properties)
            if let container = vertex.container { view.append(("container", .text(container.documentText))) }
        case .edge(let edge):
            view += Self.view(edge.classes, edge.properties)
            view.append(("name", .text(edge.name)))
            view.append(("source", .text(edge.source.documentText)))
            view.append(("target", .text(edge.target.documentText)))
        case .plugin, .class, .vertexTemplate, .edgeTemplate: break
        }
        return .map(ValueMap(view))
    }

    private static func view(_ classes: [ID], _ properties: [String: Property]) -> [(Value, Value)] {
        let properties = properties.map { (Value.text($0.key), $0.value.view) }
        return [("classes", .list(classes.map { .text($0.documentText) })), ("properties", .map(ValueMap(properties)))]
    }
}

extension Property {
    fileprivate var view: Value {
        var view: [(Value, Value)] = []
        if let value { view.append(("value", value)) }
        if let kind = metadata["kind"] { view.append(("kind", kind)) }
        if status != .valid { view.append(("status", .text(status.name))) }
        if let problem = status.problem { view.append(("problem", problem.value)) }
        return .map(ValueMap(view))
    }
}
