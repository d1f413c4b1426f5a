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

    init(_ vertex: Vertex) {
        self.init(vertex.header.metadata, vertex.origin, vertex.classes, vertex.handlers, vertex.properties)
    }

    init(_ edge: Edge) {
        self.init(edge.header.metadata, edge.origin, edge.classes, edge.handlers, edge.properties)
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
        var parts = try Parts(content)
        metadata = try parts.next().map ?? ValueMap()
        origin = try parts.optionalID()
        classes = try parts.list { value throws(Problem) in try ID(documentText: value.text ?? "") }
        handlers = try parts.list { value throws(Problem) in try Handler(document: value) }
        names = try parts.list { value throws(Problem) in value.text ?? "" }
        definitions = try parts.list { value throws(Problem) in try Property(document: value, of: "a pattern").definition }
        guard names.count == definitions.count else { throw Problem.damaged }
    }
}

/// The parts of a stored list, one after the other.
struct Parts {
    private let items: [Value]
    private var index = 0

    init(_ content: [UInt8]) throws(Problem) { try self.init(CBOR.decode(content)) }

    init(_ value: Value) throws(Problem) {
        guard case .list(let items) = value else { throw Problem.damaged }
        self.items = items
    }

    /// How many parts are left.
    var count: Int { items.count - index }

    mutating func next() throws(Problem) -> Value {
        guard index < items.count else { throw Problem.damaged }
        defer { index += 1 }
        return items[index]
    }

    mutating func integer() throws(Problem) -> Int64 {
        guard case .integer(let number) = try next() else { throw Problem.damaged }
        return number
    }

    mutating func text() throws(Problem) -> String {
        guard case .text(let text) = try next() else { throw Problem.damaged }
        return text
    }

    mutating func id() throws(Problem) -> ID { try ID(documentText: text()) }

    mutating func optionalID() throws(Problem) -> ID? {
        guard case .text(let text) = try next() else { return nil }
        return try ID(documentText: text)
    }

    mutating func list<Item>(_ convert: (Value) throws(Problem) -> Item) throws(Problem) -> [Item] {
        guard case .list(let values) = try next() else { throw Problem.damaged }
        var items: [Item] = []
        items.reserveCapacity(values.count)
        for value in values { items.append(try convert(value)) }
        return items
    }
}
