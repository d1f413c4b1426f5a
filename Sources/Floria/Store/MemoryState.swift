// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Everything that a ``MemoryStore`` holds, with the indexes that scans need.
struct MemoryState {
    private(set) var position: UInt64 = 0
    private(set) var sequence: UInt64 = 0
    private var entities: [ID: Entity] = [:]
    private var designed: [ID: Entity] = [:]
    private var contained: [ID: Set<ID>] = [:]
    private var outgoing: [ID: Set<ID>] = [:]
    private var incoming: [ID: Set<ID>] = [:]
    private var members: [ID: Set<ID>] = [:]
    private var readers: [Read: Set<PropertyReference>] = [:]
    private var stored: [RecordKey: Record] = [:]
    private var log: [StoredEvent] = []
    private var eventIDs: Set<String> = []

    /// Applies a transaction; with a version, as a part of the change that has it.
    mutating func apply(_ transaction: Transaction, time: Int64, version: UInt64? = nil) {
        let trimmed = log.partitioningIndex { $0.sequence > transaction.eventsTrimmed }
        for event in log.prefix(trimmed) { eventIDs.remove(event.event.id) }
        log.removeFirst(trimmed)
        let deletions = transaction.deletions.filter { entities[$0] != nil }
        let recordDeletions = (transaction.recordDeletions + timers(of: deletions)).filter { stored[$0] != nil }
        let events = transaction.events.filter { !eventIDs.contains($0.id) }
        let baselineDeletions = transaction.baselineDeletions.filter { designed[$0] != nil }
        let changes = [
            transaction.puts.count, transaction.baseline.count, transaction.records.count, deletions.count,
            baselineDeletions.count, recordDeletions.count, events.count, trimmed,
        ]
        guard changes.contains(where: { $0 > 0 }) else { return }
        position = version ?? position + 1
        for id in deletions { remove(id) }
        for entity in transaction.puts { put(entity, transaction, time: time) }
        for id in baselineDeletions { designed[id] = nil }
        for var entity in transaction.baseline {
            entity.header.forgetStamps()
            designed[entity.id] = entity
        }
        for key in recordDeletions { stored[key] = nil }
        for var record in transaction.records {
            record.version = position
            stored[record.name] = record
        }
        for event in events where eventIDs.insert(event.id).inserted {
            sequence += 1
            log.append(StoredEvent(sequence: sequence, event: event))
        }
    }

    private mutating func put(_ entity: Entity, _ transaction: Transaction, time: Int64) {
        var entity = entity
        let old = entities[entity.id]?.header
        remove(entity.id)
        entity.header.stamp(time: time, transaction)
        entity.header.follow(old.map { ($0.created, $0.updated) }, transaction)
        entity.header.version = position
        entities[entity.id] = entity
        index(entity, isThere: true)
    }

    private mutating func remove(_ id: ID) {
        guard let entity = entities.removeValue(forKey: id) else { return }
        index(entity, isThere: false)
    }

    private mutating func index(_ entity: Entity, isThere: Bool) {
        let id = entity.id
        if case .vertex(let vertex) = entity, let container = vertex.container {
            Self.note(id, in: &contained[container], isThere)
        }
        if case .edge(let edge) = entity {
            Self.note(id, in: &outgoing[edge.source], isThere)
            Self.note(id, in: &incoming[edge.target], isThere)
        }
        guard entity.isInstance else { return }
        for memberOf in entity.classes { Self.note(id, in: &members[memberOf], isThere) }
        for reading in entity.readings { Self.note(reading.reader, in: &readers[reading.read], isThere) }
    }

    /// The records of the timers of entities that are deleted.
    private func timers(of deletions: [ID]) -> [RecordKey] {
        if deletions.isEmpty { return [] }
        let prefixes = Set(deletions.map { EventTimer.keyPrefix(.entity($0)) })
        return stored.keys.filter { name in
            guard name.collection == EventTimer.collection, let end = name.key.utf8.firstIndex(of: 1) else { return false }
            return prefixes.contains(String(name.key[...end]))
        }
    }

    private static func note<Item>(_ item: Item, in items: inout Set<Item>?, _ isThere: Bool) {
        var changed = items.take() ?? []
        if isThere { changed.insert(item) } else { changed.remove(item) }
        items = changed.isEmpty ? nil : changed
    }
}

extension EntityHeader {
    /// Sets what a store sets when it puts an entity that isn't there yet, but for the version.
    package mutating func stamp(time: Int64, _ transaction: Transaction) {
        if !transaction.keepsStamps || created == 0 { created = time }
        if !transaction.keepsStamps || updated == 0 { updated = time }
        if provenance == nil { provenance = transaction.provenance }
    }

    /// Takes away what only a stored entity has: a baseline has neither version nor stamps.
    fileprivate mutating func forgetStamps() { (version, created, updated) = (0, 0, 0) }

    /// Lets it follow what was there before.
    package mutating func follow(_ old: (created: Int64, updated: Int64)?, _ transaction: Transaction) {
        guard let old, !transaction.keepsStamps else { return }
        created = old.created
        // The clock may have been set back.
        updated = max(updated, old.updated)
    }
}

extension MemoryState: Snapshot {
    func entity(_ id: ID) -> Entity? { entities[id] }

    func visit(_ scan: Scan, _ body: (Entity) throws(Problem) -> Void) throws(Problem) {
        let ids: any Sequence<ID> =
            switch scan {
            case .directory(let kind, let directory, isDeep: true):
                entities.keys.filter { $0.kind == kind && $0.directory.isWithin(directory) }
            case .directory(let kind, let directory, isDeep: false):
                entities.keys.filter { $0.kind == kind && $0.directory == directory }
            case .class(let id, let directory): (members[id] ?? []).filter { $0.directory.isWithin(directory) }
            case .contained(let id): contained[id] ?? []
            case .outgoing(let id): outgoing[id] ?? []
            case .incoming(let id): incoming[id] ?? []
            }
        for id in ids.sorted() {
            if let entity = entities[id] { try body(entity) }
        }
    }

    func baseline(_ id: ID) -> Entity? { designed[id] }

    func visitBaseline(_ kind: EntityKind, within directory: Directory, _ body: (Entity) throws(Problem) -> Void)
        throws(Problem)
    {
        let found = designed.values.filter { $0.kind == kind && $0.id.directory.isWithin(directory) }
        for entity in found.sorted(by: { $0.id < $1.id }) { try body(entity) }
    }

    func collections() -> [String] {
        Set(stored.keys.map(\.collection)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func readers(of reads: [Read]) -> [PropertyReference] {
        reads.reduce(into: Set<PropertyReference>()) { $0.formUnion(readers[$1] ?? []) }.sorted()
    }

    func record(_ collection: String, _ key: String) -> Record? { stored[RecordKey(collection, key)] }

    func records(_ collection: String, prefix: String, after: String?, limit: Int) -> [Record] {
        let found = stored.values.filter { record in
            let key = record.name.key.utf8
            guard record.name.collection == collection, key.starts(with: prefix.utf8) else { return false }
            return after.map { $0.utf8.lexicographicallyPrecedes(key) } ?? true
        }
        return Array(found.sorted { $0.name.key.utf8.lexicographicallyPrecedes($1.name.key.utf8) }.prefix(max(0, limit)))
    }

    func records(_ collection: String, prefix: String, putAfter position: UInt64) -> [Record] {
        records(collection, prefix: prefix, after: nil, limit: .max).filter { $0.version > position }
    }

    func events(after: UInt64, limit: Int) -> [StoredEvent] {
        let start = log.partitioningIndex { $0.sequence > after }
        return Array(log[start...].prefix(max(0, limit)))
    }

    func sequence(ofEvent id: String) -> UInt64? {
        eventIDs.contains(id) ? log.first { $0.event.id == id }?.sequence : nil
    }

    func directories(below directory: Directory) -> [Directory] {
        let depth = directory.names.count
        let below = entities.keys.lazy.map(\.directory).filter { $0.names.count > depth && $0.isWithin(directory) }
        return Set(below.map { directory.appending($0.names[depth]) }).sorted()
    }
}

extension MemoryState: StoredGraph {
    func exists(_ id: ID) -> Bool { entities[id] != nil }
    func version(of id: ID) -> UInt64 { entities[id]?.header.version ?? 0 }
    func version(of record: RecordKey) -> UInt64 { stored[record]?.version ?? 0 }
    func contents(of vertex: ID) -> [ID] { (contained[vertex] ?? []).sorted() }
    func edges(at vertex: ID) -> [ID] { (outgoing[vertex] ?? []).union(incoming[vertex] ?? []).sorted() }

    func container(of vertex: ID) -> ID? {
        if case .vertex(let vertex) = entities[vertex] { vertex.container } else { nil }
    }
}
