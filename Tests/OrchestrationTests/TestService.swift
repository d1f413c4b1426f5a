// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSecrets
import Orchestration
import Support
import Synchronization

/// A service of two nodes for tests: `front` depends on `store`. Both have the standard lifecycle.
enum TestService {
    static let front = ID.vertex(Directory(["shop"]), "front")
    static let store = ID.vertex(Directory(["shop"]), "store")

    static func design(color: Value = "red", withStore: Bool = true, isCircular: Bool = false) -> Design {
        let root = template("shop", name: "shop", kind: "service", opensDirectory: true)
        var design = Design(
            root: root.header.id, classes: ["Node", "DependsOn", "Lifecycle"].map { Class(EntityHeader(type($0))) })
        var service = root
        var front = node("front", &design)
        front.properties["color"] = Property(value: color, metadata: ValueMap([("kind", "property")]))
        front.properties["result"] = Property(metadata: ValueMap([("kind", "attribute")]))
        service.contained = [front.header.id]
        if withStore {
            var store = node("store", &design)
            service.contained.append(store.header.id)
            front.edges = [dependency("front.store", on: store, &design)]
            if isCircular { store.edges = [dependency("store.front", on: front, &design)] }
            design.vertexTemplates.append(store)
        }
        design.vertexTemplates += [service, front]
        return design
    }

    private static func dependency(_ name: String, on target: VertexTemplate, _ design: inout Design) -> ID {
        var selector = TargetSelector()
        selector.template = target.header.id
        selector.targetClass = type("Node")
        let header = EntityHeader(ID(.edgeTemplate, Directory(["templates", "shop"]), name))
        design.edgeTemplates.append(
            EdgeTemplate(header, classes: [type("DependsOn")], instanceName: target.instanceName, target: selector))
        return header.id
    }

    /// An edge that says that `store` depends on `front`, made by hand.
    static let reverse = Edge(
        EntityHeader(ID(.edge, Directory(["shop"]), "store.front-0")), classes: [type("DependsOn")], name: "front",
        source: store, target: front)

    static func node(_ name: String, _ design: inout Design) -> VertexTemplate {
        var interface = template("\(name).interface.lifecycle", name: "lifecycle", kind: "interface")
        interface.classes = [type("Lifecycle")]
        interface.instanceName = "interface.lifecycle"
        interface.header.metadata["outputs"] = ["start": ["result": ["", "result"]]]
        interface.handlers = ["create", "start", "stop", "delete"].map {
            Handler(event: $0, call: Call(FunctionName(plugin: "test", name: $0)), name: $0)
        }
        design.vertexTemplates.append(interface)
        var node = template(name, name: name, kind: "node")
        node.classes = [type("Node")]
        node.contained = [interface.header.id]
        return node
    }

    static func template(_ id: String, name: String, kind: String, opensDirectory: Bool = false) -> VertexTemplate {
        let metadata = ValueMap([("kind", .text(kind)), ("name", .text(name))])
        let header = EntityHeader(ID(.vertexTemplate, Directory(["templates", "shop"]), id), metadata: metadata)
        return VertexTemplate(header, instanceName: name, opensDirectory: opensDirectory)
    }

    static func type(_ name: String) -> ID { ID(.class, Directory(["types", "khutulun.core"]), name) }
}

/// A stand-in for hosts, so that tests decide how operations end. It notes what it was asked for.
final class ScriptedRunner: OperationRunner {
    private let script: @Sendable (OperationOrder) async throws(Problem) -> ValueMap
    private let orders = Mutex<[String]>([])

    init(_ script: @escaping @Sendable (OperationOrder) async throws(Problem) -> ValueMap = { _ in ValueMap() }) {
        self.script = script
    }

    /// `NODE OPERATION` of every order, in the order of their coming.
    var asked: [String] { orders.withLock { $0 } }

    func run(_ order: OperationOrder, on host: String) async throws(Problem) -> ValueMap {
        orders.withLock { $0.append("\(order.subject.name) \(order.operation)") }
        return try await script(order)
    }

    private let clearings = Mutex<[[ID]]>([])

    /// What was to be cleared away, in the order of the calls.
    var cleared: [[ID]] { clearings.withLock { $0 } }

    func clear(_ vertexes: [ID], on host: String) async throws(Problem) { clearings.withLock { $0.append(vertexes) } }
}

/// An orchestrator over a store, running.
struct Stage {
    let orchestrator: Orchestrator
    let store: any Store

    /// Runs `body` while an orchestrator runs.
    static func run(
        on store: any Store, _ runner: some OperationRunner, now: @escaping @Sendable () -> Int64 = TestClock.shared.now,
        _ body: @Sendable (Stage) async throws -> Void
    ) async throws {
        let orchestrator = Orchestrator(
            store: store, secrets: secrets(of: store), functions: Functions([:]), runner: runner, host: { "here" },
            failpoint: .none, now: now)
        try await orchestrator.recover()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await orchestrator.run { _ in } }
            try await body(Stage(orchestrator: orchestrator, store: store))
            group.cancelAll()
        }
    }

    /// The secrets of a store. There is no folder for their keys, so that none can be made.
    static func secrets(of store: any Store) -> Secrets {
        Secrets(store: store, keys: SecretKeys(folder: "/nonexistent/keys"), now: TestClock.shared.now)
    }

    /// Plans and applies a design, and waits for the end of the deployment.
    func deploy(_ design: Design, as service: String = "shop") async throws -> ServiceRecord {
        let plan = try await orchestrator.plan(service: service, design: design, inputs: [:])
        _ = try await orchestrator.apply(plan: plan.id)
        return try await settled(service)
    }

    func delete(_ service: String = "shop") async throws {
        let plan = try await orchestrator.planDeletion(of: service)
        _ = try await orchestrator.apply(plan: plan.id)
        for await _ in store.positions() where try await record(service) == nil { return }
    }

    /// Waits until no deployment is under way.
    func settled(_ service: String = "shop") async throws -> ServiceRecord {
        for await _ in store.positions() {
            if let record = try await record(service), !record.isBusy { return record }
        }
        throw Problem("test.ended", "the store has ended")
    }

    /// Waits until nothing more happens to an operation by itself.
    func ended(_ operation: String) async throws -> OperationRecord {
        for await _ in store.positions() {
            if let row = try await rows().first(where: { $0.id == operation }), row.state.isFinal { return row }
        }
        throw Problem("test.ended", "the store has ended")
    }

    func record(_ service: String = "shop") async throws -> ServiceRecord? {
        try await store.read { snapshot throws(Problem) in
            try snapshot.record(ServiceRecord.collection, service).map { record throws(Problem) in
                try ServiceRecord(record: record)
            }
        }
    }

    func rows() async throws -> [OperationRecord] {
        try await store.read { snapshot throws(Problem) in
            try snapshot.records(OperationRecord.collection, prefix: "shop/", after: nil, limit: .max).map {
                record throws(Problem) in try OperationRecord(document: record.value)
            }
        }
    }

    func graph(_ service: String = "shop") async throws -> Graph {
        try await store.read { snapshot throws(Problem) in try Graph(service: service, in: snapshot) }
    }
}

/// A clock that goes on by one millisecond whenever it is read, or by a step that it is given.
final class TestClock: Sendable {
    static let shared = TestClock()
    private let time: Mutex<Int64>
    private let step: Int64

    init(_ time: Int64 = 1_700_000_000_000, step: Int64 = 1) {
        self.time = Mutex(time)
        self.step = step
    }

    var now: @Sendable () -> Int64 {
        {
            self.time.withLock {
                $0 += self.step
                return $0
            }
        }
    }
}
