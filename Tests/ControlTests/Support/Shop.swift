// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Support

/// A service in a store, with two nodes, an edge, a ledger, a plugin and a reserved port.
struct Shop: Sendable {
    let store = MemoryStore(now: { 1000 })
    let conductor = RecordingConductor()
    let workloads = CannedWorkloads()
    let folder: TemporaryFolder
    let backend: ControlBackend

    static let web = ID.vertex(Directory(["shop"]), "web-0")
    static let database = ID.vertex(Directory(["shop"]), "database")

    init(letters: (any LettersBackend)? = nil) async throws {
        folder = try TemporaryFolder()
        backend = ControlBackend(
            agent: AgentDescription(version: "1.2.3", host: "here", data: "/data", pid: 42),
            graph: StoreBackend(store: store, functions: Functions([:]), now: { 5000 }),
            artifacts: try ArtifactStore(folder: "\(folder.path)/artifacts", sizeLimit: 4 << 20), conductor: conductor,
            workloads: workloads, letters: letters)
        var transaction = Transaction()
        transaction.puts = Shop.types + Shop.graph + [Shop.plugin, Shop.reservation]
        transaction.records = Shop.records
        transaction.provenance = Provenance(.design, "shop", time: 1000)
        try await store.commit(transaction)
    }

    private static let types: [Entity] = ["Root", "Web"].map { name in
        let handlers =
            name == "Web"
            ? [Handler(event: "exited", call: Call(FunctionName(plugin: "process", name: "exited")), name: "process")] : []
        return .class(Class(EntityHeader(ID(.class, Directory(["types", "local"]), name)), handlers: handlers))
    }

    private static var graph: [Entity] {
        let directory = Directory(["shop"])
        var root = Vertex(EntityHeader(.vertex(.root, "shop"), metadata: ValueMap([("kind", "service")])))
        root.properties["input.greeting"] = Property(value: "hello")
        root.properties["output.url"] = Property(value: "http://127.0.0.1:8080/")
        root.properties["output.later"] = pending("it is known when it runs")
        var web = vertex("web-0", kind: "node", in: root.header.id)
        web.classes = ["Web", "Root"].map { ID(.class, Directory(["types", "local"]), $0) }
        web.properties["state"] = Property(value: "started")
        web.properties["host"] = Property(value: "here")
        web.properties["pid"] = Property(value: 77)
        var port = vertex("web-0.capability.endpoint", kind: "capability", in: web.header.id)
        port.header.metadata["name"] = "endpoint"
        port.properties["port"] = Property(value: 8080)
        port.properties["protocol"] = Property(value: "tcp")
        var interface = vertex("web-0.interface.maintenance", kind: "interface", in: web.header.id)
        interface.header.metadata["name"] = "maintenance"
        let script = Call(FunctionName(plugin: "khutulun", name: "script"), ["abc", "backup.sh"])
        interface.handlers = [Handler(event: "backup", call: script, name: "backup")]
        let database = vertex("database", kind: "node", in: root.header.id)
        let edge = Edge(
            EntityHeader(ID(.edge, directory, "web-0.database-0")), name: "database", source: web.header.id,
            target: database.header.id)
        return [.vertex(root), .vertex(web), .vertex(port), .vertex(interface), .vertex(database), .edge(edge)]
    }

    private static func vertex(_ name: String, kind: String, in container: ID) -> Vertex {
        Vertex(
            EntityHeader(.vertex(Directory(["shop"]), name), metadata: ValueMap([("kind", .text(kind))])),
            container: container)
    }

    private static func pending(_ reason: String) -> Property {
        var property = Property()
        property.status = .pending(Problem("tosca.not-yet", reason))
        return property
    }

    private static let plugin = Entity.plugin(
        Plugin(
            EntityHeader(ID(.plugin, Directory(["plugins"]), "process")), digest: "d1",
            description: ["name": "process", "functions": ["exited": ["description": "…"]]], grants: [:]))

    private static let reservation = Entity.vertex(
        Vertex(
            EntityHeader(
                .vertex(Directory(["hosts", "here", "ports"]), "tcp-8080"),
                metadata: ValueMap([
                    ("kind", "reservation"), ("host", "here"), ("protocol", "tcp"), ("address", "127.0.0.1"),
                    ("port", 8080), ("node", "vertex:shop/web-0"), ("capability", "vertex:shop/web-0.capability.endpoint"),
                    ("since", 900),
                ]))))

    private static let records = [
        Record(
            "services", "shop",
            [
                "name": "shop", "state": "failed", "deployment": "d2", "updated": 1234,
                "problems": [Problem("operation.failed", "no").value],
            ]),
        row("1", "done", operation: "lifecycle.create", deployment: "d2"),
        row("2", "failed", operation: "lifecycle.start", deployment: "d2"),
        row("3", "planned", operation: "lifecycle.check", deployment: "d2", waitsFor: ["2"]),
        row("0", "failed", operation: "lifecycle.start", deployment: "d1"),
    ]

    private static func row(
        _ id: String, _ state: String, operation: String, deployment: String, waitsFor: [Value] = []
    ) -> Record {
        var row: Value = [
            "id": .text(id), "service": "shop", "node": "shop/web-0", "subject": "vertex:shop/web-0",
            "operation": .text(operation), "state": .text(state), "host": "here", "attempt": 1,
            "planned": .integer(1000 + (Int(id) ?? 0)), "deployment": .text(deployment),
        ]
        if state == "failed" {
            let cause = Problem("process.not-found", "there is no such program")
            row["problem"] = Problem("operation.failed", "it failed on ‘here’", causes: [cause]).value
        }
        if !waitsFor.isEmpty { row["waits-for"] = .list(waitsFor) }
        return Record("operations", "shop/\(id)", row)
    }
}
