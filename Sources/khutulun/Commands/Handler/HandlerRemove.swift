// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct HandlerRemove: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a handler from a node.",
        discussion: examples("handler remove shop/web-0 again"))

    @Argument(help: "The node, SERVICE/NAME.")
    var node: NodeName

    @Argument(help: "The handler's name.")
    var name: String

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        try await client.removeHandler(name, of: node.id)
        screen.show(["removed": .text(name), "node": .text(node.id.description)]) { _ in "removed \(name) from \(node.id)\n" }
    }
}
