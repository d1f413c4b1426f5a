// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Writes what a store holds of a service, of a directory or of everything, document by document, so that the memory it takes
/// doesn't grow with what there is.
public struct Export {
    /// What is known of events beside the store that is exported.
    public struct Deliveries: Sendable {
        /// The sequence of the last event that was sent to the hosts. Those after it are still to be carried.
        public var sent: UInt64
        /// Events that hosts have taken in and not dealt with yet, each with ``Event/carried``, in their order.
        public var carried: [Event]
        /// The IDs of events after ``sent`` that a host has taken in nevertheless: ``carried`` tells what is to be done with them.
        public var taken: Set<String>

        /// Makes it.
        public init(sent: UInt64 = 0, carried: [Event] = [], taken: Set<String> = []) {
            self.sent = sent
            self.carried = carried
            self.taken = taken
        }
    }

    private let snapshot: any Snapshot
    private let scope: ExchangeScope
    private let format: ExchangeFormat
    private let deliveries: Deliveries
    /// The IDs of what hosts have.
    private let carried: Set<String>
    private let sink: ([UInt8]) throws(Problem) -> Void
    private var checksum = ExchangeChecksum()
    private var count: Int64 = 0
    /// The definitions that something in the export names, and that lie elsewhere.
    private var needed: Set<ID> = []

    /// Writes an export.
    ///
    /// - Parameters:
    ///   - deliveries: Which events are still to be carried; those are part of the export. Of everything all are.
    ///   - time: Now, in milliseconds since 1970 UTC.
    ///   - sink: Takes the bytes, document by document.
    /// - Throws: `exchange.unknown` if there is no such service or directory, what reading throws, and what the sink does.
    public static func write(
        _ scope: ExchangeScope, of snapshot: any Snapshot, as format: ExchangeFormat, _ deliveries: Deliveries = Deliveries(),
        time: Int64, to sink: ([UInt8]) throws(Problem) -> Void
    ) throws(Problem) {
        try withoutActuallyEscaping(sink) { sink throws(Problem) in
            var export = Export(snapshot, scope, format, deliveries, sink)
            try export.put(.start(scope, time: time))
            try export.writeEntities()
            try export.writeNeeded()
            try export.writeBaseline()
            guard export.count > 1 || scope == .everything else { throw scope.unknown }
            try export.writeRecords()
            try export.writeEvents()
            try export.finish()
        }
    }

    private init(
        _ snapshot: any Snapshot, _ scope: ExchangeScope, _ format: ExchangeFormat, _ deliveries: Deliveries,
        _ sink: @escaping ([UInt8]) throws(Problem) -> Void
    ) {
        self.snapshot = snapshot
        self.scope = scope
        self.format = format
        self.deliveries = deliveries
        carried = Set(deliveries.carried.map(\.id))
        self.sink = sink
    }

    private mutating func put(_ item: ExchangeItem) throws(Problem) {
        let document = item.document
        let encoded = CBOR.encode(document)
        checksum.add(encoded)
        count += 1
        try sink(format.encode(document, encoded))
    }

    private mutating func finish() throws(Problem) {
        let document = ExchangeItem.end(count: count, checksum: checksum.text).document
        try sink(format.encode(document, CBOR.encode(document)))
    }

    private mutating func writeEntities() throws(Problem) {
        if let root = scope.root, let entity = try snapshot.entity(root) { try add(entity) }
        for kind in EntityKind.allCases {
            try snapshot.visit(.directory(kind, scope.directory, isDeep: true)) { entity throws(Problem) in try add(entity) }
        }
    }

    private mutating func add(_ entity: Entity) throws(Problem) {
        note(entity)
        try put(.entity(entity))
    }

    private mutating func note(_ entity: Entity) {
        for id in entity.neededDefinitions where !scope.covers(id) { needed.insert(id) }
    }

    /// Writes what is named and lies elsewhere, with what that names in turn.
    private mutating func writeNeeded() throws(Problem) {
        var written: Set<ID> = []
        while let id = needed.subtracting(written).min() {
            written.insert(id)
            guard let entity = try snapshot.entity(id) else { continue }
            note(entity)
            try put(.needed(entity))
        }
    }

    private mutating func writeBaseline() throws(Problem) {
        if let root = scope.root, let entity = try snapshot.baseline(root) { try put(.baseline(entity)) }
        for kind in EntityKind.allCases {
            try snapshot.visitBaseline(kind, within: scope.directory) { entity throws(Problem) in try put(.baseline(entity)) }
        }
    }

    // MARK: Records and events

    private mutating func writeRecords() throws(Problem) {
        for collection in try snapshot.collections() {
            try snapshot.visitRecords(of: collection) { record throws(Problem) in
                guard scope.covers(record) else { return }
                try put(.record(collection == SubscriptionPosition.collection ? moved(record) : record))
            }
        }
        guard scope != .everything else { return }
        // What handlers have done already for events that they are given again.
        let export = self
        try export.visitEvents { event throws(Problem) in
            for record in try EventEffect.records(named: event.id, in: export.snapshot) { try put(.record(record)) }
        }
    }

    private mutating func writeEvents() throws(Problem) {
        let export = self
        try export.visitEvents { event throws(Problem) in try put(.event(event)) }
    }

    /// The record of a position in the log, as it is in the log that the import makes.
    private func moved(_ record: Record) throws(Problem) -> Record {
        let position = try SubscriptionPosition(record.name.key).position(in: snapshot)
        let isBeyond = position > deliveries.sent
        var count: UInt64 = isBeyond ? UInt64(deliveries.carried.count) : 0
        try visitLog(after: 0) { stored in
            let isBefore = stored.sequence <= position
            if isDealtWith(stored) ? isBefore || position >= deliveries.sent : isOpen(stored) && isBefore { count += 1 }
        }
        return SubscriptionPosition(record.name.key).record(count)
    }

    /// Whether nothing is to be done any more for an event of the log.
    private func isDealtWith(_ stored: StoredEvent) -> Bool {
        guard !carried.contains(stored.event.id) else { return false }
        return stored.sequence <= deliveries.sent || deliveries.taken.contains(stored.event.id)
    }

    /// Whether no host has taken an event of the log in.
    private func isOpen(_ stored: StoredEvent) -> Bool {
        stored.sequence > deliveries.sent && !carried.contains(stored.event.id) && !deliveries.taken.contains(stored.event.id)
    }

    /// The events of the export: of everything also those that were dealt with, then those that hosts have, then the others.
    private func visitEvents(_ body: (Event) throws(Problem) -> Void) throws(Problem) {
        if scope == .everything {
            try visitLog(after: 0) { stored throws(Problem) in if isDealtWith(stored) { try body(stored.event) } }
        }
        for event in deliveries.carried where scope.covers(event.entity) { try body(event) }
        try visitLog(after: deliveries.sent) { stored throws(Problem) in
            if scope.covers(stored.event.entity), isOpen(stored) { try body(stored.event) }
        }
    }

    private func visitLog(after sequence: UInt64, _ body: (StoredEvent) throws(Problem) -> Void) throws(Problem) {
        var last = sequence
        while true {
            let events = try snapshot.events(after: last, limit: 500)
            guard let end = events.last else { return }
            for stored in events { try body(stored) }
            last = end.sequence
        }
    }
}

extension ExchangeScope {
    fileprivate var unknown: Problem {
        switch self {
        case .everything: Problem("exchange.unknown", "there is nothing")
        case .directory(let directory): Problem("exchange.unknown", "there is no directory ‘\(directory)’")
        case .service(let name): Problem("exchange.unknown", "there is no service ‘\(name)’")
        }
    }
}
