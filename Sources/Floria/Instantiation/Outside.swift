// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What was looked at of other services while a service's graph was made or changed, as it was then.
///
/// ``claims(of:onto:)`` tells which of it a change relies on.
public struct Outside: Sendable {
    let service: String
    let supplier: GraphSupplier
    /// What is known of others.
    private(set) var part = GraphSupplier.Part()
    private var positions: [ID: Int] = [:]
    /// What the filters of edges that lead to others have read, by edge.
    var filterReads: [ID: Set<Read>] = [:]

    /// Nothing has been looked at yet.
    public init(of service: String, in store: any Store) {
        self.service = service
        supplier = GraphSupplier(store: store, puts: [:], deletions: [], remadeService: service)
    }

    /// Adds what is known of others. What was known already stays as it was.
    mutating func add(_ more: GraphSupplier.Part) {
        part.known.formUnion(more.known)
        part.stamps.merge(more.stamps) { first, _ in first }
        for entity in more.entities where positions[entity.id] == nil && !isOwn(entity.id) {
            positions[entity.id] = part.entities.count
            part.entities.append(entity)
        }
    }

    func isOwn(_ id: ID) -> Bool { id.isPart(ofService: service) }

    func entity(_ id: ID) -> Entity? { positions[id].map { part.entities[$0] } }

    func vertex(_ id: ID) -> Vertex? { if case .vertex(let vertex)? = entity(id) { vertex } else { nil } }

    /// Reads what answers needs, unless it is known.
    mutating func supply(_ reads: some Sequence<Read>) async throws(Problems) {
        let missing = Set(reads.map(\.need)).subtracting(part.known)
        if missing.isEmpty { return }
        do { add(try await supplier.part(missing)) } catch { throw Problems([error]) }
    }
}

extension WorkingGraph {
    /// A service's graph among what is known of others; whole without that.
    convenience init(_ graph: Graph, of service: String, among outside: Outside?) {
        self.init(graph, part: outside.map { _ in GraphSupplier.Part() }, ownService: service)
        if let outside { supply(outside.part) }
    }
}
