// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Random entities, the same for the same seed.
struct RandomEntities: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    private mutating func chance() -> Bool { next() % 2 == 0 }
    private mutating func count(_ limit: UInt64) -> Int { Int(next() % limit) }
    private mutating func list<Item>(_ limit: UInt64, _ item: (inout Self) -> Item) -> [Item] {
        (0..<count(limit)).map { _ in item(&self) }
    }
    private mutating func maybe<Item>(_ item: (inout Self) -> Item) -> Item? { chance() ? item(&self) : nil }

    mutating func name() -> String {
        let names = ["web", "web-0", "ä b", "a:b", "$x", "x.y", "日本", "'\"\\"]
        return names[count(UInt64(names.count))]
    }

    mutating func id(_ kind: EntityKind) -> ID { ID(kind, Directory(list(3) { $0.name() }), name()) }

    mutating func value(_ depth: Int = 2) -> Value {
        switch count(depth > 0 ? 12 : 8) {
        case 0: .null
        case 1: .integer(Int64(bitPattern: next()))
        case 2: .number(next())
        case 3: .float(Double(bitPattern: next()))
        case 4: .boolean(chance())
        case 5, 6: .text(name())
        case 7: .blob(list(5) { UInt8(truncatingIfNeeded: $0.next()) })
        case 8: .list(list(4) { $0.value(depth - 1) })
        case 9: .map(ValueMap(list(4) { ($0.value(depth - 1), $0.value(depth - 1)) }))
        case 10: .custom(kind: "x:y", value: value(depth - 1))
        default: .call(call(depth - 1))
        }
    }

    mutating func call(_ depth: Int = 1) -> Call {
        let modes = Call.Mode.allCases
        return Call(
            FunctionName(plugin: "p", name: name()), list(3) { $0.value(depth) }, mode: modes[count(UInt64(modes.count))])
    }

    mutating func metadata() -> ValueMap { ValueMap(list(3) { (.text($0.name()), .integer($0.count(9))) }) }

    mutating func problem() -> Problem {
        Problem(
            "a.b", name(), at: .source(location()), causes: chance() ? [] : [Problem("c.d", "e")], hint: maybe { $0.name() })
    }

    mutating func location() -> SourceLocation { SourceLocation(file: name(), row: count(99), column: count(99)) }

    mutating func provenance() -> Provenance {
        let authors = Provenance.Author.allCases
        return Provenance(
            authors[count(UInt64(authors.count))], name(), event: maybe { $0.name() }, time: Int64(count(1 << 40)))
    }

    mutating func property() -> Property {
        var property = Property(
            value: maybe { $0.value() }, updater: maybe { $0.value() }, preparer: maybe { $0.value() }, isReadOnly: chance(),
            metadata: metadata(), classes: list(3) { $0.id(.class) }, provenance: maybe { $0.provenance() })
        let problem = problem()
        property.status = [.unset, .valid, .stale, .pending(problem), .failed(problem)][count(5)]
        property.ownUpdater = maybe { $0.value() }
        property.reads = list(3) { random in
            let id = random.id(.vertex)
            return [
                .property(PropertyReference(id, random.name())), .entity(id), .contained(id), .outgoing(id), .incoming(id),
            ][
                random.count(5)]
        }
        return property
    }

    mutating func properties() -> [String: Property] {
        Dictionary(list(4) { ($0.name(), $0.property()) }) { first, _ in first }
    }

    mutating func handler() -> Handler { Handler(event: name(), call: call(), name: name(), location: maybe { $0.location() }) }

    mutating func instantiationHandler() -> InstantiationHandler {
        InstantiationHandler(chance() ? .before : .after, call(), location: maybe { $0.location() })
    }

    mutating func header(_ kind: EntityKind) -> EntityHeader {
        var header = EntityHeader(id(kind), metadata: metadata(), provenance: maybe { $0.provenance() })
        header.version = chance() ? 0 : next()
        header.created = Int64(count(1 << 40))
        header.updated = Int64(count(1 << 40))
        return header
    }

    mutating func entity() -> Entity {
        switch EntityKind.allCases[count(6)] {
        case .plugin: return .plugin(Plugin(header(.plugin), digest: name(), description: value(), grants: value()))
        case .class: return .class(Class(header(.class), parent: maybe { $0.id(.class) }, handlers: list(3) { $0.handler() }))
        case .vertexTemplate: return .vertexTemplate(vertexTemplate())
        case .edgeTemplate: return .edgeTemplate(edgeTemplate())
        case .vertex:
            var vertex = Vertex(header(.vertex), classes: list(3) { $0.id(.class) }, container: maybe { $0.id(.vertex) })
            vertex.origin = maybe { $0.id(.vertexTemplate) }
            vertex.properties = properties()
            vertex.handlers = list(3) { $0.handler() }
            vertex.index = count(9)
            return .vertex(vertex)
        case .edge:
            var edge = Edge(
                header(.edge), classes: list(3) { $0.id(.class) }, name: name(), source: id(.vertex), target: id(.vertex))
            edge.origin = maybe { $0.id(.edgeTemplate) }
            edge.properties = properties()
            edge.handlers = list(3) { $0.handler() }
            edge.index = count(9)
            return .edge(edge)
        }
    }

    mutating func vertexTemplate() -> VertexTemplate {
        var template = VertexTemplate(
            header(.vertexTemplate), classes: list(3) { $0.id(.class) }, instanceName: name(), opensDirectory: chance())
        template.properties = properties()
        template.handlers = list(3) { $0.handler() }
        template.instantiationHandlers = list(3) { $0.instantiationHandler() }
        template.count = maybe { $0.value() }
        template.contained = list(3) { $0.id(.vertexTemplate) }
        template.edges = list(3) { $0.id(.edgeTemplate) }
        template.alternatives = maybe { $0.list(3) { Alternative($0.id(.vertexTemplate), if: $0.maybe { $0.value() }) } }
        return template
    }

    mutating func edgeTemplate() -> EdgeTemplate {
        var selector = TargetSelector()
        selector.vertex = maybe { $0.id(.vertex) }
        selector.finder = maybe { $0.value() }
        selector.template = maybe { $0.id(.vertexTemplate) }
        selector.targetClass = maybe { $0.id(.class) }
        selector.containerClass = maybe { $0.id(.class) }
        selector.name = maybe { $0.name() }
        selector.index = maybe { $0.value() }
        selector.filter = maybe { $0.value() }
        selector.scopes = list(3) { TargetScope.allCases[$0.count(2)] }
        selector.order = TargetOrder.allCases[count(2)]
        var template = EdgeTemplate(
            header(.edgeTemplate), classes: list(3) { $0.id(.class) }, instanceName: name(), target: selector)
        template.properties = properties()
        template.handlers = list(3) { $0.handler() }
        template.instantiationHandlers = list(3) { $0.instantiationHandler() }
        template.count = maybe { $0.value() }
        template.range = maybe { CountRange($0.count(3), $0.maybe { 3 + $0.count(9) }) }
        template.isOptional = chance()
        return template
    }
}
