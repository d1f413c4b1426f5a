// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct NodeRestart: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Stop and start a node's workload.", discussion: examples("node restart shop/web-0"))

    @Argument(help: "The node, SERVICE/NAME.")
    var node: NodeName

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let operation = try await client.restart(node.id)
        screen.show(["operation": .text(operation)]) { _ in
            "\(node.id) restarts; ‘khutulun operation show \(operation)’ shows how it goes\n"
        }
    }
}
