// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension Entity {
    /// The entity as a document: the form in which it crosses the API and the plugin interface, and is stored.
    public var document: Value {
        var writer = DocumentWriter()
        write(header, to: &writer)
        switch self {
        case .plugin(let plugin):
            writer.put("digest", plugin.digest)
            writer.put("description", plugin.description)
            writer.put("grants", plugin.grants)
        case .class(let `class`):
            writer.put("parent", `class`.parent)
            writer.put("handlers", list: `class`.handlers.map(\.document))
        case .vertexTemplate(let template): template.write(to: &writer)
        case .edgeTemplate(let template): template.write(to: &writer)
        case .vertex(let vertex):
            writer.put("origin", vertex.origin)
            writer.put(vertex.classes, vertex.properties, vertex.handlers)
            writer.put("container", vertex.container)
            writer.put("index", vertex.index == 0 ? nil : .integer(vertex.index))
        case .edge(let edge):
            writer.put("origin", edge.origin)
            writer.put(edge.classes, edge.properties, edge.handlers)
            writer.put("source", edge.source)
            writer.put("target", edge.target)
            writer.put("name", edge.name)
            writer.put("index", edge.index == 0 ? nil : .integer(edge.index))
        }
        return writer.document
    }

    private func write(_ header: EntityHeader, to writer: inout DocumentWriter) {
        writer.put("id", header.id)
        writer.put("metadata", header.metadata)
        if header.version > 0 { writer.put("version", .number(header.version)) }
        if header.created != 0 { writer.put("created", .integer(header.created)) }
        if header.updated != 0 { writer.put("updated", .integer(header.updated)) }
        writer.put("provenance", header.provenance?.document)
    }

    /// Reads an entity's document; its kind is that of its `id`.
    ///
    /// - Throws: `floria.malformed-document` naming the key that is missing, unknown or of the wrong kind,
    ///   `floria.malformed-id`.
    public init(document: Value) throws(Problem) {
        guard let text = document["id"]?.text else {
            throw DocumentReader.malformed("the document of an entity has no ‘id’")
        }
        let id = try ID(documentText: text)
        let reader = try DocumentReader(document, "the \(id.kind.label) ‘\(id)’", keys: id.kind.documentKeys)
        let header = try EntityHeader(id, reader)
        switch id.kind {
        case .plugin:
            self = .plugin(
                Plugin(
                    header, digest: try reader.text("digest"), description: try reader.value("description"),
                    grants: try reader.value("grants")))
        case .class:
            self = .class(Class(header, parent: try reader.optionalID("parent"), handlers: try reader.handlers()))
        case .vertexTemplate: self = .vertexTemplate(try VertexTemplate(header, reader))
        case .edgeTemplate: self = .edgeTemplate(try EdgeTemplate(header, reader))
        case .vertex: self = .vertex(try Vertex(header, reader))
        case .edge: self = .edge(try Edge(header, reader))
        }
    }
}

extension EntityKind {
    /// The kind as messages show it.
    public var label: String {
        switch self {
        case .vertexTemplate: "vertex template"
        case .edgeTemplate: "edge template"
        case .plugin, .class, .vertex, .edge: rawValue
        }
    }

    private static let common: Set<String> = ["id", "metadata", "version", "created", "updated", "provenance"]
    private static let instance = common.union(["origin", "classes", "properties", "handlers", "index"])
    private static let template = common.union([
        "classes", "properties", "handlers", "instantiation-handlers", "count", "instance-name",
    ])
    private static let keys: [EntityKind: Set<String>] = [
        .plugin: common.union(["digest", "description", "grants"]),
        .class: common.union(["parent", "handlers"]),
        .vertexTemplate: template.union(["contained", "edges", "opens-directory", "alternatives"]),
        .edgeTemplate: template.union(["target", "range", "optional"]),
        .vertex: instance.union(["container"]),
        .edge: instance.union(["source", "target", "name"]),
    ]

    fileprivate var documentKeys: Set<String> { Self.keys[self] ?? [] }
}

extension EntityHeader {
    fileprivate init(_ id: ID, _ reader: DocumentReader) throws(Problem) {
        self.init(id, metadata: try reader.valueMap("metadata"))
        switch reader.optional("version") {
        case nil: break
        case .unsigned(let number): version = number
        case .integer(let number) where number >= 0: version = UInt64(number)
        default: throw DocumentReader.malformed("‘version’ of \(reader.subject) is not an integer from 0")
        }
        created = try reader.integer("created", default: 0)
        updated = try reader.integer("updated", default: 0)
        provenance = try reader.optional("provenance").map { value throws(Problem) in try Provenance(document: value) }
    }
}

extension Vertex {
    fileprivate init(_ header: EntityHeader, _ reader: DocumentReader) throws(Problem) {
        self.init(header, classes: try reader.ids("classes"), container: try reader.optionalID("container"))
        origin = try reader.optionalID("origin")
        properties = try reader.properties()
        handlers = try reader.handlers()
        index = Int(try reader.integer("index", default: 0))
    }
}

extension Edge {
    fileprivate init(_ header: EntityHeader, _ reader: DocumentReader) throws(Problem) {
        self.init(
            header, classes: try reader.ids("classes"), name: try reader.text("name"), source: try reader.id("source"),
            target: try reader.id("target"))
        origin = try reader.optionalID("origin")
        properties = try reader.properties()
        handlers = try reader.handlers()
        index = Int(try reader.integer("index", default: 0))
    }
}

extension DocumentReader {
    func properties() throws(Problem) -> [String: Property] {
        let map = try valueMap("properties")
        var properties: [String: Property] = [:]
        properties.reserveCapacity(map.count)
        for (key, value) in map {
            guard case .text(let name) = key else { throw Self.malformed("a property's name in \(subject) is not a text") }
            properties[name] = try Property(document: value, of: "the property ‘\(name)’ of \(subject)")
        }
        return properties
    }

    func handlers() throws(Problem) -> [Handler] {
        var handlers: [Handler] = []
        for item in try list("handlers") { handlers.append(try Handler(document: item)) }
        return handlers
    }
}

extension DocumentWriter {
    mutating func put(_ classes: [ID], _ properties: [String: Property], _ handlers: [Handler]) {
        put("classes", classes)
        put("properties", ValueMap(properties.map { (.text($0.key), $0.value.document) }))
        put("handlers", list: handlers.map(\.document))
    }
}
