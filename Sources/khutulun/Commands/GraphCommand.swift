// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct GraphCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Show the graph of one service or of all.",
        discussion: examples(
            "graph shop", "graph shop --format dot | dot -Tsvg > shop.svg", "graph shop --format mermaid", "graph --format json"
        ))

    /// How a graph is written.
    enum Format: String, ExpressibleByArgument, CaseIterable { case tree, dot, mermaid, json, yaml, table }

    @Argument(help: "The service; otherwise all.")
    var service: String?

    @Option(help: ArgumentHelp("How to write it: tree, dot, mermaid, json or yaml.", valueName: "format"))
    var format = Format.tree

    @Option(
        help: ArgumentHelp("The agent's socket (otherwise $KHUTULUN_SOCKET, or the usual place).", valueName: "path"),
        completion: .file())
    var socket: String?

    @Flag(help: "Read the agent's store without the agent.")
    var offline = false

    @Option(help: ArgumentHelp("The agent's data folder, for --offline.", valueName: "folder"), completion: .directory)
    var data: String?

    var outputFormat: OutputFormat {
        switch format {
        case .json: .json
        case .yaml: .yaml
        default: .table
        }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let client =
            offline
            ? try OfflineStore.client(data ?? StandardPaths.data)
            : APIClient(HTTPTransport(socket: socket ?? StandardPaths.socket))
        let document = try await client.graph(of: service)
        let graph = GraphPicture(document)
        screen.show(document) { palette in
            switch format {
            case .dot: graph.dot
            case .mermaid: graph.mermaid
            default: graph.tree(palette)
            }
        }
    }
}
