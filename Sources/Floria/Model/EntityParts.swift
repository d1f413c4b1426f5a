// SPDX-License-Identifier: Apache-2.0 OR MIT

extension Entity {
    /// The kind of entity that it is.
    public var kind: EntityKind {
        switch self {
        case .plugin: .plugin
        case .class: .class
        case .vertexTemplate: .vertexTemplate
        case .edgeTemplate: .edgeTemplate
        case .vertex: .vertex
        case .edge: .edge
        }
    }

    /// Its classes; none if its kind has none.
    public var classes: [ID] {
        switch self {
        case .vertexTemplate(let entity): entity.classes
        case .edgeTemplate(let entity): entity.classes
        case .vertex(let entity): entity.classes
        case .edge(let entity): entity.classes
        case .plugin, .class: []
        }
    }

    /// Its handlers; none if its kind has none. Setting them on a kind that has none does nothing.
    public var handlers: [Handler] {
        get {
            switch self {
            case .class(let entity): entity.handlers
            case .vertexTemplate(let entity): entity.handlers
            case .edgeTemplate(let entity): entity.handlers
            case .vertex(let entity): entity.handlers
            case .edge(let entity): entity.handlers
            case .plugin: []
            }
        }
        set {
            switch self {
            case .class(var entity): entity.handlers = newValue; self = .class(entity)
            case .vertexTemplate(var entity): entity.handlers = newValue; self = .vertexTemplate(entity)
            case .edgeTemplate(var entity): entity.handlers = newValue; self = .edgeTemplate(entity)
            case .vertex(var entity): entity.handlers = newValue; self = .vertex(entity)
            case .edge(var entity): entity.handlers = newValue; self = .edge(entity)
            case .plugin: break
            }
        }
    }

    /// Its properties. Setting them on a kind that has none does nothing.
    public var properties: [String: Property] {
        get {
            switch self {
            case .vertexTemplate(let entity): entity.properties
            case .edgeTemplate(let entity): entity.properties
            case .vertex(let entity): entity.properties
            case .edge(let entity): entity.properties
            case .plugin, .class: [:]
            }
        }
        set {
            switch self {
            case .vertexTemplate(var entity): entity.properties = newValue; self = .vertexTemplate(entity)
            case .edgeTemplate(var entity): entity.properties = newValue; self = .edgeTemplate(entity)
            case .vertex(var entity): entity.properties = newValue; self = .vertex(entity)
            case .edge(var entity): entity.properties = newValue; self = .edge(entity)
            case .plugin, .class: break
            }
        }
    }
}

extension Entity {
    /// The vertexes and edges whose classes and reads stores index.
    package var isInstance: Bool { kind == .vertex || kind == .edge }

    /// What its properties read when they were last evaluated, with their readers.
    package var readings: Set<Reading> {
        guard isInstance else { return [] }
        var readings: Set<Reading> = []
        for (name, property) in properties {
            for read in property.reads { readings.insert(Reading(read: read, reader: PropertyReference(id, name))) }
        }
        return readings
    }
}
