// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct EventDeadRetry: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Deliver one again, to the handler that did not take it.",
        discussion: examples("event dead retry here:17.0"))

    @Argument(help: "Its ID.")
    var id: String

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        try await client.retryLetter(id)
        screen.show(["retried": .text(id)]) { _ in "\(id) is delivered again\n" }
    }
}
