// SPDX-License-Identifier: Apache-2.0 OR MIT
public import EventBus
public import Floria
public import Support

/// Reaches workloads by asking their hosts over the bus.
public struct BusWorkloads: WorkloadsBackend {
    private let bus: any Bus
    private let store: any Store

    /// Makes it; the store tells which host a node is on.
    public init(bus: any Bus, store: any Store) {
        self.bus = bus
        self.store = store
    }

    /// Asks for the log page by page; while nothing new is there, the host keeps the question.
    public func logs(of node: ID, _ request: LogRequest) async throws(Problems) -> APIStream<Value> {
        let host = try await host(of: node)
        let first = try await page(of: node, on: host, after: request.after, lines: request.lines, follow: false)
        return APIStream(first) { page throws(Problem) in
            while true {
                if let line = page.lines.popFirst() { return line }
                if page.isEmpty && !request.isFollowing { return nil }
                do throws(Problems) {
                    let after = page.position
                    page = try await self.page(of: node, on: host, after: after, lines: nil, follow: request.isFollowing)
                } catch { throw error.all[0] }
            }
        }
    }

    /// Asks the node's driver to run a command; the answer comes when it has ended.
    public func exec(_ arguments: [String], on node: ID, for caller: Caller) async throws(Problems) -> APIStream<Value> {
        let result = try await ask("exec", node, ["arguments": .list(arguments.map(Value.text))])
        var lines: [Value] = []
        if let output = result["output"]?.text, !output.isEmpty { lines.append(["output": .text(output)]) }
        if let error = result["error"]?.text, !error.isEmpty { lines.append(["error": .text(error)]) }
        lines.append(["status": result["status"] ?? .null])
        return APIStream(lines)
    }

    /// The commands for what was set by hand, and those that the node's driver tells.
    public func explain(_ node: ID) async throws(Problems) -> [Value] {
        let commands = try await ask("explain", node, [:]).list ?? []
        let entity = try await lifting { () async throws(Problem) in
            try await store.read { snapshot throws(Problem) in try snapshot.entity(node) }
        }
        return (entity?.commandsByHand ?? []) + commands
    }

    private func page(
        of node: ID, on host: String, after: UInt64?, lines: Int?, follow: Bool
    ) async throws(Problems) -> LogPage {
        var body: Value = ["node": .text(node.documentText), "follow": .boolean(follow)]
        body["after"] = after.map(Value.number)
        body["lines"] = lines.map { Value.integer($0) }
        let message = Message("logs", body)
        return LogPage(try await lifting { () async throws(Problem) in try await bus.ask(host, message) })
    }

    private func ask(_ subject: String, _ node: ID, _ body: Value) async throws(Problems) -> Value {
        var body = body
        body["node"] = .text(node.documentText)
        let host = try await host(of: node)
        let message = Message(subject, body)
        return try await lifting { () async throws(Problem) in try await bus.ask(host, message) }
    }

    private func host(of node: ID) async throws(Problems) -> String {
        try await lifting { () async throws(Problem) in
            let (entity, outgoing) = try await store.read { snapshot throws(Problem) in
                (try snapshot.entity(node), try snapshot.entities(.outgoing(from: node)))
            }
            guard case .vertex(let vertex)? = entity else {
                throw Problem(
                    "node.not-found", "there is no node ‘\(node)’", hint: "‘khutulun node list’ shows those that are there")
            }
            guard let host = vertex.properties["host"]?.value?.text else {
                let target = outgoing.compactMap(Self.referenced).first
                throw Problem(
                    "node.no-workload", "‘\(node)’ is on no host", at: .entity(node.description, property: nil),
                    hint: target.map { "it stands for ‘\($0)’: ask for that" })
            }
            return host
        }
    }

    /// The node that an edge leads to, if its source stands for that.
    private static func referenced(by edge: Entity) -> ID? {
        guard case .edge(let edge) = edge, edge.header.metadata["kind"] == "reference" else { return nil }
        return edge.target
    }
}

/// A part of a log.
private struct LogPage: Sendable {
    var lines: ArraySlice<Value>
    let isEmpty: Bool
    let position: UInt64

    init(_ document: Value) {
        lines = (document["lines"]?.list ?? [])[...]
        isEmpty = lines.isEmpty
        position = UInt64(document["position"]?.integer ?? 0)
    }
}
