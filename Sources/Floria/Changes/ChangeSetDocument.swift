// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension ChangeSet {
    /// The change set whole, as a document that it can be made of again:
    /// `{"changes": [{"id", "category", "before", "after", "properties", "relations"}], "unchanged"}`.
    public var document: Value {
        ["changes": .list(changes.map(\.document)), "unchanged": .integer(unchangedCount)]
    }

    /// Reads a change set's document.
    ///
    /// - Throws: `floria.malformed-document`, `floria.malformed-id`.
    public init(document: Value) throws(Problem) {
        let reader = try DocumentReader(document, "a change set", keys: ["changes", "unchanged"])
        var changes: [Change] = []
        for item in try reader.list("changes") { changes.append(try Change(document: item)) }
        self.init(changes: changes, unchangedCount: Int(clamping: try reader.integer("unchanged", default: 0)))
    }
}

extension ChangeSet.Change {
    fileprivate var document: Value {
        var writer = DocumentWriter()
        writer.put("id", id)
        writer.put("category", category.rawValue)
        writer.put("before", before?.document)
        writer.put("after", after?.document)
        writer.put("properties", list: properties.map(\.document))
        writer.put("relations", list: relations.map(\.document))
        return writer.document
    }

    fileprivate init(document: Value) throws(Problem) {
        let keys: Set<String> = ["id", "category", "before", "after", "properties", "relations"]
        let reader = try DocumentReader(document, "a change", keys: keys)
        let text = try reader.text("category")
        guard let category = ChangeSet.Category(rawValue: text) else {
            throw DocumentReader.malformed("‘\(text)’ is no category of changes")
        }
        self.init(id: try reader.id("id"), category: category, before: nil, after: nil, properties: [], relations: [])
        before = try reader.optional("before").map { value throws(Problem) in try Entity(document: value) }
        after = try reader.optional("after").map { value throws(Problem) in try Entity(document: value) }
        for entity in [before, after] {
            guard let entity, entity.id != id || !entity.isInstance else { continue }
            throw DocumentReader.malformed("the change of ‘\(id)’ holds ‘\(entity.id)’")
        }
        for item in try reader.list("properties") { properties.append(try ChangeSet.PropertyChange(document: item)) }
        for item in try reader.list("relations") { relations.append(try ChangeSet.PropertyChange(document: item)) }
    }
}

extension ChangeSet.PropertyChange {
    fileprivate var document: Value {
        var writer = DocumentWriter()
        writer.put("name", name)
        writer.put("before", before)
        writer.put("after", after)
        writer.put("kept", flag: isKept)
        writer.put("wanted", wanted)
        writer.put("conflict", flag: isConflict)
        return writer.document
    }

    fileprivate init(document: Value) throws(Problem) {
        let keys: Set<String> = ["name", "before", "after", "kept", "wanted", "conflict"]
        let reader = try DocumentReader(document, "a property's change", keys: keys)
        self.init(name: try reader.text("name"), before: reader.optional("before"), after: reader.optional("after"))
        isKept = try reader.boolean("kept")
        wanted = reader.optional("wanted")
        isConflict = try reader.boolean("conflict")
    }
}

extension Resolution {
    /// The resolution as a document: `"all"`, or a list of `{"entity"}` and `{"entity", "property"}`.
    public var document: Value {
        if takesAll { return "all" }
        let reads = entities.map(Read.entity) + properties.map(Read.property)
        return .list(reads.sorted().map(\.document))
    }

    /// Reads a resolution's document.
    ///
    /// - Throws: `floria.malformed-document`, `floria.malformed-id`.
    public init(document: Value) throws(Problem) {
        self.init()
        if document == "all" {
            takesAll = true
            return
        }
        guard let items = document.list else {
            throw DocumentReader.malformed("what is taken is neither ‘all’ nor a list", hint: "list entities and properties")
        }
        for item in items {
            switch try Read(document: item) {
            case .entity(let id): entities.insert(id)
            case .property(let reference): properties.insert(reference)
            case .contained, .outgoing, .incoming:
                throw DocumentReader.malformed("only entities and properties can be taken")
            }
        }
    }
}
