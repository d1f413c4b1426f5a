// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Makes the change that an import is, in parts of a bounded size.
struct ImportWork {
    /// The most documents of a part, and the most bytes but for the last document.
    private static let portion = (count: 500, size: 1 << 20)

    private let change: LargeChange
    private let scope: ExchangeScope
    private let replaces: Bool
    private let provenance: Provenance?
    private let scratchFolder: String?
    private var part = Transaction()
    private var count = 0
    private var size = 0
    private(set) var summary = Import.Summary()

    init(
        _ change: LargeChange, _ scope: ExchangeScope, replaces: Bool, _ provenance: Provenance?, scratchFolder: String?
    ) {
        self.change = change
        self.scope = scope
        self.replaces = replaces
        self.provenance = provenance
        self.scratchFolder = scratchFolder
        part = novel
    }

    private var novel: Transaction {
        var part = Transaction()
        part.keepsStamps = true
        part.provenance = provenance
        return part
    }

    /// Adds to the next part, which is applied when it is large enough.
    private mutating func add(size: Int, _ body: (inout Transaction) throws(Problem) -> Void) throws(Problem) {
        try body(&part)
        count += 1
        self.size += size
        if count >= Self.portion.count || self.size >= Self.portion.size { try apply() }
    }

    private mutating func apply() throws(Problem) {
        guard count > 0 else { return }
        try change.apply(part)
        part = novel
        (count, size) = (0, 0)
    }

    // MARK: What is in the export

    /// Puts all that the documents hold.
    mutating func put(_ needed: ScratchLog, _ documents: ScratchLog) throws(Problem) {
        // A baseline has no version by which an old one could be told from a new one.
        if replaces { try removeBaseline() }
        try needed.visit { encoded throws(Problem) in try put(encoded) }
        try apply()
        try documents.visit { encoded throws(Problem) in try put(encoded) }
        try apply()
    }

    private mutating func put(_ encoded: [UInt8]) throws(Problem) {
        let item = try ExchangeItem(document: try CBOR.decode(encoded, limits: ExchangeFormat.limits))
        switch item {
        case .needed(let entity):
            guard try change.snapshot.entity(entity.id) == nil else { return }
            try put(entity, mustBeNovel: true, encoded.count)
        case .entity(let entity): try put(entity, mustBeNovel: !replaces, encoded.count)
        case .baseline(let entity):
            if !replaces, try change.snapshot.baseline(entity.id) != nil { throw Self.isMade(entity.id) }
            try add(size: encoded.count) { $0.baseline.append(entity) }
        case .record(let record):
            summary.records += 1
            let mustBeNovel = !replaces && record.name.collection != EventEffect.collection
            try add(size: encoded.count) { part in
                part.records.append(record)
                if mustBeNovel { part.recordExpectations[record.name] = 0 }
            }
        case .event(let event):
            summary.events += 1
            try add(size: encoded.count) { $0.events.append(event) }
        case .start, .end: break
        }
    }

    private mutating func put(_ entity: Entity, mustBeNovel: Bool, _ size: Int) throws(Problem) {
        summary.entities += 1
        try add(size: size) { part in
            part.puts.append(entity)
            if mustBeNovel { part.expectations[entity.id] = 0 }
        }
    }

    private static func isMade(_ id: ID) -> Problem {
        Problem(
            "store.conflict", "a design has made ‘\(id)’ already", at: .entity(id.description, property: nil),
            hint: "import it so that it replaces what is there")
    }

    // MARK: What isn't

    private mutating func removeBaseline() throws(Problem) {
        var old = ScratchLog(in: scratchFolder)
        if let root = scope.root { try old.append(Array(root.documentText.utf8)) }
        for kind in EntityKind.allCases {
            try change.snapshot.visitBaseline(kind, within: scope.directory) { entity throws(Problem) in
                try old.append(Array(entity.id.documentText.utf8))
            }
        }
        try old.visit { text throws(Problem) in
            let id = try ID(documentText: String(decoding: text, as: UTF8.self))
            try add(size: text.count) { $0.baselineDeletions.append(id) }
        }
        try apply()
    }

    /// Removes what is there of what is imported and was not put.
    mutating func removeTheRest() throws(Problem) {
        try removeRecords()
        var old = ScratchLog(in: scratchFolder)
        let (position, snapshot) = (change.position, change.snapshot)
        if let root = scope.root, let entity = try snapshot.entity(root), entity.header.version != position {
            try old.append(Array(root.documentText.utf8))
        }
        for kind in EntityKind.allCases {
            try snapshot.visit(.directory(kind, scope.directory, isDeep: true)) { entity throws(Problem) in
                if entity.header.version != position { try old.append(Array(entity.id.documentText.utf8)) }
            }
        }
        summary.removed += old.count
        try old.visit { text throws(Problem) in
            let id = try ID(documentText: String(decoding: text, as: UTF8.self))
            try add(size: text.count) { $0.deletions.append(id) }
        }
        try apply()
    }

    private mutating func removeRecords() throws(Problem) {
        var old = ScratchLog(in: scratchFolder)
        let (position, snapshot) = (change.position, change.snapshot)
        for collection in try snapshot.collections() {
            try snapshot.visitRecords(of: collection) { record throws(Problem) in
                guard scope.covers(record), record.version != position else { return }
                try old.append(CBOR.encode([.text(collection), .text(record.name.key)]))
            }
        }
        summary.removed += old.count
        try old.visit { encoded throws(Problem) in
            guard let names = try CBOR.decode(encoded).list?.compactMap(\.text), names.count == 2 else { return }
            try add(size: encoded.count) { $0.recordDeletions.append(RecordKey(names[0], names[1])) }
        }
        try apply()
    }
}
