// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// An entity as its row holds it, but for what has a column of its own.
///
/// Of vertexes and edges only what is their own is kept here, as a list; the rest is their pattern. Other kinds are kept
/// as documents.
struct StoredEntity: Sendable {
    let pattern: (key: Int64, pattern: Pattern)?
    let content: [UInt8]

    init(_ entity: Entity, _ patterns: PatternTable) {
        var own: [Value]
        let pattern: Pattern
        switch entity {
        case .vertex(let vertex):
            pattern = Pattern(vertex)
            own = [.text(vertex.header.id.documentText), .integer(vertex.index), vertex.container.stored]
        case .edge(let edge):
            pattern = Pattern(edge)
            own = [
                .text(edge.header.id.documentText), .integer(edge.index), .text(edge.source.documentText),
                .text(edge.target.documentText), .text(edge.name),
            ]
        case .plugin, .class, .vertexTemplate, .edgeTemplate:
            self.pattern = nil
            content = CBOR.encode(entity.document)
            return
        }
        var provenances = Provenances()
        own.append(provenances.add(entity.header.provenance))
        let properties = entity.properties
        own.append(.list(pattern.names.map { properties[$0]?.stored(&provenances) ?? .null }))
        own.append(provenances.stored)
        self.pattern = (patterns.key(of: pattern), pattern)
        content = CBOR.encode(.list(own))
    }
}

extension Entity {
    /// Reads the content of a row that has no pattern.
    init(content: [UInt8]) throws(Problem) { self = try Entity(document: CBOR.decode(content)) }

    /// Reads the content of a row that has a pattern.
    init(content: [UInt8], _ pattern: Pattern) throws(Problem) {
        var parts = try Parts(content)
        var header = EntityHeader(try parts.id(), metadata: pattern.metadata)
        let index = Int(try parts.integer())
        switch header.id.kind {
        case .vertex:
            let container = try parts.optionalID()
            let properties = try parts.properties(of: &header, pattern)
            var vertex = Vertex(header, classes: pattern.classes, container: container)
            vertex.origin = pattern.origin
            vertex.handlers = pattern.handlers
            vertex.properties = properties
            vertex.index = index
            self = .vertex(vertex)
        case .edge:
            let (source, target, name) = (try parts.id(), try parts.id(), try parts.text())
            let properties = try parts.properties(of: &header, pattern)
            var edge = Edge(header, classes: pattern.classes, name: name, source: source, target: target)
            edge.origin = pattern.origin
            edge.handlers = pattern.handlers
            edge.properties = properties
            edge.index = index
            self = .edge(edge)
        case .plugin, .class, .vertexTemplate, .edgeTemplate: throw Problem.damaged
        }
    }
}

/// The different provenances of one entity: most of its properties share one.
private struct Provenances {
    private var numbers: [Provenance: Int] = [:]
    private var items: [Value] = []

    /// The number of a provenance.
    mutating func add(_ provenance: Provenance?) -> Value {
        guard let provenance else { return .null }
        if let number = numbers[provenance] { return .integer(number) }
        numbers[provenance] = items.count
        items.append(provenance.document)
        return .integer(items.count - 1)
    }

    var stored: Value { .list(items) }
}

extension ID? {
    fileprivate var stored: Value { map { .text($0.documentText) } ?? .null }
}

extension Property {
    /// What isn't its definition: status, provenance, reads, the problem, and the value if there is one; null if there is nothing.
    fileprivate func stored(_ provenances: inout Provenances) -> Value {
        if value == nil, status == .unset, reads.isEmpty, provenance == nil { return .null }
        let own: [Value] = [
            .integer(status.code), provenances.add(provenance), .list(reads.map(\.document)), status.problem?.value ?? .null,
        ]
        return .list(value.map { own + [$0] } ?? own)
    }

    fileprivate init(_ definition: Definition, stored: Value, _ provenances: [Provenance]) throws(Problem) {
        self.init(definition)
        if stored == .null { return }
        var parts = try Parts(stored)
        let code = try parts.integer()
        if case .integer(let number) = try parts.next() {
            guard provenances.indices.contains(Int(number)) else { throw Problem.damaged }
            provenance = provenances[Int(number)]
        }
        reads = try parts.list { value throws(Problem) in try Read(document: value) }
        let problem = try parts.next()
        guard let status = Status(code: code, problem: problem == .null ? nil : Problem(value: problem)) else {
            throw Problem.damaged
        }
        self.status = status
        if parts.count > 0 { value = try parts.next() }
    }
}

extension Property.Status {
    fileprivate var code: Int {
        switch self {
        case .unset: 0
        case .pending: 1
        case .valid: 2
        case .stale: 3
        case .failed: 4
        }
    }

    fileprivate init?(code: Int64, problem: Problem?) {
        switch (code, problem) {
        case (0, nil): self = .unset
        case (1, let problem?): self = .pending(problem)
        case (2, nil): self = .valid
        case (3, nil): self = .stale
        case (4, let problem?): self = .failed(problem)
        default: return nil
        }
    }
}

extension Parts {
    /// The last parts of an instance: its provenance, its properties, and the provenances that both are numbers of.
    fileprivate mutating func properties(of header: inout EntityHeader, _ pattern: Pattern) throws(Problem) -> [String:
        Property]
    {
        let own = try next()
        let states = try list { value throws(Problem) in value }
        let provenances = try list { value throws(Problem) in try Provenance(document: value) }
        if case .integer(let number) = own, provenances.indices.contains(Int(number)) {
            header.provenance = provenances[Int(number)]
        }
        guard states.count == pattern.names.count else { throw Problem.damaged }
        var properties: [String: Property] = [:]
        properties.reserveCapacity(states.count)
        for (index, name) in pattern.names.enumerated() {
            properties[name] = try Property(pattern.definitions[index], stored: states[index], provenances)
        }
        return properties
    }
}
