// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// A change set as it is shown: what happens to which entity, and to which of its properties; with the values, but for those
/// that are sensitive or not known yet.
public struct ChangeDiff: Sendable, Hashable {
    /// One entity.
    public struct Entry: Sendable, Hashable {
        /// What happens to it.
        public var category: ChangeSet.Category
        /// Directory and name of its ID.
        public var entity: String
        /// What kind of thing it is: the design's word for it, or the kind of its ID.
        public var kind: String
        /// Its first class.
        public var type: String?
        /// Whether it was removed by hand, and isn't made again.
        public var isRemoved: Bool
        /// The properties that change or are kept, and those whose values are known only when the change is applied.
        public var properties: [Row]
        /// Where it hangs, if that changes or is kept.
        public var relations: [Row]
    }

    /// One property.
    public struct Row: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its value as it is; nil if it has none.
        public var before: Value?
        /// Its value as it will be; nil if it will have none or if that isn't known.
        public var after: Value?
        /// Why its value isn't known before the change is applied; nil if it is known.
        public var unknown: String?
        /// Whether it was set by hand and stays. If its updater was set, the value may change nevertheless.
        public var isKept: Bool
        /// The updater that was set by hand, if that is what is kept.
        public var expression: Value?
        /// What the design wants instead, if it is kept.
        public var wanted: Value?
        /// Whether the design has changed it too.
        public var isConflict: Bool
        /// Whether the values are not to be seen: they are the text `(sensitive)`.
        public var isSensitive: Bool
    }

    /// The entities, in the order of the change set.
    public var entries: [Entry]

    /// Shows a change set.
    public init(_ changes: ChangeSet) { entries = changes.changes.map(Entry.init) }
}

extension ChangeDiff.Entry {
    fileprivate init(_ change: ChangeSet.Change) {
        let entity = change.after ?? change.before
        category = change.category
        self.entity = change.id.description
        kind = entity?.header.metadata["kind"]?.text ?? change.id.kind.rawValue
        type = entity?.classes.first?.name
        isRemoved = change.before == nil && change.after == nil
        let (old, new) = (change.before?.properties ?? [:], change.after?.properties ?? [:])
        var rows = change.properties.map { ChangeDiff.Row($0, new[$0.name] ?? old[$0.name]) }
        if change.isEffective {
            let shown = Set(rows.map(\.name))
            for (name, property) in new where !shown.contains(name) {
                guard case .pending = property.status else { continue }
                rows.append(ChangeDiff.Row(.init(name: name, before: old[name]?.value, after: property.value), property))
            }
        }
        properties = rows.sorted { $0.name < $1.name }
        relations = change.relations.map { ChangeDiff.Row($0, nil) }
        // Where an edge leads is its business, but that it leads to another service is everybody's.
        if change.before == nil, case .edge(let edge)? = change.after, edge.leadsOutside {
            let target = ChangeSet.PropertyChange(name: "target", before: nil, after: .text(edge.target.description))
            relations.append(ChangeDiff.Row(target, nil))
        }
    }
}

extension Edge {
    /// Whether it leads to another service.
    fileprivate var leadsOutside: Bool {
        header.id.directory.names.first.map { !target.isPart(ofService: $0) } ?? false
    }
}

extension ChangeDiff.Row {
    fileprivate init(_ change: ChangeSet.PropertyChange, _ property: Property?) {
        name = change.name
        isKept = change.isKept
        isConflict = change.isConflict
        isSensitive = property?.isSensitive == true
        let mask: Value? = isSensitive ? "(sensitive)" : nil
        before = change.before.map { mask ?? $0 }
        after = change.after.map { mask ?? $0 }
        wanted = change.wanted.map { mask ?? $0 }
        expression = isKept && !isSensitive ? property?.ownUpdater : nil
        if !isKept, case .pending(let problem)? = property?.status {
            unknown = problem.message
            after = nil
        }
    }
}

// MARK: Documents

extension ChangeDiff {
    /// The diff as a document: `[{"category", "entity", "kind", "type", "removed", "properties": [{"name", "before", "after",
    /// "atApply", "kept", "expression", "wanted", "conflict", "sensitive"}], "relations"}]`, with relations as properties.
    public var document: Value { .list(entries.map(\.document)) }

    /// Reads a diff's document. Keys that it doesn't know, and categories, are left out.
    public init(document: Value) { entries = (document.list ?? []).compactMap(Entry.init(document:)) }
}

extension ChangeDiff.Entry {
    fileprivate var document: Value {
        var writer = DocumentWriter()
        writer.put("category", category.rawValue)
        writer.put("entity", entity)
        writer.put("kind", kind)
        writer.put("type", type)
        writer.put("removed", flag: isRemoved)
        writer.put("properties", list: properties.map(\.document))
        writer.put("relations", list: relations.map(\.document))
        return writer.document
    }

    fileprivate init?(document: Value) {
        guard let category = document["category"]?.text.flatMap(ChangeSet.Category.init(rawValue:)) else { return nil }
        self.category = category
        entity = document["entity"]?.text ?? ""
        kind = document["kind"]?.text ?? ""
        type = document["type"]?.text
        isRemoved = document["removed"] == true
        properties = (document["properties"]?.list ?? []).compactMap(ChangeDiff.Row.init(document:))
        relations = (document["relations"]?.list ?? []).compactMap(ChangeDiff.Row.init(document:))
    }
}

extension ChangeDiff.Row {
    fileprivate var document: Value {
        var writer = DocumentWriter()
        writer.put("name", name)
        writer.put("before", before)
        writer.put("after", after)
        writer.put("atApply", unknown)
        writer.put("kept", flag: isKept)
        writer.put("expression", expression)
        writer.put("wanted", wanted)
        writer.put("conflict", flag: isConflict)
        writer.put("sensitive", flag: isSensitive)
        return writer.document
    }

    fileprivate init?(document: Value) {
        guard let name = document["name"]?.text else { return nil }
        self.name = name
        before = document["before"]
        after = document["after"]
        unknown = document["atApply"]?.text
        isKept = document["kept"] == true
        expression = document["expression"]
        wanted = document["wanted"]
        isConflict = document["conflict"] == true
        isSensitive = document["sensitive"] == true
    }
}
