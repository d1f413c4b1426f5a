// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct NodeExplain: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Print the commands that would give a node the same state by hand.",
        discussion: examples("node explain shop/web-0"))

    @Argument(help: "The node, SERVICE/NAME.")
    var node: NodeName

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let commands = try await client.explain(node.id)
        screen.show(["commands": .list(commands)]) { palette in
            commands.map { entry in
                let comment = entry.words("comment").visible
                return (comment.isEmpty ? "" : palette.paint("# \(comment)", .faint) + "\n") + entry.words("command") + "\n"
            }.joined()
        }
    }
}
