// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Something that an evaluation reads, and that its result depends on from then on.
public enum Read: Sendable, Hashable {
    /// The value of a property.
    case property(PropertyReference)
    /// What a vertex or an edge is but for its values: whether it is there, its classes and metadata, where it hangs.
    case entity(ID)
    /// Which vertexes a vertex contains, and what these are but for their values.
    case contained(ID)
    /// Which edges leave a vertex, and what these are but for their values.
    case outgoing(ID)
    /// Which edges lead to a vertex, and what these are but for their values.
    case incoming(ID)

    /// The entity that is looked at.
    public var entity: ID {
        switch self {
        case .property(let reference): reference.entity
        case .entity(let id), .contained(let id), .outgoing(let id), .incoming(let id): id
        }
    }

    /// The property, if it is one's value that is read.
    public var property: PropertyReference? {
        if case .property(let reference) = self { reference } else { nil }
    }

    /// What must be known of a graph to answer it: a property comes with its entity.
    var need: Read { property.map { .entity($0.entity) } ?? self }
}

extension Read: Comparable, CustomStringConvertible {
    /// The kind of read as a number, by which stores tell them apart: 0 is a property's value.
    package var code: Int {
        switch self {
        case .property: 0
        case .entity: 1
        case .contained: 2
        case .outgoing: 3
        case .incoming: 4
        }
    }

    /// Order by kind, values first; then by entity, then by property.
    public static func < (left: Read, right: Read) -> Bool {
        if case .property(let left) = left, case .property(let right) = right { return left < right }
        return left.code == right.code ? left.entity < right.entity : left.code < right.code
    }

    /// In words, as messages show it.
    public var description: String {
        switch self {
        case .property(let reference): reference.description
        case .entity(let id): id.description
        case .contained(let id): "what ‘\(id)’ contains"
        case .outgoing(let id): "the edges that leave ‘\(id)’"
        case .incoming(let id): "the edges that lead to ‘\(id)’"
        }
    }
}

/// That a property read something.
package struct Reading: Hashable {
    /// What was read.
    package let read: Read
    /// Who read it.
    package let reader: PropertyReference
}
