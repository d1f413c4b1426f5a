// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// The rules that entities keep by themselves: kinds of identifiers, names, literal metadata, limits.
struct EntityCheck {
    /// What was found.
    private(set) var problems: [Problem] = []
    /// The classes that are named, each with one of the entities that name it.
    private(set) var classes: [ID: ID] = [:]
    /// The definitions that were looked at, with their measures: instances of one template share them.
    private var definitions: [Property.Definition: ValueMeasure] = [:]

    /// Checks an entity.
    mutating func check(_ entity: Entity) {
        let id = entity.id
        if id.kind != entity.kind {
            report("‘\(id)’ is a \(entity.kind.label) with an identifier of the kind \(id.kind.label)", id)
        }
        do { try id.check() } catch { problems.append(StoreProblem.invalid(error.message, id, hint: error.hint)) }
        for (reference, kind, role) in entity.references { require(reference, kind, role, of: id) }
        var measure = entity.ownMeasure
        checkProperties(of: entity, &measure)
        checkHandlers(of: entity)
        if let complaint = measure.complaint { report("‘\(id)’ \(complaint)", id) }
    }

    private mutating func report(_ message: String, _ id: ID) { problems.append(StoreProblem.invalid(message, id)) }

    private mutating func require(_ reference: ID, _ kind: EntityKind, _ role: String, of id: ID) {
        guard reference.kind == kind else {
            report("\(role) of ‘\(id)’ is ‘\(reference)’, a \(reference.kind.label), and must be a \(kind.label)", id)
            return
        }
        if kind == .class {
            if classes.updateValue(id, forKey: reference) != nil { return }
        }
        do { try reference.check() } catch { report("\(role) of ‘\(id)’ has no valid identifier: \(error.message)", id) }
    }

    private mutating func checkProperties(of entity: Entity, _ measure: inout ValueMeasure) {
        let id = entity.id
        if !measure.isTooDeep, !Value.map(entity.header.metadata).isLiteral {
            report("the metadata of ‘\(id)’ holds a call", id)
        }
        for (name, property) in entity.properties {
            if name.isEmpty { report("a property of ‘\(id)’ has no name", id) }
            measure.add(name)
            measure.add(property.value)
            for read in property.reads
            where read.entity.kind != .vertex && read.entity.kind != .edge || read.property?.name.isEmpty == true {
                report("the property ‘\(name)’ of ‘\(id)’ reads ‘\(read)’, which is no property of a vertex or an edge", id)
            }
            if let known = definitions[property.definition] {
                measure.add(known)
                continue
            }
            let own = ValueMeasure(property.definition)
            definitions[property.definition] = own
            measure.add(own)
            if !own.isTooDeep, !Value.map(property.metadata).isLiteral {
                report("the metadata of the property ‘\(name)’ of ‘\(id)’ holds a call", id)
            }
            for reference in property.classes { require(reference, .class, "a class of the property ‘\(name)’", of: id) }
        }
    }

    private mutating func checkHandlers(of entity: Entity) {
        let id = entity.id
        let handlers = entity.handlers
        guard !handlers.isEmpty else { return }
        if Set(handlers.map(\.name)).count < handlers.count { report("two handlers of ‘\(id)’ have the same name", id) }
        for handler in handlers where handler.name.isEmpty || handler.event.isEmpty {
            report("a handler of ‘\(id)’ has no \(handler.name.isEmpty ? "name" : "type of event")", id)
        }
    }
}

extension Entity {
    /// The entities that it refers to, each with the kind that it must be of, and its part in the entity. The classes of
    /// properties are not among them.
    var references: [(id: ID, kind: EntityKind, role: String)] {
        var references: [(id: ID, kind: EntityKind, role: String)] = classes.map { ($0, .class, "a class") }
        func add(_ id: ID?, _ kind: EntityKind, _ role: String) {
            if let id { references.append((id, kind, role)) }
        }
        switch self {
        case .plugin: break
        case .class(let value): add(value.parent, .class, "the parent")
        case .vertexTemplate(let value):
            for id in value.contained { add(id, .vertexTemplate, "what is contained") }
            for id in value.edges { add(id, .edgeTemplate, "an edge") }
            for alternative in value.alternatives ?? [] { add(alternative.template, .vertexTemplate, "an alternative") }
        case .edgeTemplate(let value):
            add(value.target.template, .vertexTemplate, "the target's template")
            add(value.target.targetClass, .class, "the target's class")
            add(value.target.containerClass, .class, "the class of the target's container")
        case .vertex(let value):
            add(value.container, .vertex, "the container")
            add(value.origin, .vertexTemplate, "the origin")
        case .edge(let value):
            add(value.source, .vertex, "the source")
            add(value.target, .vertex, "the target")
            add(value.origin, .edgeTemplate, "the origin")
        }
        return references
    }

    /// How large and deep it is, apart from its properties.
    fileprivate var ownMeasure: ValueMeasure {
        var measure = ValueMeasure()
        measure.add(header.metadata)
        for handler in handlers { measure.add(handler.call) }
        switch self {
        case .plugin(let value):
            measure.add(value.description)
            measure.add(value.grants)
        case .vertexTemplate(let value):
            measure.add(value.count)
            for alternative in value.alternatives ?? [] { measure.add(alternative.condition) }
            for handler in value.instantiationHandlers { measure.add(handler.call) }
        case .edgeTemplate(let value):
            let target = value.target
            for part in [value.count, target.finder, target.index, target.filter] { measure.add(part) }
            for handler in value.instantiationHandlers { measure.add(handler.call) }
        case .class, .vertex, .edge: break
        }
        return measure
    }
}

extension ValueMeasure {
    fileprivate init(_ definition: Property.Definition) {
        add(definition.updater)
        add(definition.ownUpdater)
        add(definition.preparer)
        add(definition.metadata)
    }
}
