// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// A handler with what it is attached to.
public struct AttachedHandler: Sendable, Hashable {
    /// What it is attached to.
    public var target: EventTarget
    /// The handler.
    public var handler: Handler

    /// Makes it.
    public init(_ handler: Handler, of target: EventTarget) {
        self.target = target
        self.handler = handler
    }

    /// Names it among all handlers of the store.
    public var key: String { "\(target.documentText)#\(handler.name)" }
}

extension AttachedHandler {
    /// The handler as a document: `{"target", "handler"}`.
    public var document: Value { ["target": .text(target.documentText), "handler": handler.document] }

    /// Reads the document.
    ///
    /// - Throws: `floria.malformed-document`, `floria.malformed-id`.
    public init(document: Value) throws(Problem) {
        let reader = try DocumentReader(document, "an attached handler", keys: ["target", "handler"])
        self.init(
            try Handler(document: reader.value("handler")), of: try EventTarget(documentText: reader.text("target")))
    }

    /// The collection of the records that hold the handlers of directories.
    public static let collection = "directory-handlers"

    /// The record that holds a directory's handlers. Without any it is to be removed instead.
    public static func record(_ handlers: [Handler], of directory: Directory) -> Record {
        Record(collection, key(of: directory), .list(handlers.map(\.document)))
    }

    /// The directory whose handlers a record holds.
    ///
    /// - Throws: `floria.malformed-id`.
    public static func directory(of record: Record) throws(Problem) -> Directory {
        try Directory(parsing: String(record.name.key.dropLast()))
    }

    static func key(of directory: Directory) -> String { "\(directory)/" }
}

extension Snapshot {
    /// The handlers that are attached to a directory itself, and the version of the record that holds them; 0 is none.
    public func handlers(attachedTo directory: Directory) throws(Problem) -> (handlers: [Handler], version: UInt64) {
        guard let record = try record(AttachedHandler.collection, AttachedHandler.key(of: directory)) else { return ([], 0) }
        var handlers: [Handler] = []
        for document in record.value.list ?? [] { handlers.append(try Handler(document: document)) }
        return (handlers, record.version)
    }

    /// All handlers that events of an entity reach, in the order in which they are called: its own, those of its classes,
    /// then those of its directory and of each one above. None if there is no such entity.
    ///
    /// - Parameter type: Only those for events of this type; nil is all.
    public func handlers(of id: ID, for type: String? = nil) throws(Problem) -> [AttachedHandler] {
        guard let entity = try entity(id) else { return [] }
        var found = entity.handlers.map { AttachedHandler($0, of: .entity(id)) }
        for memberOf in entity.classes {
            guard case .class(let definition)? = try self.entity(memberOf) else { continue }
            found += definition.handlers.map { AttachedHandler($0, of: .entity(memberOf)) }
        }
        guard entity.isInstance else { return found.filter { type == nil || $0.handler.event == type } }
        for depth in stride(from: id.directory.names.count, through: 0, by: -1) {
            let directory = Directory(Array(id.directory.names.prefix(depth)))
            found += try handlers(attachedTo: directory).handlers.map { AttachedHandler($0, of: .directory(directory)) }
        }
        return found.filter { type == nil || $0.handler.event == type }
    }
}
