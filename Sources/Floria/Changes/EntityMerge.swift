// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Merges what a design wants of one entity with what the entity has become since the design made it.
struct EntityMerge {
    /// The entity as it is to be.
    private(set) var result: Entity
    /// Whether that differs from what is in nothing that counts.
    private(set) var isSame = true
    /// What is kept though the design wants it otherwise.
    private var kept: [ChangeSet.PropertyChange] = []
    private(set) var relations: [ChangeSet.PropertyChange] = []
    private let present: Entity
    private let graphs: ComparedGraphs

    var hasKept: Bool { !kept.isEmpty || relations.contains(where: \.isKept) }
    var hasConflict: Bool { kept.contains(where: \.isConflict) || relations.contains(where: \.isConflict) }

    /// All properties that change or are kept, in order of name.
    var properties: [ChangeSet.PropertyChange] {
        let names = Set(kept.map(\.name))
        let differences = isSame ? [] : Self.differences(from: present, to: result).filter { !names.contains($0.name) }
        return (differences + kept).sorted { $0.name < $1.name }
    }

    /// - Parameter graphs: The graphs that they are part of.
    init(made: Entity?, wanted: Entity, present: Entity, in graphs: ComparedGraphs) {
        self.present = present
        self.graphs = graphs
        result = wanted
        result.header = present.header
        result.header.metadata = wanted.header.metadata
        let (old, new, current) = (made?.properties, wanted.properties, present.properties)
        var properties = new
        for name in Set(new.keys).union(current.keys) {
            properties[name] = merge(name, made: old?[name], wanted: new[name], present: current[name])
        }
        result.properties = properties
        let designed = Set((made?.handlers ?? []) + wanted.handlers)
        result.handlers += present.handlers.filter { !designed.contains($0) }
        if result.handlers != present.handlers || result.classes != present.classes { isSame = false }
        if wanted.header.metadata != present.header.metadata { isSame = false }
        mergeRelations(made: made?.relations, wanted: wanted.relations)
    }

    private mutating func merge(_ name: String, made: Property?, wanted: Property?, present: Property?) -> Property? {
        guard var property = wanted else { return leave(name, made: made, present: present) }
        guard let present else {
            isSame = false
            return property
        }
        let isSameDefinition = property.definition.designed == present.definition.designed
        if !isSameDefinition { isSame = false }
        if property.ownUpdater != present.ownUpdater {
            mergeUpdater(name, made, &property, present)
        } else if property.value == present.value {
            if property.status.name != present.status.name || property.reads != present.reads { isSame = false }
            property.provenance = present.provenance
        } else if present.isSetByRunning(wanted: property, made: made) {
            property.takeValue(of: present)
        } else if present.isSetByHand(since: made), !takesDesign(name) {
            let isConflict = made.map { property.isDesignedAnew(since: $0) } ?? true
            keep(name, present, wanted: property.value, isConflict: isConflict)
            property.takeValue(of: present)
        } else if property.value == nil, property.updater != nil, present.value != nil {
            // It cannot be computed yet: the last good value stays.
            if isSameDefinition { property.takeValue(of: present) } else { property.takeLastValue(of: present) }
        } else if !property.isAttribute {
            isSame = false
        }
        return property
    }

    /// What becomes of a property that has an updater of its own on one side.
    private mutating func mergeUpdater(_ name: String, _ made: Property?, _ property: inout Property, _ present: Property) {
        if present.isSetByRunning {
            property.takeValue(of: present)
        } else if present.isSetByHand(since: made), !takesDesign(name) {
            // What the design says nothing of is no business of the design.
            if property.currentUpdater != nil || property.value != nil {
                let isConflict = made.map { property.isComputedAnew(since: $0) } ?? true
                keep(name, present, wanted: property.value, isConflict: isConflict)
            }
            property.takeValue(of: present)
        } else {
            isSame = false
        }
    }

    /// What becomes of a property that the design doesn't have: it goes if the design had it, and nobody has set it.
    private mutating func leave(_ name: String, made: Property?, present: Property?) -> Property? {
        guard let present else { return nil }
        guard let made else { return present.provenance?.author == .person && takesDesign(name) ? dropped() : present }
        guard present.isSetByHand(since: made), !takesDesign(name) else { return dropped() }
        keep(name, present, wanted: nil, isConflict: true)
        return present
    }

    private func takesDesign(_ name: String) -> Bool { graphs.takes(name, of: present.id) }

    private mutating func dropped() -> Property? {
        isSame = false
        return nil
    }

    private mutating func keep(_ name: String, _ present: Property, wanted: Value?, isConflict: Bool) {
        var change = ChangeSet.PropertyChange(name: name, before: present.value, after: present.value)
        change.isKept = true
        change.wanted = wanted
        change.isConflict = isConflict
        kept.append(change)
    }

    /// Where it hangs: what was moved by hand stays.
    private mutating func mergeRelations(made: [String: ID]?, wanted: [String: ID]) {
        let current = present.relations
        for name in Set(wanted.keys).union(current.keys).sorted() where wanted[name] != current[name] {
            var change = ChangeSet.PropertyChange(
                name: name, before: current[name].map { .text($0.description) },
                after: wanted[name].map { .text($0.description) })
            let canStay = current[name].map { !graphs.isLeaving($0) } ?? true
            if let made, made[name] != current[name], canStay, !takesDesign(name) {
                change.isKept = true
                change.isConflict = made[name] != wanted[name]
                (change.wanted, change.after) = (change.after, change.before)
                result.setRelation(name, current[name])
            } else {
                isSame = false
            }
            relations.append(change)
        }
    }

    /// The properties whose values differ, by name. Properties without a value on either side are left out.
    static func differences(from before: Entity?, to after: Entity) -> [ChangeSet.PropertyChange] {
        let old = before?.properties ?? [:]
        let new = after.properties
        return Set(old.keys).union(new.keys).sorted().compactMap { name in
            let change = ChangeSet.PropertyChange(name: name, before: old[name]?.value, after: new[name]?.value)
            return change.before == change.after ? nil : change
        }
    }
}

extension Property {
    /// Whether the running system sets it, and not the design.
    var isAttribute: Bool { metadata["kind"]?.text == "attribute" }

    /// Whether the value is one that the running system has given it, which a design doesn't take back.
    fileprivate func isSetByRunning(wanted: Property, made: Property?) -> Bool {
        value != nil && (isSetByRunning || wanted.isAttribute && wanted.value == made?.value)
    }

    /// Whether an operation or a plugin has set it.
    fileprivate var isSetByRunning: Bool { provenance?.author == .operation || provenance?.author == .plugin }

    /// Whether a person has set the value, or the updater, since a design made it.
    func isSetByHand(since made: Property?) -> Bool {
        guard provenance?.author == .person else { return false }
        if let ownUpdater { return ownUpdater != made?.currentUpdater }
        return value != made?.value || made?.ownUpdater != nil
    }

    /// Whether a design wants it otherwise than when it last made it.
    func isDesignedAnew(since made: Property) -> Bool {
        // A value that isn't known yet differs if it is computed otherwise.
        if value == nil || made.value == nil { return updater != made.updater || (updater == nil && value != made.value) }
        return value != made.value
    }

    /// The same of one whose value isn't the design's if it is an attribute: the running system may have set it when the
    /// design last made it.
    fileprivate func isComputedAnew(since made: Property) -> Bool {
        isAttribute ? currentUpdater != made.currentUpdater : isDesignedAnew(since: made)
    }

    fileprivate mutating func takeLastValue(of other: Property) {
        value = other.value
        provenance = other.provenance
    }

    /// Takes the value of another one, with what computes it in the design's place, how it stands and who gave it.
    mutating func takeValue(of other: Property) {
        ownUpdater = other.ownUpdater
        value = other.value
        status = other.status
        reads = other.reads
        provenance = other.provenance
    }
}

extension Entity {
    /// What it is connected to.
    var relations: [String: ID] {
        switch self {
        case .vertex(let vertex): vertex.container.map { ["container": $0] } ?? [:]
        case .edge(let edge): ["source": edge.source, "target": edge.target]
        default: [:]
        }
    }

    fileprivate mutating func setRelation(_ name: String, _ id: ID?) {
        switch self {
        case .vertex(var vertex):
            vertex.container = id
            self = .vertex(vertex)
        case .edge(var edge):
            if let id, name == "source" { edge.source = id }
            if let id, name == "target" { edge.target = id }
            self = .edge(edge)
        default: break
        }
    }

    /// Whether both are the same in all that counts: whoever made them and when.
    func isSame(as other: Entity) -> Bool {
        guard classes == other.classes, header.metadata == other.header.metadata, handlers == other.handlers else {
            return false
        }
        switch (self, other) {
        case (.vertex(let one), .vertex(let two)): if one.container != two.container { return false }
        case (.edge(let one), .edge(let two)): if one.source != two.source || one.target != two.target { return false }
        default: return false
        }
        let (mine, theirs) = (properties, other.properties)
        return mine.count == theirs.count && mine.allSatisfy { name, property in theirs[name].map(property.isSame) ?? false }
    }
}

extension Property {
    fileprivate func isSame(as other: Property) -> Bool {
        definition == other.definition && value == other.value && status.name == other.status.name && reads == other.reads
    }
}
