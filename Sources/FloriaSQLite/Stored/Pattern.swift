// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// What the vertexes or edges of one template have in common, so that it is kept once for all of them.
struct Pattern: Sendable {
    let metadata: ValueMap
    let origin: ID?
    let classes: [ID]
    let handlers: [Handler]
    /// The names of the properties, sorted.
    let names: [String]
    /// The definitions, in the order of the names.
    let definitions: [Property.Definition]

    /// The pattern of a vertex or an edge; nil if the entity is neither.
    init?(_ entity: Entity) {
        switch entity {
        case .vertex(let vertex):
            self.init(vertex.header.metadata, vertex.origin, vertex.classes, vertex.handlers, vertex.properties)
        case .edge(let edge): self.init(edge.header.metadata, edge.origin, edge.classes, edge.handlers, edge.properties)
        case .plugin, .class, .vertexTemplate, .edgeTemplate: return nil
        }
    }

    private init(
        _ metadata: ValueMap, _ origin: ID?, _ classes: [ID], _ handlers: [Handler], _ properties: [String: Property]
    ) {
        let sorted = properties.sorted { $0.key < $1.key }
        self.metadata = metadata
        self.origin = origin
        self.classes = classes
        self.handlers = handlers
        names = sorted.map(\.key)
        definitions = sorted.map(\.value.definition)
    }
}

extension Pattern: Hashable {
    /// Hashes what is hashed fast; what it leaves out seldom differs where the rest is equal.
    func hash(into hasher: inout Hasher) {
        hasher.combine(origin)
        hasher.combine(definitions)
    }
}

extension Pattern {
    /// The pattern's content in its row: the parts in order.
    var content: [UInt8] {
        CBOR.encode(
            .list([
                .map(metadata), origin.map { .text($0.documentText) } ?? .null,
                .list(classes.map { .text($0.documentText) }), .list(handlers.map(\.document)),
                .list(names.map(Value.text)), .list(definitions.map { Property($0).document }),
            ]))
    }

    /// Reads a pattern's content.
    init(content: [UInt8]) throws(Problem) {
        var parts = CBORCursor(content)
        guard try parts.list() == 6, case .map(let metadata) = try parts.value() else { throw Problem.damaged }
        self.metadata = metadata
        origin = try parts.value().text.map { text throws(Problem) in try ID(documentText: text) }
        classes = try parts.items { value throws(Problem) in try ID(documentText: value.text ?? "") }
        handlers = try parts.items { value throws(Problem) in try Handler(document: value) }
        names = try parts.items { value throws(Problem) in value.text ?? "" }
        definitions = try parts.items { value throws(Problem) in try Property(document: value, of: "a pattern").definition }
        guard names.count == definitions.count, parts.isAtEnd else { throw Problem.damaged }
    }

    /// Whether an entity has this pattern. O(properties), and without much to be compared where it has.
    func fits(_ entity: Entity) -> Bool {
        switch entity {
        case .vertex(let vertex):
            fits(vertex.header.metadata, vertex.origin, vertex.classes, vertex.handlers, vertex.properties)
        case .edge(let edge): fits(edge.header.metadata, edge.origin, edge.classes, edge.handlers, edge.properties)
        case .plugin, .class, .vertexTemplate, .edgeTemplate: false
        }
    }

    private func fits(
        _ metadata: ValueMap, _ origin: ID?, _ classes: [ID], _ handlers: [Handler], _ properties: [String: Property]
    ) -> Bool {
        guard origin == self.origin, properties.count == names.count, classes == self.classes, handlers == self.handlers,
            metadata == self.metadata
        else { return false }
        return zip(names, definitions).allSatisfy { properties[$0]?.definition == $1 }
    }
}

extension CBORCursor {
    /// The items of the list that comes next.
    mutating func items<Item>(_ convert: (Value) throws(Problem) -> Item) throws(Problem) -> [Item] {
        guard let count = try list() else { throw Problem.damaged }
        var items: [Item] = []
        for _ in 0..<count { items.append(try convert(value())) }
        return items
    }
}
