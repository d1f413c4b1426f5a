// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension Property {
    private static let keys: Set<String> = [
        "value", "updater", "own-updater", "preparer", "read-only", "status", "problem", "metadata", "classes", "reads",
        "provenance",
    ]

    /// The property as a document.
    public var document: Value {
        var writer = DocumentWriter()
        writer.put("value", value)
        writer.put("updater", updater)
        writer.put("own-updater", ownUpdater)
        writer.put("preparer", preparer)
        writer.put("read-only", flag: isReadOnly)
        writer.put("status", status.name)
        writer.put("problem", status.problem?.value)
        writer.put("metadata", metadata)
        writer.put("classes", classes)
        writer.put("reads", list: reads.map(\.document))
        writer.put("provenance", provenance?.document)
        return writer.document
    }

    /// Reads a property's document. Without `status`, a property that has a value is valid, another one unset.
    ///
    /// - Throws: `floria.malformed-document`, `floria.malformed-id`.
    public init(document: Value, of subject: String) throws(Problem) {
        let reader = try DocumentReader(document, subject, keys: Self.keys)
        self.init(
            value: reader.optional("value"), updater: reader.optional("updater"), preparer: reader.optional("preparer"),
            isReadOnly: try reader.boolean("read-only"), metadata: try reader.valueMap("metadata"),
            classes: try reader.ids("classes"))
        ownUpdater = reader.optional("own-updater")
        if let name = try reader.optionalText("status") {
            guard let status = Status(name: name, problem: reader.optional("problem").map(Problem.init(value:))) else {
                throw DocumentReader.malformed("‘status’ of \(subject) is ‘\(name)’, which is none")
            }
            self.status = status
        }
        for item in try reader.list("reads") { reads.append(try Read(document: item)) }
        provenance = try reader.optional("provenance").map { value throws(Problem) in try Provenance(document: value) }
    }
}

extension Property.Status {
    /// The status's name in documents: `unset`, `pending`, `valid`, `stale` or `failed`.
    public var name: String {
        switch self {
        case .unset: "unset"
        case .pending: "pending"
        case .valid: "valid"
        case .stale: "stale"
        case .failed: "failed"
        }
    }

    /// Why there is no value, or no newer one.
    public var problem: Problem? {
        switch self {
        case .pending(let problem), .failed(let problem): problem
        case .unset, .valid, .stale: nil
        }
    }

    init?(name: String, problem: Problem?) {
        switch (name, problem) {
        case ("unset", _): self = .unset
        case ("valid", _): self = .valid
        case ("stale", _): self = .stale
        case ("pending", let problem?): self = .pending(problem)
        case ("failed", let problem?): self = .failed(problem)
        default: return nil
        }
    }
}

extension Read {
    /// The read as a document: `{"entity", "property"}`, `{"entity"}`, `{"contained"}`, `{"outgoing"}` or `{"incoming"}`.
    public var document: Value {
        let id = Value.text(entity.documentText)
        switch self {
        case .property(let reference): return ["entity": id, "property": .text(reference.name)]
        case .entity: return ["entity": id]
        case .contained: return ["contained": id]
        case .outgoing: return ["outgoing": id]
        case .incoming: return ["incoming": id]
        }
    }

    /// Reads a read's document.
    ///
    /// - Throws: `floria.malformed-document`, `floria.malformed-id`.
    public init(document: Value) throws(Problem) {
        let reader = try DocumentReader(
            document, "a read", keys: ["entity", "property", "contained", "outgoing", "incoming"])
        if reader.map.count == 2 {
            self = .property(PropertyReference(try reader.id("entity"), try reader.text("property")))
        } else if reader.optional("contained") != nil {
            self = .contained(try reader.id("contained"))
        } else if reader.optional("outgoing") != nil {
            self = .outgoing(try reader.id("outgoing"))
        } else if reader.optional("incoming") != nil {
            self = .incoming(try reader.id("incoming"))
        } else {
            self = .entity(try reader.id("entity"))
        }
    }
}

extension Provenance {
    /// The provenance as a document: `{"author", "name", "event", "time"}`.
    public var document: Value {
        var writer = DocumentWriter()
        writer.put("author", author.rawValue)
        writer.put("name", name)
        writer.put("event", event)
        writer.put("time", .integer(time))
        return writer.document
    }

    /// Reads a provenance's document.
    ///
    /// - Throws: `floria.malformed-document`.
    public init(document: Value) throws(Problem) {
        let reader = try DocumentReader(document, "a provenance", keys: ["author", "name", "event", "time"])
        let text = try reader.text("author")
        guard let author = Author(rawValue: text) else {
            throw DocumentReader.malformed("‘\(text)’ is no kind of author")
        }
        self.init(author, try reader.text("name"), event: try reader.optionalText("event"), time: try reader.integer("time"))
    }
}

extension Handler {
    /// The handler as a document: `{"name", "event", "call", "location"}`.
    public var document: Value {
        var writer = DocumentWriter()
        writer.put("name", name)
        writer.put("event", event)
        writer.put("call", .call(call))
        writer.put("location", location.map { Problem.Place.source($0).value })
        return writer.document
    }

    /// Reads a handler's document.
    ///
    /// - Throws: `floria.malformed-document`.
    public init(document: Value) throws(Problem) {
        let reader = try DocumentReader(document, "a handler", keys: ["name", "event", "call", "location"])
        let name = try reader.text("name")
        guard case .call(let call) = try reader.value("call") else {
            throw DocumentReader.malformed("‘call’ of the handler ‘\(name)’ is not a call")
        }
        self.init(event: try reader.text("event"), call: call, name: name, location: reader.location())
    }
}
