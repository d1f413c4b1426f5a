// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Support

/// Reaches the workloads of this host's nodes through their drivers.
struct HostWorkloads: Sendable {
    let client: APIClient
    let dispatcher: Dispatcher

    /// Runs a command beside a node's workload: `{"status", "output", "error"}`.
    func exec(_ body: Value) async throws(Problem) -> Value {
        try await callDriver("exec", of: try node(body), ["arguments": body["arguments"] ?? []])
    }

    /// The commands that would give the same state: a list of `{"comment", "command"}`.
    func explain(_ body: Value) async throws(Problem) -> Value {
        let node = try node(body)
        let commands = try await callDriver("explain", of: node, [:])["commands"] ?? []
        return .list(try await needs(of: node) + (commands.list ?? []))
    }

    /// What a node needs of other services, each with the command that explains it.
    private func needs(of node: ID) async throws(Problem) -> [Value] {
        let service = node.directory.names.first
        let edges: [Entity]
        do { edges = try await client.entities(.outgoing(from: node)) } catch { throw error.first }
        return edges.compactMap { entity in
            guard case .edge(let edge) = entity, edge.target.directory.names.first != service else { return nil }
            let target = edge.target.description.split(separator: ".capability.").first ?? ""
            return [
                "comment": .text("‘\(edge.name)’ needs ‘\(target)’ of another service"),
                "command": .text("khutulun node explain \(target)"),
            ]
        }
    }

    /// The lines of a log after a position; waits for one if there is none and `follow` is set.
    func logs(_ body: Value) async throws(Problem) -> Value {
        let node = try node(body)
        let path = try await callDriver("logs", of: node, [:])["path"]?.text
        guard let path else {
            throw Problem("log.absent", "‘\(node)’ has no log", at: .entity(node.description, property: nil))
        }
        let page = LogPage(log: path)
        return await page.read(
            after: body["after"]?.integer.map(Int64.init), last: body["lines"]?.integer,
            follow: body["follow"]?.boolean ?? false)
    }

    private func node(_ body: Value) throws(Problem) -> ID {
        guard let text = body["node"]?.text else { throw Problem("bus.malformed", "a message names no node") }
        return try ID(documentText: text)
    }

    /// Calls a function of the plugin that implements the node's life.
    private func callDriver(_ function: String, of node: ID, _ argument: Value) async throws(Problem) -> Value {
        let contained: [Entity]
        do { contained = try await client.entities(.contained(in: node)) } catch { throw error.first }
        for case .vertex(let vertex) in contained where vertex.header.metadata["kind"] == "interface" {
            guard let start = vertex.handlers.first(where: { $0.event == "start" }) else { continue }
            return try await dispatcher.dispatch(
                Invocation(
                    call: Call(FunctionName(plugin: start.call.function.plugin, name: function)), extra: [argument],
                    site: CallSite(entity: node, property: nil), timeLimit: .seconds(60), cause: .evaluation))
        }
        throw Problem(
            "node.no-workload", "‘\(node)’ has no workload", at: .entity(node.description, property: nil),
            hint: "only what has a driver can be reached")
    }
}
