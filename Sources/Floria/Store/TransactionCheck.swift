// SPDX-License-Identifier: Apache-2.0 OR MIT
package import Support

/// What a store knows of its graph, so that a transaction can be checked before it is applied.
package protocol StoredGraph {
    /// The version of an entity; 0 if there is none.
    func version(of id: ID) throws(Problem) -> UInt64
    /// The version of a record; 0 if there is none.
    func version(of record: RecordKey) throws(Problem) -> UInt64
    /// The vertex that contains a vertex.
    func container(of vertex: ID) throws(Problem) -> ID?
    /// The vertexes that a vertex contains.
    func contents(of vertex: ID) throws(Problem) -> [ID]
    /// The edges that leave a vertex or lead to it.
    func edges(at vertex: ID) throws(Problem) -> [ID]
    /// The properties whose last evaluation read any of these.
    func readers(of references: [PropertyReference]) throws(Problem) -> [PropertyReference]
}

/// Checks a transaction at the edge of a store: expectations first, then the rules of the graph.
package struct TransactionCheck {
    private let transaction: Transaction
    private let stored: any StoredGraph
    private var puts: [ID: Entity] = [:]
    private var deletions: Set<ID> = []
    private var problems: [Problem] = []
    /// Vertexes whose containers are known to end at one that has none.
    private var rooted: Set<ID> = []

    private init(_ transaction: Transaction, against stored: any StoredGraph) {
        self.transaction = transaction
        self.stored = stored
        puts.reserveCapacity(transaction.puts.count)
    }

    /// Checks everything.
    ///
    /// - Throws: `store.conflict`, `store.invalid`; several of a kind are the causes of one.
    package static func run(_ transaction: Transaction, against stored: any StoredGraph) throws(Problem) {
        var check = TransactionCheck(transaction, against: stored)
        try check.checkExpectations()
        check.collect()
        for entity in transaction.puts { try check.checkReferences(of: entity) }
        for id in transaction.deletions where id.kind == .vertex { try check.checkDeletion(of: id) }
        if let problem = StoreProblem.joined(
            check.problems, "the change would break \(check.problems.count) rules of the graph")
        {
            throw problem
        }
    }

    private func checkExpectations() throws(Problem) {
        var conflicts: [Problem] = []
        for (id, expected) in transaction.expectations.sorted(by: { $0.key < $1.key }) {
            let found = try stored.version(of: id)
            if found != expected { conflicts.append(StoreProblem.conflict("‘\(id)’", expected: expected, found: found)) }
        }
        for (key, expected) in transaction.recordExpectations {
            let found = try stored.version(of: key)
            guard found != expected else { continue }
            conflicts.append(
                StoreProblem.conflict("the record ‘\(key.key)’ of ‘\(key.collection)’", expected: expected, found: found))
        }
        for reader in try stored.readers(of: Array(transaction.readerExpectations))
        where !transaction.readerExpectations.contains(reader) {
            conflicts.append(StoreProblem.newReader(reader))
        }
        if let conflict = StoreProblem.joined(conflicts, "\(conflicts.count) things have changed") { throw conflict }
    }

    private mutating func collect() {
        for entity in transaction.puts {
            if puts.updateValue(entity, forKey: entity.id) != nil { report("‘\(entity.id)’ is put twice", entity.id) }
            problems += EntityCheck.problems(of: entity)
        }
        for id in transaction.deletions {
            deletions.insert(id)
            if puts[id] != nil { report("‘\(id)’ is put and deleted at once", id) }
        }
    }

    private mutating func report(_ message: String, _ id: ID, hint: String? = nil) {
        problems.append(StoreProblem.invalid(message, id, hint: hint))
    }

    private func exists(_ id: ID) throws(Problem) -> Bool {
        if puts[id] != nil { return true }
        if deletions.contains(id) { return false }
        return try stored.version(of: id) > 0
    }

    private mutating func checkReferences(of entity: Entity) throws(Problem) {
        switch entity {
        case .vertex(let vertex):
            guard let container = vertex.container else { return }
            if try exists(container) {
                try checkContainment(of: vertex.header.id)
            } else {
                report("the container ‘\(container)’ of the vertex ‘\(entity.id)’ does not exist", entity.id)
            }
        case .edge(let edge):
            if try !exists(edge.source) {
                report("the source ‘\(edge.source)’ of the edge ‘\(entity.id)’ does not exist", entity.id)
            }
            if try !exists(edge.target) {
                report("the target ‘\(edge.target)’ of the edge ‘\(entity.id)’ does not exist", entity.id)
            }
        case .plugin, .class, .vertexTemplate, .edgeTemplate: return
        }
    }

    private func container(of id: ID) throws(Problem) -> ID? {
        if case .vertex(let vertex) = puts[id] { return vertex.container }
        return try stored.container(of: id)
    }

    private mutating func checkContainment(of id: ID) throws(Problem) {
        var path: [ID] = []
        var seen: Set<ID> = []
        var next: ID? = id
        while let current = next, !rooted.contains(current) {
            guard seen.insert(current).inserted else {
                report("the vertex ‘\(id)’ would contain itself", id, hint: "containment is a tree")
                return
            }
            path.append(current)
            next = try container(of: current)
        }
        rooted.formUnion(path)
    }

    private mutating func checkDeletion(of id: ID) throws(Problem) {
        let hint = "delete or move it in the same transaction"
        for content in try stored.contents(of: id) where !deletions.contains(content) && puts[content] == nil {
            report("the vertex ‘\(id)’ cannot be deleted: it contains ‘\(content)’", id, hint: hint)
        }
        for edge in try stored.edges(at: id) where !deletions.contains(edge) && puts[edge] == nil {
            report("the vertex ‘\(id)’ cannot be deleted: the edge ‘\(edge)’ needs it", id, hint: hint)
        }
    }
}
