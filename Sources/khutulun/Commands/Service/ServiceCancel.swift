// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct ServiceCancel: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Stop what is under way for a service.",
        discussion: "What was done already stays; deploying again goes on from there.\n\n" + examples("service cancel shop"))

    @Argument(help: "The service.")
    var name: String

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let state = try await client.cancel(name)
        screen.show(["state": .text(state)]) { palette in "\(name) is \(palette.paint(state, Palette.tone(ofState: state)))\n" }
    }
}
