// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What handlers and timers are attached to.
public enum EventTarget: Sendable, Hashable {
    /// A vertex, an edge, or a class, which stands for all its members.
    case entity(ID)
    /// A directory, which stands for all vertexes and edges in it and below.
    case directory(Directory)

    /// The form in documents: an identifier, or `directory:PATH`.
    public var documentText: String {
        switch self {
        case .entity(let id): id.documentText
        case .directory(let directory): "directory:\(directory)"
        }
    }

    /// Parses the form in documents.
    ///
    /// - Throws: `floria.malformed-id`.
    public init(documentText text: String) throws(Problem) {
        let prefix = "directory:"
        if text.hasPrefix(prefix) {
            self = .directory(try Directory(parsing: String(text.dropFirst(prefix.count))))
        } else {
            self = .entity(try ID(documentText: text))
        }
    }

    /// The entities that an event happens to which is made for the target: a vertex or an edge is that itself, a class is its
    /// members, a directory is its topmost vertexes, whose containers don't lie in it. None if the target isn't there.
    ///
    /// - Returns: in order of ID, at most ``Propagation/limit``, and whether there would be more.
    public func entities(in snapshot: any Snapshot) throws(Problem) -> (entities: [ID], isCut: Bool) {
        let found = try all(in: snapshot)
        return (Array(found.prefix(Propagation.limit)), found.count > Propagation.limit)
    }

    private func all(in snapshot: any Snapshot) throws(Problem) -> [ID] {
        switch self {
        case .entity(let id) where id.kind == .class: try snapshot.entities(.class(id, within: .root)).map(\.id)
        case .entity(let id): try snapshot.entity(id) == nil ? [] : [id]
        case .directory(let directory):
            try snapshot.entities(.directory(.vertex, directory, isDeep: true)).filter { entity in
                guard case .vertex(let vertex) = entity, let container = vertex.container else { return true }
                return !container.directory.isWithin(directory)
            }.map(\.id)
        }
    }
}
