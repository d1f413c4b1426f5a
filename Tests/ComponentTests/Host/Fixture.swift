// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Plugins
import Support

extension TestHost {
    /// Does something with a host and cleans up after it, whatever happens.
    static func with(
        replacing replacements: [String: PluginComponent] = [:], _ body: (TestHost) async throws -> Void
    ) async throws {
        let host = try await TestHost(replacing: replacements)
        defer { host.close() }
        try await body(host)
    }

    static func id(_ name: String) -> ID { .vertex(Directory(["shop"]), name) }

    /// Adds a node of a process with its ports by name.
    @discardableResult
    func add(_ name: String, _ properties: [String: Value], ports: [String: [Int]] = [:]) async throws(Problem) -> ID {
        let id = Self.id(name)
        var node = Vertex(EntityHeader(id, metadata: ValueMap([("kind", "node"), ("name", .text(name))])))
        node.properties = properties.mapValues { Property(value: $0) }
        node.properties["host"] = Property(value: "here")
        var transaction = Transaction()
        let type = ID(.class, Directory(["types", "khutulun.process"]), "Port")
        transaction.puts += [.vertex(node), .class(Class(EntityHeader(type)))]
        for (port, range) in ports {
            let header = EntityHeader(
                Self.id("\(name).capability.\(port)"), metadata: ValueMap([("kind", "capability"), ("name", .text(port))]))
            var capability = Vertex(header, classes: [type], container: id)
            capability.properties["protocol"] = Property(value: "tcp")
            capability.properties["address"] = Property(value: "127.0.0.1")
            if !range.isEmpty { capability.properties["range"] = Property(value: .list(range.map { .integer($0) })) }
            transaction.puts.append(.vertex(capability))
        }
        try await store.commit(transaction)
        return id
    }

    /// Adds an artifact of a type of the core profile to a node.
    func addArtifact(_ name: String, _ type: String, _ properties: [String: Value], to node: ID) async throws(Problem) {
        let header = EntityHeader(
            Self.id("\(node.name).artifact.\(name)"), metadata: ValueMap([("kind", "artifact"), ("name", .text(name))]))
        let classes = [type, "File"].map { ID(.class, Directory(["types", "khutulun.core"]), $0) }
        var artifact = Vertex(header, classes: type == "DebianPackage" ? [classes[0]] : classes, container: node)
        artifact.properties = properties.mapValues { Property(value: $0) }
        try await store.commit { $0.puts = [.vertex(artifact)] + Set(classes).map { .class(Class(EntityHeader($0))) } }
    }

    /// The port of a node's capability.
    func port(_ node: String, _ name: String) async throws(Problem) -> Int? {
        try await value(Self.id("\(node).capability.\(name)"), "port")?.integer
    }

    /// Waits until a process has ended.
    func awaitEnd(of node: ID) async -> Value {
        await processes.wait(["node": .text(node.documentText), "timeout": 5_000])
    }

    /// Hands the event of a process's end to its handler, and gives the events that came of it.
    func deliverExit(of node: ID) async throws(Problem) -> [Value] {
        let status = await awaitEnd(of: node)
        let payload: Value = [
            "run": status["run"] ?? .null, "pid": status["pid"] ?? .null, "code": status["code"] ?? .null,
            "signal": status["signal"] ?? .null,
        ]
        _ = takeEvents()
        let event: Value = ["id": .text("exited:\(status["run"]?.text ?? "")"), "type": "exited", "payload": payload]
        try await call("process:exited", [event], at: node)
        return takeEvents()
    }

    /// Hands an event that the component has made to its handler.
    func deliver(_ event: Value, to function: String, at node: ID) async throws(Problem) {
        try await call(function, [event], at: node)
    }
}

extension MemoryStore {
    func commit(_ change: (inout Transaction) -> Void) async throws(Problem) {
        var transaction = Transaction()
        change(&transaction)
        try await commit(transaction)
    }
}
