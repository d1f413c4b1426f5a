// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension StoreBackend {
    /// How often a change is computed anew after something else was changed in between.
    static let attemptLimit = 16

    /// Pushes a value onto a property of a node. A value that the property rejects is thrown, and changes nothing.
    public func set(
        _ property: String, of node: ID, to value: Value, for caller: Caller
    ) async throws(Problems) -> Value {
        try await read { snapshot throws(Problem) in
            guard try snapshot.vertex(node).properties[property] == nil else { return }
            throw Problem(
                "node.unknown-property", "‘\(node)’ has no property ‘\(property)’",
                at: .entity(node.description, property: property), hint: "‘khutulun node show \(node)’ shows those it has")
        }
        var changes = GraphChanges(provenance: caller.provenance(time: now()))
        changes.set = [PropertyReference(node, property): value]
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
                guard error.all[0].code == "store.conflict", !changes.set.isEmpty else { throw error }
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
        if !changes.set.isEmpty {
            let updated = try await updated(by: changes, expecting: &transaction.expectations)
            if isStrict { try StoreBackend.checkNoneIsRejected(changes, updated) }
            for entity in updated { puts[entity.id] = entity }
        }
        transaction.puts = puts.values.sorted { $0.id < $1.id }
        if let effect = changes.effect {
            transaction.records = [Record(Effects.collection, effect.key, .integer(now()))]
            transaction.recordExpectations = [RecordKey(Effects.collection, effect.key): 0]
        }
        let complete = transaction
        failpoint.reach("graph.before-commit")
        let position = try await lifting { () async throws(Problem) in try await store.commit(complete).position }
        failpoint.reach("graph.after-commit")
        return position
    }

    /// The entities that pushing the values changes, and the versions of those that this was computed from.
    private func updated(
        by changes: GraphChanges, expecting versions: inout [ID: UInt64]
    ) async throws(Problems) -> [Entity] {
        let graph = try await graph(for: changes)
        let changed = try await GraphUpdate(functions: functions, now: now).push(
            changes.set, onto: graph, provenance: changes.provenance)
        let made = Set(changes.put.map(\.id))
        for entity in changed {
            for id in [entity.id] + entity.propertiesRead.map(\.entity) where versions[id] == nil && !made.contains(id) {
                versions[id] = graph.vertex(id)?.header.version ?? graph.edge(id)?.header.version ?? 0
            }
        }
        return changed
    }

    /// The services that the changes touch, with what is put and without what is removed.
    private func graph(for changes: GraphChanges) async throws(Problems) -> Graph {
        let names = Set((changes.set.keys.map(\.entity) + changes.put.map(\.id)).map(\.rootName))
        var graph = try await read { snapshot throws(Problem) in
            var graph = Graph()
            for name in names.sorted() {
                let service = try Graph(service: name, in: snapshot)
                for vertex in service.vertexes.values { graph.insert(vertex) }
                for edge in service.edges.values { graph.insert(edge) }
            }
            return graph
        }
        for entity in changes.put { graph.insert(entity) }
        for id in changes.delete { graph.remove(id) }
        return graph
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

    private func position(of effect: GraphChanges.Effect) async throws(Problems) -> UInt64? {
        try await read { snapshot throws(Problem) in try snapshot.record(Effects.collection, effect.key)?.version }
    }
}

/// The effects that events' handlers have had: records that keep them from having them twice.
private enum Effects {
    static let collection = "effects"
}

extension GraphChanges.Effect {
    fileprivate var key: String { "\(event)/\(handler)" }
}

extension ID {
    /// The name in the root that the entity lies under: a service's.
    fileprivate var rootName: String { directory.names.first ?? name }
}

extension Entity {
    /// What its properties were made from.
    fileprivate var propertiesRead: [PropertyReference] {
        switch self {
        case .vertex(let vertex): vertex.properties.values.flatMap(\.reads)
        case .edge(let edge): edge.properties.values.flatMap(\.reads)
        default: []
        }
    }
}
