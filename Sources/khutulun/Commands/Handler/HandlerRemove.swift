// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct HandlerRemove: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a handler.",
        discussion: examples("handler remove shop/web-0 again"))

    @Argument(help: "What it is attached to: the node, SERVICE/NAME, or as for ‘handler add’.")
    var target: TargetName

    @Argument(help: "The handler's name.")
    var name: String

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        try await client.removeHandler(name, of: target.target)
        screen.show(["removed": .text(name), "target": .text(target.text)]) { _ in "removed \(name) from \(target.text)\n" }
    }
}
