// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct NodeList: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the nodes of services.",
        discussion: examples("node list", "node list --service shop --format json"))

    @Option(help: ArgumentHelp("Only those of this service.", valueName: "name"))
    var service: String?

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let nodes = try await source.client().nodes(of: service)
        screen.show(.list(nodes)) { palette in NodeTable.text(nodes, palette) }
    }
}

/// Nodes for people.
enum NodeTable {
    /// A line for each node.
    static func text(_ nodes: [Value], _ palette: Palette, indent: Int = 0) -> String {
        var table = TextTable("NODE", "TYPE", "STATE", "HOST", "PID", "PORTS")
        for node in nodes {
            table.add(
                .init(node.words("node")), .init(node.words("type")), .state(node.words("state")), .init(node.words("host")),
                .init(node.words("pid")), .init(ports(node)))
        }
        return table.text(palette, indent: indent)
    }

    /// The ports by the names of their capabilities: `http:8080/tcp`.
    private static func ports(_ node: Value) -> String {
        (node["ports"]?.list ?? []).map { port in
            let transport = port.words("protocol")
            return port.words("capability") + ":" + port.words("port") + (transport.isEmpty ? "" : "/" + transport)
        }.joined(separator: ", ")
    }
}
