// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Merges what a design wants of one entity with what the entity has become since the design made it.
struct EntityMerge {
    /// The entity as it is to be.
    private(set) var result: Entity
    /// Whether that differs from what is in nothing that counts.
    private(set) var isSame = true
    /// The properties whose value was changed by hand, where the design wants another.
    private(set) var keptProperties: [ChangeSet.PropertyChange] = []

    var hasKept: Bool { !keptProperties.isEmpty }

    init(made: Entity?, wanted: Entity, present: Entity) {
        result = wanted
        result.header = present.header
        result.header.metadata = wanted.header.metadata
        for name in Set(wanted.properties.keys).union(present.properties.keys) {
            result.properties[name] = merge(
                name, made: made?.properties[name], wanted: wanted.properties[name], present: present.properties[name])
        }
        let designed = Set((made?.handlers ?? []) + wanted.handlers)
        result.handlers += present.handlers.filter { !designed.contains($0) }
        if result.handlers != present.handlers || result.classes != present.classes { isSame = false }
        if wanted.header.metadata != present.header.metadata || wanted.relations != present.relations { isSame = false }
    }

    private mutating func merge(_ name: String, made: Property?, wanted: Property?, present: Property?) -> Property? {
        guard var property = wanted else {
            if made != nil { isSame = false }
            return made == nil ? present : nil
        }
        guard let present else {
            isSame = false
            return property
        }
        let isSameDefinition = property.definition == present.definition
        if !isSameDefinition { isSame = false }
        if property.value == present.value {
            if property.status.name != present.status.name || property.reads != present.reads { isSame = false }
            property.provenance = present.provenance
        } else if isSetByRunning(present, property, made) {
            property.takeValue(of: present)
        } else if present.provenance?.author == .person && present.value != made?.value {
            keptProperties.append(
                ChangeSet.PropertyChange(name: name, before: present.value, after: present.value, wanted: property.value))
            property.takeValue(of: present)
        } else if property.value == nil, property.updater != nil, present.value != nil {
            // It cannot be computed yet: the last good value stays.
            if isSameDefinition { property.takeValue(of: present) } else { property.takeLastValue(of: present) }
        } else if !property.isAttribute {
            isSame = false
        }
        return property
    }

    /// Whether the present value is one that the running system has given it, which a design doesn't take back.
    private func isSetByRunning(_ present: Property, _ wanted: Property, _ made: Property?) -> Bool {
        guard present.value != nil else { return false }
        switch present.provenance?.author {
        case .operation, .plugin: return true
        case .person, .design, nil: return wanted.isAttribute && wanted.value == made?.value
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
    fileprivate var isAttribute: Bool { metadata["kind"]?.text == "attribute" }

    fileprivate mutating func takeLastValue(of other: Property) {
        value = other.value
        provenance = other.provenance
    }

    fileprivate mutating func takeValue(of other: Property) {
        value = other.value
        status = other.status
        reads = other.reads
        provenance = other.provenance
    }
}

extension Entity {
    /// What it is connected to.
    fileprivate var relations: [ID?] {
        switch self {
        case .vertex(let vertex): [vertex.container]
        case .edge(let edge): [edge.source, edge.target]
        default: []
        }
    }
}
