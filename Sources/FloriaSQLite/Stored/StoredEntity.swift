// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// An entity as its row holds it, but for what has a column of its own.
///
/// Of vertexes and edges only what is their own is kept here, as a list; the rest is their pattern:
///
/// | of | the list |
/// |---|---|
/// | a vertex | ID, index, container or null, and what both have |
/// | an edge | ID, index, source, target, name, and what both have |
/// | both | the number of its provenance or null, the properties in the order of the pattern's names, the provenances |
/// | a property | null if it has nothing of its own; else its status, the number of its provenance or null, what it reads, the problem or null, and the value if there is one |
///
/// Other kinds are kept as documents.
struct StoredEntity: Sendable {
    /// The key of its pattern.
    let pattern: Int64?
    let content: [UInt8]
}

/// Encodes entities for their rows. It remembers the patterns and provenances of those before, which others mostly share.
struct EntityEncoder {
    /// What was encoded before.
    struct Memory: Sendable {
        /// The pattern that the last instance of each template had.
        fileprivate var recent: [ID?: (key: Int64, pattern: Pattern)] = [:]
        fileprivate var provenances = EncodedProvenances()
    }

    private let patterns: PatternTable
    private(set) var memory: Memory
    /// Whether it remembers more than at first.
    private(set) var hasLearnt = false

    init(_ patterns: PatternTable, _ memory: Memory = Memory()) {
        self.patterns = patterns
        self.memory = memory
    }

    /// The form of an entity in its row, with another header than it has.
    mutating func stored(_ entity: Entity, _ header: EntityHeader) -> StoredEntity {
        guard let found = pattern(of: entity) else {
            var entity = entity
            entity.header = header
            return StoredEntity(pattern: nil, content: CBOR.encode(entity.document))
        }
        var writer = CBORWriter(capacity: 192)
        switch entity {
        case .vertex(let vertex):
            writer.writeList(of: 6)
            writer.write(header.id.documentText)
            writer.write(.integer(vertex.index))
            writer.write(vertex.container.map { .text($0.documentText) } ?? .null)
            writer.write(header.provenance, vertex.properties, found.pattern, &memory.provenances)
        case .edge(let edge):
            writer.writeList(of: 8)
            writer.write(header.id.documentText)
            writer.write(.integer(edge.index))
            writer.write(edge.source.documentText)
            writer.write(edge.target.documentText)
            writer.write(edge.name)
            writer.write(header.provenance, edge.properties, found.pattern, &memory.provenances)
        case .plugin, .class, .vertexTemplate, .edgeTemplate: break
        }
        return StoredEntity(pattern: found.key, content: writer.output)
    }

    private mutating func pattern(of entity: Entity) -> (key: Int64, pattern: Pattern)? {
        let origin = entity.origin
        if let known = memory.recent[origin], known.pattern.fits(entity) { return known }
        guard let pattern = Pattern(entity) else { return nil }
        let found = (patterns.key(of: pattern), pattern)
        memory.recent[origin] = found
        hasLearnt = true
        return found
    }
}

extension Entity {
    fileprivate var origin: ID? {
        switch self {
        case .vertex(let vertex): vertex.origin
        case .edge(let edge): edge.origin
        case .plugin, .class, .vertexTemplate, .edgeTemplate: nil
        }
    }
}

/// The encoding of the last list of provenances: others mostly have the same.
private struct EncodedProvenances: Sendable {
    private var last: (provenances: [Provenance], bytes: [UInt8])?

    mutating func bytes(of provenances: [Provenance]) -> [UInt8] {
        if let last, last.provenances == provenances { return last.bytes }
        let bytes = CBOR.encode(.list(provenances.map(\.document)))
        last = (provenances, bytes)
        return bytes
    }
}

extension CBORWriter {
    /// The last parts of an instance: its provenance, its properties, and the provenances that both are numbers of.
    fileprivate mutating func write(
        _ own: Provenance?, _ properties: [String: Property], _ pattern: Pattern, _ encoded: inout EncodedProvenances
    ) {
        // Most properties of an entity share one, so there are few.
        var provenances: [Provenance] = []
        write(own, &provenances)
        writeList(of: pattern.names.count)
        for name in pattern.names {
            if let property = properties[name] { write(property, &provenances) } else { write(.null) }
        }
        write(encoded: encoded.bytes(of: provenances))
    }

    private mutating func write(_ provenance: Provenance?, _ provenances: inout [Provenance]) {
        guard let provenance else { return write(.null) }
        if let number = provenances.firstIndex(of: provenance) { return write(.integer(number)) }
        provenances.append(provenance)
        write(.integer(provenances.count - 1))
    }

    private mutating func write(_ property: Property, _ provenances: inout [Provenance]) {
        if property.value == nil, property.status == .unset, property.reads.isEmpty, property.provenance == nil {
            return write(.null)
        }
        writeList(of: property.value == nil ? 4 : 5)
        write(.integer(property.status.code))
        write(property.provenance, &provenances)
        writeList(of: property.reads.count)
        for read in property.reads { write(read.document) }
        write(property.status.problem?.value ?? .null)
        if let value = property.value { write(value) }
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

    init?(code: Int64, problem: Problem?) {
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
