// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Looks at everything that a store holds: whether the file is whole, rows can be read, indexes fit, and the graph keeps its rules.
struct StoreCheck {
    /// The most problems that are told.
    static let limit = 100

    private let connection: Connection
    private let snapshot: SQLiteSnapshot
    private var problems: [Problem] = []
    /// How many rows of the index tables are accounted for.
    private var members: Int64 = 0
    private var readings: Int64 = 0
    /// Whether every entity could be read, so that all rows of the index tables should be accounted for.
    private var hasReadAll = true

    /// - Parameter connection: Within a transaction.
    init(_ connection: Connection) throws(Problem) {
        self.connection = connection
        // With a memory of its own, so that what is on disk is looked at.
        snapshot = try SQLiteSnapshot(connection, try StoreMemory(connection))
    }

    /// Everything that is wrong, at most ``limit`` problems; empty if all is well.
    static func run(_ connection: Connection) throws(Problem) -> [Problem] {
        var check = try StoreCheck(connection)
        try check.checkFile()
        // What a broken file says of its rows would only be guesses.
        if check.problems.isEmpty { try check.checkRows() }
        return Array(check.problems.prefix(limit))
    }

    private mutating func report(_ message: String, _ id: ID? = nil, causes: [Problem] = []) {
        problems.append(
            Problem(
                "store.damaged", message, at: id.map { .entity($0.description, property: nil) }, causes: causes,
                hint: "restore the store from a backup"))
    }

    private mutating func checkFile() throws(Problem) {
        let lines = try connection.rows("PRAGMA integrity_check(\(Self.limit))", []) { row throws(Problem) in try row.text(0) }
        for line in lines where line != "ok" { report("the file is damaged: \(line)") }
    }

    private mutating func checkRows() throws(Problem) {
        try checkEntities()
        try checkBaseline()
        try checkRecords()
        try checkEvents()
        guard hasReadAll else { return }
        for (table, found) in [("memberships", members), ("readings", readings)] {
            let count = try connection.number("SELECT count(*) FROM \(table)")
            if count > found { report("the index ‘\(table)’ has \(count - found) rows of what isn't there") }
        }
    }

    private var hasEnough: Bool { problems.count >= Self.limit }

    // MARK: Entities

    private mutating func checkEntities() throws(Problem) {
        try connection.each(
            """
            SELECT \(SealedTable.entities.selection), container, source, target FROM entities
            """, []
        ) { row throws(Problem) in
            if hasEnough { return hasReadAll = false }
            guard let kind = EntityKind(code: Int(try row.integer(0))) else { return report("a row has no kind") }
            let id = ID(kind, Directory(path: try row.text(1)), try row.text(2))
            let entity: Entity
            do throws(Problem) { entity = try snapshot.decoded(row) } catch {
                hasReadAll = false
                return report("‘\(id)’ cannot be read", id, causes: [error])
            }
            if try row.number(3) > snapshot.position { report("‘\(id)’ has a version that the store hasn't come to", id) }
            let ends = [row.optionalText(9), row.optionalText(10), row.optionalText(11)].map { $0?.column ?? .null }
            let (container, source, target) = entity.ends
            if entity.id != id || [container, source, target] != ends { report("‘\(id)’ is listed as something else", id) }
            try checkIndexes(of: entity)
            try checkReferences(of: entity)
        }
    }

    private mutating func checkIndexes(of entity: Entity) throws(Problem) {
        guard entity.isInstance else { return }
        let id = entity.id
        for memberOf in Set(entity.classes) {
            let count = try connection.number(
                "SELECT count(*) FROM memberships WHERE class = ? AND kind = ? AND directory = ? AND name = ?",
                [memberOf.path.column] + id.columns)
            members += count
            if count == 0 { report("‘\(id)’ is missing among the members of ‘\(memberOf)’", id) }
        }
        for reading in entity.readings {
            let count = try connection.number(
                """
                SELECT count(*) FROM readings WHERE kind = ? AND entity = ? AND property = ?
                AND reader_kind = ? AND reader = ? AND reader_property = ?
                """, reading.columns)
            readings += count
            if count == 0 { report("‘\(reading.reader)’ is missing among the readers of ‘\(reading.read)’", id) }
        }
    }

    private mutating func checkReferences(of entity: Entity) throws(Problem) {
        let id = entity.id
        for memberOf in entity.classes where try !snapshot.exists(memberOf) {
            report("the class ‘\(memberOf)’ of ‘\(id)’ isn't there", id)
        }
        switch entity {
        case .vertex:
            var seen: Set<ID> = [id]
            var next = try snapshot.container(of: id)
            while let container = next {
                guard seen.insert(container).inserted else { return report("‘\(id)’ contains itself", id) }
                guard try snapshot.exists(container) else {
                    return report("‘\(container)’, which is to contain ‘\(id)’ or what it lies in, isn't there", id)
                }
                next = try snapshot.container(of: container)
            }
        case .edge(let edge):
            for end in [edge.source, edge.target] where try !snapshot.exists(end) {
                report("‘\(end)’, at which the edge ‘\(id)’ ends, isn't there", id)
            }
        case .class(let value):
            if let parent = value.parent, try !snapshot.exists(parent) {
                report("the parent ‘\(parent)’ of the class ‘\(id)’ isn't there", id)
            }
        case .plugin, .vertexTemplate, .edgeTemplate: break
        }
    }

    private mutating func checkBaseline() throws(Problem) {
        try connection.each("SELECT \(SealedTable.baseline.selection) FROM baseline", []) { row throws(Problem) in
            if hasEnough { return }
            let name = try row.text(2)
            do throws(Problem) {
                let id = try snapshot.baseline(row).id
                if id.columns != [.integer(try row.integer(0)), .text(try row.text(1)), .text(name)] {
                    report("the baseline of ‘\(id)’ is listed as something else", id)
                }
            } catch { report("the baseline of ‘\(name)’ cannot be read", causes: [error]) }
        }
    }

    // MARK: Records and events

    private mutating func checkRecords() throws(Problem) {
        try connection.each("SELECT \(SealedTable.records.selection) FROM records", []) { row throws(Problem) in
            if hasEnough { return }
            let name = "the record ‘\(try row.text(1))’ of ‘\(try row.text(0))’"
            if try row.number(2) > snapshot.position { report("\(name) has a version that the store hasn't come to") }
            do throws(Problem) {
                try row.verify(.records)
                _ = try row.decoded(3)
            } catch { report("\(name) cannot be read", causes: [error]) }
        }
    }

    private mutating func checkEvents() throws(Problem) {
        let last = UInt64(bitPattern: try connection.number("SELECT sequence FROM state"))
        try connection.each("SELECT \(SealedTable.events.selection) FROM events", []) { row throws(Problem) in
            if hasEnough { return }
            let sequence = try row.number(0)
            if sequence > last { report("the event \(sequence) has a number that the store hasn't come to") }
            do throws(Problem) {
                try row.verify(.events)
                let id = try Event(document: row.decoded(2)).id
                if id != (try row.text(1)) { report("the event \(sequence) is listed as something else") }
            } catch { report("the event \(sequence) cannot be read", causes: [error]) }
        }
    }
}
