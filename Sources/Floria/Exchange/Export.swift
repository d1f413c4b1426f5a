// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Writes what a store holds of a service, of a directory or of everything, document by document, so that the memory it takes
/// doesn't grow with what there is.
public struct Export {
    private let snapshot: any Snapshot
    private let scope: ExchangeScope
    private let format: ExchangeFormat
    private let sink: ([UInt8]) throws(Problem) -> Void
    private var checksum = ExchangeChecksum()
    private var count: Int64 = 0
    /// The definitions that something in the export names, and that lie elsewhere.
    private var needed: Set<ID> = []

    /// Writes an export.
    ///
    /// - Parameters:
    ///   - sent: The sequence of the last event that needs no carrying any more. Those after it are pending, and part of the export;
    ///     of everything all are.
    ///   - time: Now, in milliseconds since 1970 UTC.
    ///   - sink: Takes the bytes, document by document.
    /// - Throws: `exchange.unknown` if there is no such service or directory, what reading throws, and what the sink does.
    public static func write(
        _ scope: ExchangeScope, of snapshot: any Snapshot, as format: ExchangeFormat, sent: UInt64 = 0, time: Int64,
        to sink: ([UInt8]) throws(Problem) -> Void
    ) throws(Problem) {
        try withoutActuallyEscaping(sink) { sink throws(Problem) in
            var export = Export(snapshot: snapshot, scope: scope, format: format, sink: sink)
            try export.put(.start(scope, time: time))
            try export.writeEntities()
            try export.writeNeeded()
            try export.writeBaseline()
            guard export.count > 1 || scope == .everything else { throw scope.unknown }
            try export.writeRecords()
            try export.writeEvents(after: scope == .everything ? 0 : sent)
            try export.finish()
        }
    }

    private init(
        snapshot: any Snapshot, scope: ExchangeScope, format: ExchangeFormat, sink: @escaping ([UInt8]) throws(Problem) -> Void
    ) {
        self.snapshot = snapshot
        self.scope = scope
        self.format = format
        self.sink = sink
    }

    private mutating func put(_ item: ExchangeItem) throws(Problem) {
        let document = item.document
        checksum.add(document)
        count += 1
        try sink(format.encode(document))
    }

    private mutating func finish() throws(Problem) {
        try sink(format.encode(ExchangeItem.end(count: count, checksum: checksum.text).document))
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

    private mutating func writeRecords() throws(Problem) {
        for collection in try snapshot.collections() {
            try snapshot.visitRecords(of: collection) { record throws(Problem) in
                if scope.covers(record) { try put(.record(record)) }
            }
        }
    }

    private mutating func writeEvents(after sequence: UInt64) throws(Problem) {
        var last = sequence
        while true {
            let events = try snapshot.events(after: last, limit: 500)
            guard let end = events.last else { return }
            for stored in events where scope.covers(stored.event.entity) { try put(.event(stored.event)) }
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
