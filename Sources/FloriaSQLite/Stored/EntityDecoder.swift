// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Reads entities from the contents of their rows. It remembers what the rows before had, since others mostly have the same.
struct EntityDecoder {
    private var ids = IDReader()
    private var provenances = CBORMemory<[Provenance]>()
    private var containers = CBORMemory<ID?>()
    private var directory = (path: [UInt8](), directory: Directory.root)

    /// The identifier of a row that begins with kind, directory and name.
    mutating func id(_ row: Row) throws(Problem) -> ID {
        guard let kind = EntityKind(code: Int(try row.integer(0))) else { throw Problem.damaged }
        if !row.hasText(directory.path, at: 1) {
            let path = try row.text(1)
            directory = (Array(path.utf8), Directory(path: path))
        }
        return ID(kind, directory.directory, try row.text(2))
    }

    /// Reads the content of a row.
    ///
    /// - Parameters:
    ///   - pattern: The row's pattern, if it has one.
    ///   - known: The identifier, if the row has told it already.
    /// - Throws: `store.unavailable` if it is damaged, what decoding throws.
    mutating func entity(_ content: [UInt8], _ pattern: Pattern?, id known: ID? = nil) throws(Problem) -> Entity {
        guard let pattern else { return try Entity(document: CBOR.decode(content)) }
        var source = CBORCursor(content)
        let count = try source.list()
        if known != nil { try source.skipText() }
        let id = if let known { known } else { try id(&source) }
        let index = Int(try source.wholeNumber())
        let entity: Entity
        switch (id.kind, count) {
        case (.vertex, 6):
            let container = try container(&source)
            let (header, properties) = try parts(&source, of: id, pattern)
            var vertex = Vertex(header, classes: pattern.classes, container: container)
            vertex.origin = pattern.origin
            vertex.handlers = pattern.handlers
            vertex.properties = properties
            vertex.index = index
            entity = .vertex(vertex)
        case (.edge, 8):
            let (start, end) = (try self.id(&source), try self.id(&source))
            guard let name = try source.text() else { throw Problem.damaged }
            let (header, properties) = try parts(&source, of: id, pattern)
            var edge = Edge(header, classes: pattern.classes, name: name, source: start, target: end)
            edge.origin = pattern.origin
            edge.handlers = pattern.handlers
            edge.properties = properties
            edge.index = index
            entity = .edge(edge)
        default: throw Problem.damaged
        }
        guard source.isAtEnd else { throw Problem.damaged }
        return entity
    }

    /// Whether a property of an instance reads something; what else the content of its row says is passed over.
    static func hasReads(_ content: [UInt8]) throws(Problem) -> Bool {
        var source = CBORCursor(content)
        guard let count = try source.list(), count > 2 else { throw Problem.damaged }
        try source.skip(count - 2)
        guard let properties = try source.list() else { throw Problem.damaged }
        for _ in 0..<properties where !source.skipNull() {
            guard let count = try source.list(), count == 4 || count == 5 else { throw Problem.damaged }
            try source.skip(2)
            guard try source.list() == 0 else { return true }
            try source.skip(count - 3)
        }
        return false
    }

    private mutating func id(_ source: inout CBORCursor) throws(Problem) -> ID {
        guard let text = try source.text() else { throw Problem.damaged }
        return try ids.id(documentText: text)
    }

    private mutating func container(_ source: inout CBORCursor) throws(Problem) -> ID? {
        try source.remembered(&containers) { source throws(Problem) in
            if source.skipNull() { return nil }
            guard let text = try source.text() else { throw Problem.damaged }
            return try ID(documentText: text)
        }
    }

    /// What vertexes and edges both have. The provenances come last, as the numbers of them are known only then.
    private mutating func parts(
        _ source: inout CBORCursor, of id: ID, _ pattern: Pattern
    ) throws(Problem) -> (EntityHeader, [String: Property]) {
        let own = try source.number()
        guard try source.list() == pattern.names.count else { throw Problem.damaged }
        var properties: [(property: Property, provenance: Int?)] = []
        properties.reserveCapacity(pattern.names.count)
        for definition in pattern.definitions { properties.append(try property(&source, definition)) }
        let provenances = try source.remembered(&provenances) { source throws(Problem) in
            try source.items { value throws(Problem) in try Provenance(document: value) }
        }
        func provenance(_ number: Int?) throws(Problem) -> Provenance? {
            guard let number else { return nil }
            guard provenances.indices.contains(number) else { throw Problem.damaged }
            return provenances[number]
        }
        let header = EntityHeader(id, metadata: pattern.metadata, provenance: try provenance(own))
        var named: [String: Property] = [:]
        named.reserveCapacity(properties.count)
        for (position, name) in pattern.names.enumerated() {
            properties[position].property.provenance = try provenance(properties[position].provenance)
            named[name] = properties[position].property
        }
        return (header, named)
    }

    private mutating func property(
        _ source: inout CBORCursor, _ definition: Property.Definition
    ) throws(Problem) -> (property: Property, provenance: Int?) {
        var property = Property(definition)
        if source.skipNull() { return (property, nil) }
        guard let count = try source.list(), count == 4 || count == 5 else { throw Problem.damaged }
        let code = try source.wholeNumber()
        let provenance = try source.number()
        guard let readCount = try source.list() else { throw Problem.damaged }
        for _ in 0..<readCount { property.reads.append(try read(source.value())) }
        let problem = source.skipNull() ? nil : Problem(value: try source.value())
        guard let status = Property.Status(code: code, problem: problem) else { throw Problem.damaged }
        property.status = status
        if count == 5 { property.value = try source.value() }
        return (property, provenance)
    }

    private mutating func read(_ document: Value) throws(Problem) -> Read {
        guard case .map(let map) = document, map.count == 2, let entity = map["entity"]?.text, let name = map["property"]?.text
        else { return try Read(document: document) }
        return .property(PropertyReference(try ids.id(documentText: entity), name))
    }
}

extension CBORCursor {
    /// The integer that comes next.
    fileprivate mutating func wholeNumber() throws(Problem) -> Int64 {
        guard let number = try integer() else { throw Problem.damaged }
        return number
    }

    /// The number that comes next; nil if there is a null.
    fileprivate mutating func number() throws(Problem) -> Int? { skipNull() ? nil : Int(try wholeNumber()) }
}
