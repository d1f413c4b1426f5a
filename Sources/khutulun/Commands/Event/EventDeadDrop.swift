// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct EventDeadDrop: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Forget one.", discussion: examples("event dead drop here:17.0"))

    @Argument(help: "Its ID.")
    var id: String

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        try await client.dropLetter(id)
        screen.show(["dropped": .text(id)]) { _ in "\(id) is forgotten\n" }
    }
}
