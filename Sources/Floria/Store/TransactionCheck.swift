// SPDX-License-Identifier: Apache-2.0 OR MIT
package import Support

/// Checks a transaction at the edge of a store: first what it is by itself, then what is expected of the store, then the
/// rules of the graph.
package struct TransactionCheck: Sendable {
    package let transaction: Transaction
    /// Where in the transaction what is put stands.
    private var positions: [ID: Int] = [:]
    /// What is deleted.
    let deletions: Set<ID>
    /// The classes that what is put names, each with one that names it.
    private(set) var classes: [ID: ID] = [:]
    private var problems: [Problem] = []

    /// Checks what can be told without the store, so that nothing is encoded or waits that can't be accepted.
    ///
    /// - Throws: `store.invalid`; several are the causes of one.
    package init(_ transaction: Transaction) throws(Problem) {
        self.transaction = transaction
        deletions = Set(transaction.deletions)
        positions.reserveCapacity(transaction.puts.count)
        checkPuts()
        checkBaseline()
        checkDeletions()
        for record in transaction.records { check(record) }
        for event in transaction.events { check(event) }
        if let problem = StoreProblem.broken(problems) { throw problem }
    }

    /// Whether an entity is put.
    func isPut(_ id: ID) -> Bool { positions[id] != nil }

    /// What is put of an identifier.
    func put(_ id: ID) -> Entity? { positions[id].map { transaction.puts[$0] } }

    /// Checks what it needs the store for.
    ///
    /// - Throws: `store.conflict`, `store.invalid`; several of a kind are the causes of one.
    package func run(against stored: any StoredGraph) throws(Problem) {
        try checkExpectations(stored)
        var check = ReferenceCheck(self, against: stored)
        try check.run()
    }

    private mutating func report(_ message: String, _ id: ID?) { problems.append(StoreProblem.invalid(message, id)) }

    private mutating func checkPuts() {
        var check = EntityCheck()
        for (position, entity) in transaction.puts.enumerated() {
            let id = entity.id
            if positions.updateValue(position, forKey: id) != nil { report("‘\(id)’ is put twice", id) }
            check.check(entity)
        }
        for id in deletions.isEmpty ? [] : deletions.filter(isPut).sorted() { report("‘\(id)’ is put and deleted at once", id) }
        classes = check.classes
        problems += check.problems
    }

    private mutating func checkDeletions() {
        for id in transaction.deletions + transaction.baselineDeletions {
            do { try id.check() } catch { report("‘\(id)’ cannot be deleted: \(error.message)", id) }
        }
    }

    private mutating func checkBaseline() {
        var check = EntityCheck()
        for entity in transaction.baseline {
            check.check(entity)
            if !entity.isInstance { report("‘\(entity.id)’ cannot have a baseline: it is a \(entity.kind.label)", entity.id) }
        }
        problems += check.problems
    }

    private mutating func check(_ record: Record) {
        let (collection, key) = (record.name.collection, record.name.key)
        if let complaint = collection.nameComplaint { report("the collection of a record ‘\(key)’ \(complaint)", nil) }
        if let complaint = key.nameComplaint { report("the key of a record in ‘\(collection)’ \(complaint)", nil) }
        var measure = ValueMeasure()
        measure.add(record.value)
        if let complaint = measure.complaint { report("the record ‘\(key)’ of ‘\(collection)’ \(complaint)", nil) }
    }

    private mutating func check(_ event: Event) {
        if let complaint = event.id.nameComplaint {
            report("the name of an event of ‘\(event.entity)’ \(complaint)", event.entity)
        }
        if event.type.isEmpty { report("an event of ‘\(event.entity)’ has no type", event.entity) }
        do { try event.entity.check() } catch { report("the event ‘\(event.id)’ is of no valid entity: \(error.message)", nil) }
        var measure = ValueMeasure()
        measure.add(event.payload)
        if let complaint = measure.complaint {
            report("the event ‘\(event.id)’ of ‘\(event.entity)’ \(complaint)", event.entity)
        }
    }

    /// Checks that what is expected of the store holds.
    ///
    /// - Throws: `store.conflict`; several are the causes of one.
    func checkExpectations(_ stored: any StoredGraph) throws(Problem) {
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
        let altered = transaction.alterations.union(transaction.readerExpectations.map(Read.property))
        for reader in altered.isEmpty ? [] : try stored.readers(of: Array(altered))
        where !transaction.readerExpectations.contains(reader) {
            conflicts.append(StoreProblem.newReader(reader))
        }
        for (read, expected) in transaction.structureExpectations
        where Structure.stamp(of: try stored.entities(read)) != expected {
            conflicts.append(StoreProblem.changedStructure(read))
        }
        if let conflict = StoreProblem.joined(conflicts, "\(conflicts.count) things have changed") { throw conflict }
    }
}

extension String {
    /// Why this can't name a record or an event; nil if it can.
    fileprivate var nameComplaint: String? {
        if isEmpty { return "is empty" }
        if utf8.count > StoreLimits.keyLength { return "is longer than \(StoreLimits.keyLength) bytes" }
        if utf8.contains(0) { return "holds the character U+0000" }
        return isNormal ? nil : "is not in Unicode's normal form C"
    }
}
