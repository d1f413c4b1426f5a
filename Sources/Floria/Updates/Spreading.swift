// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension GraphUpdate {
    /// Brings up to date what other services read of what a service's change alters.
    ///
    /// - Parameters:
    ///   - later: What of the change happens later.
    ///   - present: The service's graph before the change.
    /// - Returns: the change set, with what it does to the service's own values by way of others; and what is to be changed
    ///   elsewhere together with it.
    /// - Throws: what pushing onto a store throws.
    public func spread(
        _ changes: ChangeSet, later: Set<ID>, onto present: Graph, of service: String, in store: any Store
    ) async throws(Problems) -> (changes: ChangeSet, elsewhere: Changes) {
        var altered: Set<Read> = []
        var puts: [Entity] = []
        var deletions: [ID] = []
        var novel: Set<ID> = []
        for change in changes.changes where change.isEffective && !later.contains(change.id) {
            let differences = Structure.changes(from: change.before, to: change.after)
            if change.before == nil { novel.insert(change.id) }
            // What wasn't there has no readers; but what it hangs on may have some.
            altered.formUnion(change.before == nil ? differences.filter { $0.property == nil } : differences)
            if let after = change.after { puts.append(after) } else { deletions.append(change.id) }
        }
        altered = altered.filter { !novel.contains($0.entity) }
        var elsewhere = try await spread(
            altered, puts: puts, deletions: deletions, of: service, in: store,
            provenance: Provenance(.design, service, time: time))
        let own = elsewhere.entities.filter { $0.id.isPart(ofService: service) }
        elsewhere.entities.removeAll { $0.id.isPart(ofService: service) }
        return (own.isEmpty ? changes : changes.replacing(own, present: present), elsewhere)
    }

    /// Brings up to date what other services read of what is altered, if they do.
    ///
    /// - Parameters:
    ///   - puts: What is put together with that.
    ///   - deletions: What is removed together with it.
    /// - Returns: what is to be changed. That nobody else has begun to read what is altered is expected too.
    /// - Throws: what pushing onto a store throws.
    public func spread(
        _ altered: Set<Read>, puts: [Entity], deletions: [ID], of service: String, in store: any Store, provenance: Provenance
    ) async throws(Problems) -> Changes {
        let readers: Set<PropertyReference>
        do throws(Problem) {
            readers = try await store.read { snapshot throws(Problem) in try snapshot.allReaders(of: altered) }
        } catch { throw Problems([error]) }
        if readers.contains(where: { !$0.entity.isPart(ofService: service) }) {
            return try await push([:], in: store, puts: puts, deletions: deletions, provenance: provenance)
        }
        return Changes(
            entities: [], expectations: [:], readerExpectations: readers, alterations: altered, structureExpectations: [:])
    }
}

extension Snapshot {
    /// What reads differently once entities are removed.
    public func alterations(removing ids: [ID]) throws(Problem) -> Set<Read> {
        var altered: Set<Read> = []
        for id in ids { altered.formUnion(Structure.changes(from: try entity(id), to: nil)) }
        return altered
    }

    /// The properties that read any of these, directly or not.
    func allReaders(of reads: Set<Read>) throws(Problem) -> Set<PropertyReference> {
        var all: Set<PropertyReference> = []
        var frontier = reads
        while !frontier.isEmpty {
            let readers = try readers(of: Array(frontier))
            frontier = Set(readers.filter { all.insert($0).inserted }.map(Read.property))
        }
        return all
    }
}
