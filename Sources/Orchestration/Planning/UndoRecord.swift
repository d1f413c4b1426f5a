// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// What must be known to take the last deployment of a service back.
struct UndoRecord: Sendable, Hashable {
    static let collection = "undo"

    /// The deployment.
    var deployment: String
    /// What it changed and removed.
    var changes: ChangeSet
    /// What it made. How it made it stands in the baseline.
    var made: [ID]
    /// What its baseline was before, where that was changed.
    var baseline: [Entity]
    /// What wasn't in the baseline before.
    var baselineMade: [ID]

    /// Notes what a deployment does; nil if that is nothing.
    init?(deployment: String, _ changes: ChangeSet, _ baseline: Baseline, made: Graph) {
        let effective = changes.changes.filter(\.isEffective)
        if effective.isEmpty && baseline.puts.isEmpty && baseline.deletions.isEmpty { return nil }
        self.deployment = deployment
        self.changes = changes
        self.changes.keepOnly { $0.isEffective && $0.before != nil }
        self.made = effective.filter { $0.before == nil }.map(\.id)
        let ids = baseline.puts.map(\.id) + baseline.deletions
        self.baseline = ids.compactMap(made.entity)
        let known = Set(self.baseline.map(\.id))
        baselineMade = baseline.puts.map(\.id).filter { !known.contains($0) }
    }

    /// Puts it in the place of what was kept before. What is too large isn't kept.
    func put(of service: String, to transaction: inout Transaction) {
        let document: Value = [
            "deployment": .text(deployment), "changes": changes.document,
            "made": .list(made.map { .text($0.documentText) }), "baseline": .list(baseline.map(\.document)),
            "baseline-made": .list(baselineMade.map { .text($0.documentText) }),
        ]
        let records = PackedDocument.records(Self.collection, service, document) ?? []
        let names = Set(records.map(\.name))
        transaction.records += records
        transaction.recordDeletions += Self.keys(of: service).filter { !names.contains($0) }
    }

    /// The names of its records.
    static func keys(of service: String) -> [RecordKey] { PackedDocument.keys(collection, service) }

    /// Reads what is kept of a service; nil if nothing is.
    ///
    /// - Throws: `ledger.malformed`.
    init?(of service: String, in snapshot: any Snapshot) throws(Problem) {
        guard let value = try PackedDocument.read(Self.collection, service, in: snapshot) else { return nil }
        guard let deployment = value["deployment"]?.text, let changes = value["changes"] else {
            throw Problem("ledger.malformed", "what the last deployment of ‘\(service)’ did cannot be read")
        }
        self.deployment = deployment
        self.changes = try ChangeSet(document: changes)
        made = try Self.ids(value["made"])
        baseline = []
        for item in value["baseline"]?.list ?? [] { baseline.append(try Entity(document: item)) }
        baselineMade = try Self.ids(value["baseline-made"])
    }

    private static func ids(_ value: Value?) throws(Problem) -> [ID] {
        var ids: [ID] = []
        for text in (value?.list ?? []).compactMap(\.text) { ids.append(try ID(documentText: text)) }
        return ids
    }

    /// The change that takes it back, of the graph as it is.
    func inverse(onto present: Graph, made graph: Graph, resolution: Resolution) -> ChangeSet {
        var applied = changes
        applied.add(made: made.compactMap { graph.entity($0) ?? present.entity($0) })
        return applied.inverted(at: 0).rebased(onto: present, resolution: resolution)
    }
}
