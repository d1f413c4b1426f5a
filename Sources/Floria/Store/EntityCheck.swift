// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// The rules that an entity keeps by itself: kinds of identifiers, names, literal metadata.
enum EntityCheck {
    static func problems(of entity: Entity) -> [Problem] {
        var problems: [Problem] = []
        func report(_ message: String) { problems.append(StoreProblem.invalid(message, entity.id)) }
        func require(_ id: ID?, _ kind: EntityKind, _ role: String) {
            guard let id, id.kind != kind else { return }
            report("\(role) of ‘\(entity.id)’ is ‘\(id)’, a \(id.kind.label), and must be a \(kind.label)")
        }
        if entity.id.kind != entity.kind {
            report("‘\(entity.id)’ is a \(entity.kind.label) with an identifier of the kind \(entity.id.kind.label)")
        }
        do { try entity.id.check() } catch { problems.append(StoreProblem.invalid(error.message, entity.id, hint: error.hint)) }
        if !Value.map(entity.header.metadata).isLiteral { report("the metadata of ‘\(entity.id)’ holds a call") }
        switch entity {
        case .plugin: break
        case .class(let value): require(value.parent, .class, "the parent")
        case .vertexTemplate(let value):
            for id in value.contained { require(id, .vertexTemplate, "what is contained") }
            for id in value.edges { require(id, .edgeTemplate, "an edge") }
        case .edgeTemplate(let value):
            require(value.target.template, .vertexTemplate, "the target's template")
            require(value.target.targetClass, .class, "the target's class")
            require(value.target.containerClass, .class, "the class of the target's container")
        case .vertex(let value):
            require(value.container, .vertex, "the container")
            require(value.origin, .vertexTemplate, "the origin")
        case .edge(let value):
            require(value.source, .vertex, "the source")
            require(value.target, .vertex, "the target")
            require(value.origin, .edgeTemplate, "the origin")
        }
        for id in entity.classes { require(id, .class, "a class") }
        for (name, property) in entity.properties {
            if name.isEmpty { report("a property of ‘\(entity.id)’ has no name") }
            if !Value.map(property.metadata).isLiteral {
                report("the metadata of the property ‘\(name)’ of ‘\(entity.id)’ holds a call")
            }
        }
        if Set(entity.handlers.map(\.name)).count < entity.handlers.count {
            report("two handlers of ‘\(entity.id)’ have the same name")
        }
        return problems
    }
}
