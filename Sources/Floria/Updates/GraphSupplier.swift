// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Reads the parts of a stored graph that an update turns out to need, so that it costs what it touches and not what
/// there is.
struct GraphSupplier: Sendable {
    let store: any Store
    /// What is put together with the update, and so is there for it.
    let puts: [ID: Entity]
    /// What is removed together with the update, and so isn't there for it.
    let deletions: Set<ID>
    /// A service whose own vertexes and edges are not there either, because it is being made anew.
    var remadeService: String?

    /// A part of a stored graph.
    struct Part: Sendable {
        /// What is known of the graph by it.
        var known: Set<Read> = []
        /// The vertexes and edges.
        var entities: [Entity] = []
        /// The stamps of what is known, as the store has it.
        var stamps: [Read: Int] = [:]
    }

    /// What answers needs.
    func part(_ needs: Set<Read>) async throws(Problem) -> Part {
        try await store.read { snapshot throws(Problem) in
            var part = Part()
            try add(needs, to: &part, snapshot)
            return part
        }
    }

    private func add(_ needs: Set<Read>, to part: inout Part, _ snapshot: any Snapshot) throws(Problem) {
        for need in needs where !part.known.contains(need) {
            let found = try snapshot.entities(need)
            part.known.insert(need)
            part.stamps[need] = Structure.stamp(of: found)
            for entity in found {
                let own = Read.entity(entity.id)
                guard need == own || part.known.insert(own).inserted else { continue }
                part.stamps[own] = Structure.stamp(of: [entity])
                if isThere(entity.id), puts[entity.id] == nil { part.entities.append(entity) }
            }
        }
    }

    private func isThere(_ id: ID) -> Bool { !deletions.contains(id) && remadeService.map(id.isPart(ofService:)) != true }

    /// What an update begins with.
    struct Start: Sendable {
        /// What reads differently from what it did: the values that are set, and what was put or removed.
        var alterations: Set<Read>
        /// The properties that are set, and all that read what is altered, directly or not.
        var affected: Set<PropertyReference>
        /// The properties that must be evaluated although nothing that they are known to read has changed.
        var forced: Set<PropertyReference>
        /// The vertexes and edges of the affected properties, and what they read.
        var part: Part
        /// The versions of what is put and removed.
        var versions: [ID: UInt64]
    }

    /// Reads what an update of properties begins with.
    func start(_ references: some Sequence<PropertyReference>) async throws(Problem) -> Start {
        let references = Array(references)
        return try await store.read { snapshot throws(Problem) in
            var start = Start(
                alterations: Set(references.map(Read.property)), affected: Set(references), forced: Set(references),
                part: Part(), versions: [:])
            try addOwn(to: &start, snapshot)
            let known = start.alterations.union(start.affected.map(Read.property))
            start.affected.formUnion(try snapshot.allReaders(of: known))
            try add(Set(start.affected.map { Read.entity($0.entity) }), to: &start.part, snapshot)
            var needs: Set<Read> = []
            for entity in start.part.entities + puts.values {
                for (name, property) in entity.properties where start.affected.contains(PropertyReference(entity.id, name)) {
                    needs.formUnion(property.reads.map(\.need))
                }
            }
            try add(needs, to: &start.part, snapshot)
            return start
        }
    }

    /// Adds what changes because of what is put and removed. What hangs elsewhere than before, or was
    /// not evaluated yet, is evaluated itself.
    private func addOwn(to start: inout Start, _ snapshot: any Snapshot) throws(Problem) {
        for id in Set(puts.keys).union(deletions) where id.kind == .vertex || id.kind == .edge {
            let old = try snapshot.entity(id)
            start.versions[id] = old?.header.version ?? 0
            let changes = Structure.changes(from: old, to: puts[id])
            start.alterations.formUnion(changes)
            let hangsElsewhere = old != nil && changes.contains(.entity(id))
            for (name, property) in puts[id]?.properties ?? [:]
            where property.isComputed && (hangsElsewhere || property.isOpen) {
                start.affected.insert(PropertyReference(id, name))
                start.forced.insert(PropertyReference(id, name))
            }
        }
    }
}

extension Property {
    /// Whether its value depends on anything.
    fileprivate var isComputed: Bool { currentUpdater != nil || preparer != nil }

    /// Whether it was not evaluated yet.
    fileprivate var isOpen: Bool {
        switch status {
        case .unset, .pending, .stale: true
        case .valid, .failed: false
        }
    }
}
