// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// A table each row of which has its checksum in a column of its own, ‘sum’.
struct SealedTable: Sendable {
    static let state = SealedTable("state", key: [], ["position", "sequence"])
    static let patterns = SealedTable("patterns", key: ["key"], ["content"])
    static let entities = SealedTable(
        "entities", key: ["kind", "directory", "name"], ["version", "created", "updated", "pattern", "content"])
    static let baseline = SealedTable("baseline", key: ["kind", "directory", "name"], ["pattern", "content"])
    static let records = SealedTable("records", key: ["collection", "key"], ["version", "content"])
    static let events = SealedTable("events", key: ["sequence"], ["id", "content"])
    static let all = [state, patterns, entities, baseline, records, events]

    let name: String
    /// The columns that tell its rows from each other.
    private let key: [String]
    /// How many columns the checksum is made of: the first ones of the selection.
    let count: Int
    /// What is selected of a row so that it can be verified: the columns that the checksum is made of, those of the key first,
    /// and the checksum.
    let selection: String

    private init(_ name: String, key: [String], _ others: [String]) {
        self.name = name
        self.key = key
        count = key.count + others.count
        // Other tables have columns of these names too.
        selection = (key + others + ["sum"]).map { "\(name).\($0)" }.joined(separator: ", ")
    }

    /// Gives every row the checksum of what it holds.
    func seal(_ connection: Connection) throws(Problem) {
        let update = "UPDATE \(name) SET sum = ? WHERE true" + key.map { " AND \($0) = ?" }.joined()
        try connection.each("SELECT \(selection) FROM \(name)", []) { row throws(Problem) in
            let columns = (0..<key.count).map { row.column(Int32($0)) }
            try connection.execute(update, [row.checksum(of: count).column] + columns)
        }
    }
}

extension Row {
    /// Makes sure that the row, of which the table's selection was made, is what was written.
    func verify(_ table: SealedTable) throws(Problem) {
        guard try integer(Int32(table.count)) == checksum(of: table.count).value else { throw .damaged }
    }
}
