// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension StoreBackend {
    /// Makes an edge with the next free index among those of its name that leave the source.
    public func addEdge(_ request: EdgeRequest, for caller: Caller) async throws(Problems) -> Value {
        guard !request.name.isEmpty else { throw RequestContext.invalid("‘name’ of the body", "the name of an edge") }
        let id = try await change(for: caller) { snapshot, transaction throws(Problem) in
            let source = try snapshot.vertex(request.source)
            _ = try snapshot.vertex(request.target)
            if let id = request.class { _ = try StoreBackend.class(id, in: snapshot) }
            var indexes: [Int] = []
            for case .edge(let edge) in try snapshot.entities(.outgoing(from: request.source)) where edge.name == request.name {
                indexes.append(edge.index)
            }
            let index = (indexes.max() ?? -1) + 1
            let directory =
                source.header.id.directory.names.isEmpty
                ? Directory([source.header.id.name]) : source.header.id.directory
            let id = try ID(.edge, parsing: "\(directory)/\(source.header.id.name).\(request.name)-\(index)")
            var edge = Edge(
                EntityHeader(id), classes: request.class.map { [$0] } ?? [], name: request.name, source: request.source,
                target: request.target)
            edge.index = index
            transaction.puts = [.edge(edge)]
            transaction.expectations = [id: 0]
            return id
        }
        return try await read { snapshot throws(Problem) in try snapshot.entity(id)?.document ?? .null }
    }

    /// Removes an edge.
    public func removeEdge(_ id: ID, for caller: Caller) async throws(Problems) {
        try await change(for: caller) { snapshot, transaction throws(Problem) in
            guard let version = try snapshot.entity(id)?.header.version else {
                throw Problem(
                    "edge.unknown", "there is no edge ‘\(id)’", at: .entity(id.description, property: nil),
                    hint: "‘khutulun graph’ shows those that are there")
            }
            transaction.deletions = [id]
            transaction.expectations = [id: version]
        }
    }

    /// Makes a change by hand, computed from one snapshot; again if something else was changed in between.
    func change<Result: Sendable>(
        for caller: Caller, _ body: @escaping @Sendable (any Snapshot, inout Transaction) throws(Problem) -> Result
    ) async throws(Problems) -> Result {
        let provenance = caller.provenance(time: now())
        return try await lifting { () async throws(Problem) in
            var conflict = Problem("store.conflict", "the graph was changed in between", hint: "try again")
            for _ in 0..<StoreBackend.attemptLimit {
                let (result, transaction) = try await store.read { snapshot throws(Problem) -> (Result, Transaction) in
                    var transaction = Transaction()
                    transaction.provenance = provenance
                    return (try body(snapshot, &transaction), transaction)
                }
                do throws(Problem) {
                    failpoint.reach("hand.before-commit")
                    try await store.commit(transaction)
                    return result
                } catch {
                    guard error.code == "store.conflict" else { throw error }
                    conflict = error
                }
            }
            throw conflict
        }
    }

    static func `class`(_ id: ID, in snapshot: any Snapshot) throws(Problem) -> Class {
        if case .class(let found)? = try snapshot.entity(id) { return found }
        throw Problem(
            "class.unknown", "there is no class ‘\(id)’",
            hint: "write it whole, for example ‘types/khutulun.core/DependsOn’; ‘khutulun node show’ shows those of a node")
    }
}
