// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// What one transaction of SQLite sees.
struct SQLiteSnapshot: Snapshot {
    let connection: Connection
    let memory: StoreMemory
    let position: UInt64
    let sequence: UInt64
    /// Whether what it sees isn't on disk yet.
    private let isWriting: Bool

    /// How many entities of one scan are held in memory; those of a larger one would only take the place of others.
    private static let keptLimit = 1000

    init(_ connection: Connection, _ memory: StoreMemory, isWriting: Bool = false) throws(Problem) {
        self.connection = connection
        self.memory = memory
        self.isWriting = isWriting
        let state = try connection.row("SELECT \(SealedTable.state.selection) FROM state", []) { row throws(Problem) in
            try row.verify(.state)
            return (try row.number(0), try row.number(1))
        }
        (position, sequence) = state ?? (0, 0)
    }

    func entity(_ id: ID) throws(Problem) -> Entity? { try row(id, entity) }

    /// The entity of a row.
    private func entity(_ row: Row) throws(Problem) -> Entity {
        let id = try connection.decoder.id(row)
        if let entity = memory.entities.entity(id, version: try row.number(3)) { return entity }
        let stored = try stored(row, id)
        let entity = try stored.entity(&connection.decoder)
        if !isWriting { memory.entities.insert([WrittenEntity(entity, entity.header, content: stored.content.count)]) }
        return entity
    }

    private func stored(_ row: Row, _ id: ID) throws(Problem) -> StoredRow {
        try row.verify(.entities)
        return StoredRow(
            id: id, version: try row.number(3), created: try row.integer(4),
            updated: try row.integer(5), pattern: try pattern(row.optionalInteger(6)), content: try row.blob(7))
    }

    /// The entity of a row as its content says, whatever else is known.
    func decoded(_ row: Row) throws(Problem) -> Entity {
        try row.verify(.entities)
        var entity = try connection.decoder.entity(row.blob(7), pattern(row.optionalInteger(6)))
        entity.header.version = try row.number(3)
        return entity
    }

    /// The pattern of a key.
    func pattern(_ key: Int64?) throws(Problem) -> Pattern? {
        guard let key else { return nil }
        return try memory.patterns.pattern(key) { () throws(Problem) in
            let found = try connection.row(
                "SELECT \(SealedTable.patterns.selection) FROM patterns WHERE key = ?", [key.column]
            ) { row throws(Problem) in
                try row.verify(.patterns)
                return try row.blob(1)
            }
            guard let found else { throw Problem.damaged }
            return found
        }
    }

    func baseline(_ id: ID) throws(Problem) -> Entity? {
        try connection.row(
            "SELECT \(SealedTable.baseline.selection) FROM baseline WHERE kind = ? AND directory = ? AND name = ?", id.columns,
            baseline)
    }

    func visitBaseline(_ kind: EntityKind, within directory: Directory, _ body: (Entity) throws(Problem) -> Void)
        throws(Problem)
    {
        var rows: [StoredRow] = []
        try connection.each(
            """
            SELECT \(SealedTable.baseline.selection) FROM baseline WHERE kind = ? AND directory >= ? AND directory < ?
            ORDER BY directory, name
            """, [kind.code.column, directory.path.column, directory.end]
        ) { row throws(Problem) in
            try row.verify(.baseline)
            rows.append(
                StoredRow(
                    id: try connection.decoder.id(row), version: 0, created: 0, updated: 0,
                    pattern: try pattern(row.integer(3)), content: try row.blob(4)))
            if rows.count == StoredRow.limit { try rows.handOver(to: body) }
        }
        try rows.handOver(to: body)
    }

    func baseline(_ row: Row) throws(Problem) -> Entity {
        try row.verify(.baseline)
        return try connection.decoder.entity(row.blob(4), pattern(row.integer(3)))
    }

    func visit(_ scan: Scan, _ body: (Entity) throws(Problem) -> Void) throws(Problem) {
        switch scan {
        case .directory(let kind, let directory, isDeep: false):
            try select("kind = ? AND directory = ?", [kind.code.column, directory.path.column], order: "name", body)
        case .directory(let kind, let directory, isDeep: true):
            try select(
                "kind = ? AND directory >= ? AND directory < ?",
                [kind.code.column, directory.path.column, directory.end], order: "directory, name", body)
        case .class(let id, let directory):
            for kind in [EntityKind.edge, .vertex] { try visitMembers(of: id, kind, within: directory, body) }
        case .contained(let id): try select("container = ?", [id.path.column], order: "directory, name", body)
        case .outgoing(let id): try select("source = ?", [id.path.column], order: "directory, name", body)
        case .incoming(let id): try select("target = ?", [id.path.column], order: "directory, name", body)
        }
    }

    /// Hands over the entities of rows. Of many only the first ones are held in memory: more would only take the place of others.
    private func select(
        _ condition: String, _ arguments: [Column], order: String, _ body: (Entity) throws(Problem) -> Void
    ) throws(Problem) {
        var first = 0
        var rows: [StoredRow] = []
        try connection.each(
            "SELECT \(SealedTable.entities.selection) FROM entities WHERE \(condition) ORDER BY \(order)", arguments
        ) { row throws(Problem) in
            if first < Self.keptLimit {
                first += 1
                return try body(entity(row))
            }
            rows.append(try stored(row, connection.decoder.id(row)))
            if rows.count == StoredRow.limit { try rows.handOver(to: body) }
        }
        try rows.handOver(to: body)
    }

    private func visitMembers(
        of id: ID, _ kind: EntityKind, within directory: Directory, _ body: (Entity) throws(Problem) -> Void
    ) throws(Problem) {
        try connection.each(
            """
            SELECT \(SealedTable.entities.selection) FROM memberships m JOIN entities
            ON entities.kind = m.kind AND entities.directory = m.directory AND entities.name = m.name
            WHERE m.class = ? AND m.kind = ? AND m.directory >= ? AND m.directory < ? ORDER BY m.directory, m.name
            """,
            [id.path.column, kind.code.column, directory.path.column, directory.end]
        ) { row throws(Problem) in try body(entity(row)) }
    }

    func readers(of reads: [Read]) throws(Problem) -> [PropertyReference] {
        var readers: Set<PropertyReference> = []
        for read in reads {
            readers.formUnion(
                try connection.rows(
                    "SELECT reader_kind, reader, reader_property FROM readings WHERE kind = ? AND entity = ? AND property = ?",
                    read.columns
                ) { row throws(Problem) in
                    guard let kind = EntityKind(code: Int(try row.integer(0))) else {
                        throw Problem.damaged
                    }
                    return PropertyReference(ID(kind, path: try row.text(1)), try row.text(2))
                })
        }
        return readers.sorted()
    }

    func collections() throws(Problem) -> [String] {
        var found: [String] = []
        while let next = try connection.row(
            "SELECT collection FROM records WHERE collection > ? ORDER BY collection LIMIT 1", [(found.last ?? "").column],
            { row throws(Problem) in try row.text(0) })
        {
            found.append(next)
        }
        return found
    }

    func record(_ collection: String, _ key: String) throws(Problem) -> Floria.Record? {
        try connection.row(
            "SELECT \(SealedTable.records.selection) FROM records WHERE collection = ? AND key = ?",
            [collection.column, key.column]
        ) { row throws(Problem) in try Self.record(collection, row) }
    }

    private static func record(_ collection: String, _ row: Row) throws(Problem) -> Floria.Record {
        try row.verify(.records)
        return Floria.Record(collection, try row.text(1), try row.decoded(3), version: try row.number(2))
    }

    func records(_ collection: String, prefix: String, after: String?, limit: Int) throws(Problem) -> [Floria.Record] {
        guard limit > 0 else { return [] }
        let further = after.map { (condition: "key > ?", argument: $0.column) }
        return try records(collection, prefix: prefix, further, limit: limit)
    }

    func records(_ collection: String, prefix: String, putAfter position: UInt64) throws(Problem) -> [Floria.Record] {
        try records(collection, prefix: prefix, (condition: "version > ?", argument: position.column), limit: .max)
    }

    private func records(
        _ collection: String, prefix: String, _ further: (condition: String, argument: Column)?, limit: Int
    ) throws(Problem) -> [Floria.Record] {
        var condition = "collection = ? AND key >= ?"
        var arguments = [collection.column, prefix.column]
        if let further {
            condition += " AND " + further.condition
            arguments.append(further.argument)
        }
        if let end = prefix.prefixEnd {
            condition += " AND key < ?"
            arguments.append(end.column)
        }
        return try connection.rows(
            "SELECT \(SealedTable.records.selection) FROM records WHERE \(condition) ORDER BY key LIMIT ?",
            arguments + [limit.column]
        ) { row throws(Problem) in try Self.record(collection, row) }
    }

    func events(after: UInt64, limit: Int) throws(Problem) -> [StoredEvent] {
        guard limit > 0, let after = Int64(exactly: after) else { return [] }
        return try connection.rows(
            "SELECT \(SealedTable.events.selection) FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?",
            [after.column, limit.column]
        ) { row throws(Problem) in
            try row.verify(.events)
            return StoredEvent(sequence: try row.number(0), event: try Event(document: row.decoded(2)))
        }
    }

    func sequence(ofEvent id: String) throws(Problem) -> UInt64? {
        try connection.row("SELECT sequence FROM events WHERE id = ?", [id.column]) { row throws(Problem) in try row.number(0) }
    }

    func directories(below directory: Directory) throws(Problem) -> [Directory] {
        var found: [Directory] = []
        let depth = directory.names.count
        var start = (directory.path + "\u{2}").column
        if depth == 0 { start = "\u{2}".column }
        while let next = try firstDirectory(from: start, to: directory.end) {
            let child = directory.appending(next.names[depth])
            found.append(child)
            start = child.end
        }
        return found
    }

    private func firstDirectory(from start: Column, to end: Column) throws(Problem) -> Directory? {
        var first: String?
        for kind in EntityKind.allCases {
            let path = try connection.row(
                "SELECT directory FROM entities WHERE kind = ? AND directory >= ? AND directory < ? ORDER BY directory LIMIT 1",
                [kind.code.column, start, end]
            ) { row throws(Problem) in try row.text(0) }
            if let path, first.map({ path.utf8.lexicographicallyPrecedes($0.utf8) }) ?? true { first = path }
        }
        return first.map(Directory.init(path:))
    }
}

extension SQLiteSnapshot: StoredGraph {
    /// What the row of an entity holds.
    func stored(_ id: ID) throws(Problem) -> (stamps: (created: Int64, updated: Int64), entity: StoredEntity)? {
        try row(id) { row throws(Problem) in
            try row.verify(.entities)
            let stamps = (try row.integer(4), try row.integer(5))
            return (stamps, StoredEntity(pattern: row.optionalInteger(6), content: try row.blob(7)))
        }
    }

    private func row<Result>(_ id: ID, _ convert: (Row) throws(Problem) -> Result) throws(Problem) -> Result? {
        try connection.row(
            "SELECT \(SealedTable.entities.selection) FROM entities WHERE kind = ? AND directory = ? AND name = ?", id.columns,
            convert)
    }

    /// The key of the pattern that the baseline of an entity has.
    func baselinePattern(_ id: ID) throws(Problem) -> Int64? {
        try connection.row(
            "SELECT pattern FROM baseline WHERE kind = ? AND directory = ? AND name = ?", id.columns
        ) { row throws(Problem) in try row.integer(0) }
    }

    func exists(_ id: ID) throws(Problem) -> Bool {
        guard id.kind == .class else { return try version(of: id) > 0 }
        if memory.classes.contains(id) { return true }
        let version = try version(of: id)
        if version > 0, version <= position { memory.classes.insert(id) }
        return version > 0
    }

    func version(of id: ID) throws(Problem) -> UInt64 {
        try connection.row("SELECT version FROM entities WHERE kind = ? AND directory = ? AND name = ?", id.columns) {
            row throws(Problem) in
            try row.number(0)
        } ?? 0
    }

    func version(of record: RecordKey) throws(Problem) -> UInt64 {
        try connection.row(
            "SELECT version FROM records WHERE collection = ? AND key = ?",
            [record.collection.column, record.key.column]
        ) { row throws(Problem) in try row.number(0) } ?? 0
    }

    func container(of vertex: ID) throws(Problem) -> ID? {
        try connection.row(
            "SELECT container FROM entities WHERE kind = ? AND directory = ? AND name = ? AND container IS NOT NULL",
            vertex.columns
        ) { row throws(Problem) in ID(.vertex, path: try row.text(0)) }
    }

    func contents(of vertex: ID) throws(Problem) -> [ID] {
        try connection.rows("SELECT directory, name FROM entities WHERE container = ?", [vertex.path.column]) {
            row throws(Problem) in
            ID(.vertex, Directory(path: try row.text(0)), try row.text(1))
        }
    }

    func edges(at vertex: ID) throws(Problem) -> [ID] {
        let path = vertex.path.column
        return try connection.rows(
            "SELECT directory, name FROM entities WHERE source = ? UNION SELECT directory, name FROM entities WHERE target = ?",
            [path, path]
        ) { row throws(Problem) in ID(.edge, Directory(path: try row.text(0)), try row.text(1)) }
    }
}

extension ID {
    /// Kind, directory and name.
    var arguments: (kind: Column, directory: Column, name: Column) { (kind.code.column, directory.path.column, name.column) }

    /// Kind, directory and name.
    var columns: [Column] { [kind.code.column, directory.path.column, name.column] }
}

extension Read {
    /// Kind, path and property. What isn't a property's value has no property, and a kind above those of entities.
    var columns: [Column] {
        if case .property(let reference) = self { return reference.columns }
        return [(16 * code + entity.kind.code).column, entity.path.column, "".column]
    }
}

extension PropertyReference {
    /// Kind, path and property.
    var columns: [Column] { [entity.kind.code.column, entity.path.column, name.column] }
}

extension String {
    /// The smallest text that comes after all texts with this prefix; nil if there is none.
    var prefixEnd: String? {
        var scalars = Array(unicodeScalars)
        while let last = scalars.popLast() {
            let next = last.value == 0xd7ff ? 0xe000 : last.value + 1
            guard let scalar = Unicode.Scalar(next) else { continue }
            scalars.append(scalar)
            return String(String.UnicodeScalarView(scalars))
        }
        return nil
    }
}
