// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct SecretRemove: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a secret with all its versions.",
        discussion: examples("secret remove shop/password"))

    @Argument(help: "The secret.")
    var secret: SecretArgument

    @Flag(help: "Also if something uses it, which then fails at its next start.")
    var force = false

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let name = secret.name
        try await client.removeSecret(name, isForced: force)
        screen.show(["name": .text(name.description)]) { _ in "\(name) is removed\n" }
    }
}
