// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// A change that is too large to be held as one transaction: it is made in parts, and nobody sees any before all are made.
///
/// The rules of the graph hold for all parts together: one may refer to what another puts. What a part expects has to hold when it is
/// applied.
public final class LargeChange {
    /// How many entities are looked at together in the end.
    private static let portion = 500

    /// The version that everything gets that is put.
    public let position: UInt64
    private let writer: any PartWriter
    /// The entities that refer to something that wasn't there yet.
    private var unresolved: ScratchLog
    /// What was removed, and may not be missed in the end.
    private var removed: ScratchLog
    /// Why a part could not be applied, some of which may be there.
    private var failure: Problem?

    package init(_ writer: any PartWriter) {
        self.writer = writer
        position = writer.position
        unresolved = ScratchLog(in: writer.scratchFolder)
        removed = ScratchLog(in: writer.scratchFolder)
    }

    /// The store with the parts that were applied so far.
    public var snapshot: any Snapshot { writer.graph }

    /// Applies a part.
    ///
    /// - Throws: `store.conflict`, `store.invalid` also if something is put that an earlier part has put, `store.unavailable`. After
    ///   that the change can't be made.
    public func apply(_ part: Transaction) throws(Problem) {
        do throws(Problem) { try write(part) } catch {
            failure = error
            throw error
        }
    }

    private func write(_ part: Transaction) throws(Problem) {
        let check = try TransactionCheck(part)
        try checkIsNovel(part)
        try check.checkExpectations(writer.graph)
        for id in part.deletions where try writer.graph.exists(id) { try removed.append(Array(id.documentText.utf8)) }
        try writer.write(check)
        var references = ReferenceCheck(check, against: writer.graph)
        for id in try references.unresolved() { try unresolved.append(Array(id.documentText.utf8)) }
    }

    private func checkIsNovel(_ part: Transaction) throws(Problem) {
        for entity in part.puts where try writer.graph.version(of: entity.id) == position {
            throw StoreProblem.invalid("‘\(entity.id)’ is put twice", entity.id)
        }
        var names: Set<RecordKey> = []
        for record in part.records {
            let isThere = try writer.graph.version(of: record.name) == position
            guard isThere || !names.insert(record.name).inserted else { continue }
            throw StoreProblem.invalid("the record ‘\(record.name.key)’ of ‘\(record.name.collection)’ is put twice", nil)
        }
    }

    /// Checks the rules that could not be checked part by part.
    package func finish() throws(Problem) {
        if let failure { throw failure }
        try Self.visit(unresolved) { ids throws(Problem) in
            var again = Transaction()
            for id in ids { if let entity = try writer.graph.entity(id) { again.puts.append(entity) } }
            var references = ReferenceCheck(try TransactionCheck(again), against: writer.graph)
            try references.run()
        }
        try Self.visit(removed) { ids throws(Problem) in
            var references = ReferenceCheck(try TransactionCheck(Transaction()), against: writer.graph)
            try references.checkIsNotMissed(ids)
        }
    }

    /// Goes through identifiers, several at a time and each once among them.
    private static func visit(_ log: ScratchLog, _ body: ([ID]) throws(Problem) -> Void) throws(Problem) {
        var ids: Set<ID> = []
        try log.visit { bytes throws(Problem) in
            ids.insert(try ID(documentText: String(decoding: bytes, as: UTF8.self)))
            guard ids.count == portion else { return }
            try body(ids.sorted())
            ids.removeAll()
        }
        if !ids.isEmpty { try body(ids.sorted()) }
    }
}

/// What a store does for a large change. It checks nothing.
package protocol PartWriter: AnyObject {
    /// The store with what was written so far.
    var graph: any StoredGraph { get }
    /// The version that everything gets that is put.
    var position: UInt64 { get }
    /// Where what doesn't fit into memory is kept for as long as the change is made; nil is in memory.
    var scratchFolder: String? { get }

    /// Writes what was checked.
    func write(_ check: TransactionCheck) throws(Problem)
}
