// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension StoreBackend {
    /// How often a change is computed anew after something else was changed in between.
    static let attemptLimit = 16

    /// Sets a property of a node to a value or to an updater. A value that the property rejects is thrown, and changes nothing;
    /// so is a failure of the updater. An updater that needs something that isn't there yet is set, and pending.
    public func set(
        _ property: String, of node: ID, to setting: PropertySetting, for caller: Caller
    ) async throws(Problems) -> Value {
        try await read { snapshot throws(Problem) in
            guard try snapshot.vertex(node).properties[property] == nil else { return }
            throw Problem(
                "node.unknown-property", "‘\(node)’ has no property ‘\(property)’",
                at: .entity(node.description, property: property), hint: "‘khutulun node show \(node)’ shows those it has")
        }
        var changes = GraphChanges(provenance: caller.provenance(time: now()))
        changes.set = [PropertyReference(node, property): setting]
        _ = try await commit(changes, isStrict: true)
        let vertex = try await read { snapshot throws(Problem) in try snapshot.vertex(node) }
        return vertex.properties[property]?.document ?? .null
    }

    /// Changes the graph whole or not at all. What a value is pushed onto is recomputed if it was changed in between;
    /// what the changes themselves expect has to hold.
    public func commit(_ changes: GraphChanges) async throws(Problems) -> UInt64 {
        try await commit(changes, isStrict: false)
    }

    private func commit(_ changes: GraphChanges, isStrict: Bool) async throws(Problems) -> UInt64 {
        for _ in 0..<StoreBackend.attemptLimit {
            do {
                return try await attempt(changes, isStrict)
            } catch {
                guard error.all[0].code == "store.conflict" else { throw error }
                try await check(changes.expect)
            }
        }
        throw Problems([
            Problem(
                "store.conflict", "the graph changed \(StoreBackend.attemptLimit) times while this was computed",
                hint: "try again")
        ])
    }

    private func attempt(_ changes: GraphChanges, _ isStrict: Bool) async throws(Problems) -> UInt64 {
        if let effect = changes.effect, let position = try await position(of: effect) { return position }
        var transaction = Transaction()
        transaction.provenance = changes.provenance
        transaction.deletions = changes.delete
        transaction.expectations = changes.expect
        var puts = Dictionary(changes.put.map { ($0.id, $0) }) { $1 }
        if !(changes.set.isEmpty && changes.put.isEmpty && changes.delete.isEmpty) {
            let update = try await GraphUpdate(functions: functions, now: now).push(
                changes.values, updaters: changes.updaters, in: store, puts: changes.put, deletions: changes.delete,
                provenance: changes.provenance)
            if isStrict { try StoreBackend.checkNoneIsRejected(changes, update.entities) }
            for entity in update.entities { puts[entity.id] = entity }
            update.add(to: &transaction)
        }
        transaction.puts = puts.values.sorted { $0.id < $1.id }
        if let effect = changes.effect {
            effect.add(to: &transaction, now: now())
        }
        let complete = transaction
        failpoint.reach("graph.before-commit")
        let position = try await lifting { () async throws(Problem) in try await store.commit(complete).position }
        failpoint.reach("graph.after-commit")
        return position
    }

    private static func checkNoneIsRejected(_ changes: GraphChanges, _ updated: [Entity]) throws(Problems) {
        let rejections = updated.flatMap { entity in
            entity.properties.compactMap { name, property -> Problem? in
                guard changes.set[PropertyReference(entity.id, name)] != nil else { return nil }
                if case .failed(let problem) = property.status { return problem }
                return nil
            }
        }
        if !rejections.isEmpty { throw Problems(rejections) }
    }

    private func check(_ expected: [ID: UInt64]) async throws(Problems) {
        try await read { snapshot throws(Problem) in
            for (id, version) in expected where try snapshot.entity(id)?.header.version ?? 0 != version {
                throw Problem(
                    "store.conflict", "‘\(id)’ was changed in between", at: .entity(id.description, property: nil),
                    hint: "read again and decide again")
            }
        }
    }

    private func position(of effect: EventEffect) async throws(Problems) -> UInt64? {
        try await read { snapshot throws(Problem) in try effect.position(in: snapshot) }
    }
}

extension GraphChanges {
    fileprivate var values: [PropertyReference: Value] {
        self.set.compactMapValues { if case .value(let value) = $0 { value } else { nil } }
    }

    fileprivate var updaters: [PropertyReference: Value] {
        self.set.compactMapValues { if case .updater(let expression) = $0 { expression } else { nil } }
    }
}
