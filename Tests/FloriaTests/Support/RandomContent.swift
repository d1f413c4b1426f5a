// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Random contents of a store that keep all rules, the same for the same seed: two services, things of no service, and what they need.
struct RandomContent {
    private var random: RandomEntities
    private var classes: [ID] = []
    private var templates: [ID] = []
    private var vertexes: [ID] = []
    private(set) var transaction = Transaction()

    init(seed: UInt64) {
        random = RandomEntities(seed: seed)
        for number in 0..<6 { addClass(number) }
        for number in 0..<4 { addTemplate(number) }
        for service in ["shop", "yard"] { addService(service) }
        for number in 0..<3 { add(.vertex(Directory(["other"]), "\(random.name())-\(number)"), in: nil) }
        for (number, kind) in ["a", "a", "b"].enumerated() {
            transaction.records.append(Record(kind, "\(random.name())-\(number)", random.value()))
        }
        for number in 0..<5 {
            transaction.events.append(
                Event(id: "e-\(number)", type: "t", entity: pick(vertexes), payload: random.value(), time: Int64(number)))
        }
    }

    private mutating func pick<Item>(_ items: [Item]) -> Item { items[Int(random.next() % UInt64(items.count))] }

    private mutating func picks<Item: Hashable>(_ items: [Item]) -> [Item] {
        items.isEmpty ? [] : Array(Set((0..<random.next() % 3).map { _ in pick(items) }))
    }

    private mutating func header(_ id: ID) -> EntityHeader {
        var header = EntityHeader(id, metadata: random.metadata(), provenance: random.provenance())
        header.created = Int64(random.next() % 1000) + 1
        header.updated = header.created + Int64(random.next() % 1000)
        return header
    }

    private mutating func properties() -> [String: Property] {
        var properties = random.properties()
        for (name, var property) in properties {
            property.classes = picks(classes)
            property.reads = picks(vertexes).flatMap { [.property(PropertyReference($0, "p")), .contained($0)] }
            properties[name] = property
        }
        return properties
    }

    private mutating func handlers() -> [Handler] {
        var handler = random.handler()
        handler.name += "-1"
        return random.next() % 2 == 0 ? [] : [random.handler(), handler]
    }

    private mutating func addClass(_ number: Int) {
        let id = ID(.class, Directory(["types"]), "\(random.name())-\(number)")
        transaction.puts.append(.class(Class(header(id), parent: picks(classes).first, handlers: handlers())))
        classes.append(id)
    }

    private mutating func addTemplate(_ number: Int) {
        var selector = TargetSelector()
        selector.template = picks(templates).first
        selector.containerClass = picks(classes).first
        selector.filter = random.value()
        let edgeID = ID(.edgeTemplate, Directory(["designs"]), "\(random.name())-\(number)")
        var edge = EdgeTemplate(header(edgeID), classes: picks(classes), instanceName: random.name(), target: selector)
        edge.properties = properties()
        edge.handlers = handlers()
        let id = ID(.vertexTemplate, Directory(["designs"]), "\(random.name())-\(number)")
        var template = VertexTemplate(header(id), classes: picks(classes), instanceName: random.name())
        template.properties = properties()
        template.contained = picks(templates)
        template.edges = [edgeID]
        template.count = random.value()
        transaction.puts += [.edgeTemplate(edge), .vertexTemplate(template)]
        templates.append(id)
    }

    private mutating func addService(_ name: String) {
        let root = ID.vertex(.root, name)
        add(root, in: nil)
        var own = [root]
        for number in 0..<5 {
            let id = ID.vertex(Directory([name] + (number == 4 ? ["sub"] : [])), "\(random.name())-\(number)")
            add(id, in: pick(own))
            own.append(id)
        }
        for number in 0..<4 {
            let id = ID(.edge, Directory([name]), "\(random.name())-\(number)")
            var edge = Edge(header(id), classes: picks(classes), name: random.name(), source: pick(own), target: pick(own))
            edge.properties = properties()
            edge.handlers = handlers()
            edge.index = number
            transaction.puts.append(.edge(edge))
            transaction.baseline.append(.edge(edge))
        }
        transaction.records += [
            Record("services", name, random.value()), Record("operations", "\(name)/1", random.value()),
            Record("waiting", "w-\(name)", ["event": ["entity": .text(own[1].documentText)]]),
        ]
        for target in [EventTarget.entity(own[1]), .directory(Directory([name]))] {
            let timer = EventTimer(name: "t", target: target, type: "t", schedule: .at(5))
            transaction.records.append(Record(timer.key.collection, timer.key.key, timer.document))
        }
    }

    private mutating func add(_ id: ID, in container: ID?) {
        var vertex = Vertex(header(id), classes: picks(classes), container: container)
        vertex.origin = picks(templates).first
        vertex.properties = properties()
        vertex.handlers = handlers()
        vertex.index = Int(random.next() % 9)
        transaction.puts.append(.vertex(vertex))
        transaction.baseline.append(.vertex(vertex))
        vertexes.append(id)
    }
}

/// All that a store holds, but for versions, which are every store's own.
struct StoreContent: Sendable, Equatable {
    var entities: [Entity] = []
    var baseline: [Entity] = []
    var records: [Record] = []
    var events: [Event] = []

    init(_ store: any Store) async throws(Problem) {
        self = try await store.read { snapshot throws(Problem) in try StoreContent(snapshot) }
    }

    private init(_ snapshot: any Snapshot) throws(Problem) {
        for kind in EntityKind.allCases {
            try snapshot.visit(.directory(kind, .root, isDeep: true)) { entity in
                var entity = entity
                entity.header.version = 0
                entities.append(entity)
            }
            try snapshot.visitBaseline(kind, within: .root) { entity in
                var entity = entity
                entity.header.version = 0
                baseline.append(entity)
            }
        }
        for collection in try snapshot.collections() {
            try snapshot.visitRecords(of: collection) { records.append(Record(collection, $0.name.key, $0.value)) }
        }
        events = try snapshot.events(after: 0, limit: .max).map(\.event)
    }
}
