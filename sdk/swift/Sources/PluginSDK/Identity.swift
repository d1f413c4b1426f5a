// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The kinds of entities.
public enum EntityKind: UInt32, Sendable {
    case plugin, `class`, vertexTemplate, edgeTemplate, vertex, edge

    private static let names = ["plugin", "class", "vertex-template", "edge-template", "vertex", "edge"]

    /// The name in documents, for example `vertex-template`.
    public var name: String { Self.names[Int(rawValue)] }

    /// The kind of a name.
    public init?(name: String) {
        guard let index = Self.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: UInt32(index))
    }
}

/// The identity of an entity: kind, directory and name.
public struct ID: Equatable, Sendable {
    /// The kind.
    public var kind: EntityKind
    /// The names of the directory, from the root down.
    public var directory: [String]
    /// The name there.
    public var name: String

    /// Makes an ID.
    public init(_ kind: EntityKind, _ directory: [String], _ name: String) {
        self.kind = kind
        self.directory = directory
        self.name = name
    }

    /// Parses the text that documents have, `KIND:DIRECTORY/NAME`, for example `vertex:shop/web-0`.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var names = bytes[(colon + 1)...].split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        guard let kind = EntityKind(name: String(decoding: bytes[..<colon], as: UTF8.self)), let name = names.popLast() else {
            return nil
        }
        self.init(kind, names, name)
    }

    /// `KIND:DIRECTORY/NAME`.
    public var text: String { "\(kind.name):\(path)" }

    /// `DIRECTORY/NAME`.
    public var path: String {
        var path = ""
        for part in directory { path += part + "/" }
        return path + name
    }

    /// The text, as a value.
    public var json: JSON { .text(text) }
}

/// Where a call stands: the entity that it is made for and, if it is the value of a property, that property.
public struct Site: Equatable, Sendable {
    /// The entity.
    public var id: ID
    /// The property's name.
    public var property: String?

    /// Makes a site.
    public init(_ id: ID, property: String? = nil) {
        self.id = id
        self.property = property
    }
}
