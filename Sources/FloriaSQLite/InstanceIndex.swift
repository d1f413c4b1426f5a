// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// The tables that list the vertexes and edges of classes, and who reads what.
struct InstanceIndex {
    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    /// Brings the tables from what was stored of an entity to what is stored now; only differences are written.
    func change(_ id: ID, from old: Entity?, to new: Entity?) throws(Problem) {
        try changeClasses(of: id, from: old?.classes ?? [], to: new?.classes ?? [])
        guard old?.hasReads(of: new) != true else { return }
        let (before, after) = (old?.readings ?? [], new?.readings ?? [])
        for reading in before.subtracting(after) {
            try connection.execute(
                """
                DELETE FROM readings WHERE kind = ? AND entity = ? AND property = ?
                AND reader_kind = ? AND reader = ? AND reader_property = ?
                """, reading.columns)
        }
        for reading in after.subtracting(before) {
            try connection.execute("INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?)", reading.columns)
        }
    }

    private func changeClasses(of id: ID, from old: [ID], to new: [ID]) throws(Problem) {
        if old == new { return }
        let (before, after) = (Set(old), Set(new))
        for memberOf in before.subtracting(after) {
            try connection.execute(
                "DELETE FROM memberships WHERE class = ? AND kind = ? AND directory = ? AND name = ?",
                [memberOf.path.column] + id.columns)
        }
        for memberOf in after.subtracting(before) {
            try connection.execute("INSERT INTO memberships VALUES (?, ?, ?, ?)", [memberOf.path.column] + id.columns)
        }
    }
}

extension Entity {
    /// Whether its properties read what those of another one read.
    fileprivate func hasReads(of other: Entity?) -> Bool {
        guard let other, properties.count == other.properties.count else { return false }
        let others = other.properties
        return properties.allSatisfy { name, property in property.reads == others[name]?.reads }
    }
}

extension Reading {
    /// What is read, and who reads it.
    var columns: [Column] { read.columns + reader.columns }
}
