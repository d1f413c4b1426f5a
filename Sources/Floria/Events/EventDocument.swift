// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension Event {
    private static let keys: Set<String> = [
        "id", "type", "entity", "payload", "host", "time", "due", "propagation", "origin", "carried",
    ]

    /// The event as a document: `{"id", "type", "entity", "payload", "host", "time", "due", "propagation", "origin", "carried"}`.
    public var document: Value {
        var writer = DocumentWriter()
        writer.put("id", id)
        writer.put("type", type)
        writer.put("entity", entity)
        writer.put("payload", payload)
        writer.put("host", host)
        writer.put("time", .integer(time))
        if let due { writer.put("due", .integer(due)) }
        writer.put("propagation", propagation?.document)
        writer.put("origin", origin)
        writer.put("carried", carried)
        return writer.document
    }

    /// Reads an event's document.
    ///
    /// - Throws: `floria.malformed-document`, `floria.malformed-id`, `event.malformed`.
    public init(document: Value) throws(Problem) {
        let reader = try DocumentReader(document, "an event", keys: Self.keys)
        self.init(
            id: try reader.text("id"), type: try reader.text("type"), entity: try reader.id("entity"),
            payload: reader.optional("payload") ?? .null, host: try reader.optionalText("host"),
            time: try reader.integer("time"))
        if reader.optional("due") != nil { due = try reader.integer("due") }
        propagation = try reader.optional("propagation").map { value throws(Problem) in try Propagation(document: value) }
        origin = try reader.optionalID("origin")
        carried = reader.optional("carried")
        try check()
    }
}
