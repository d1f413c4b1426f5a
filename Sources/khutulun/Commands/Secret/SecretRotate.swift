// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct SecretRotate: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Encrypt all secrets anew with a new key.",
        discussion:
            "Their values stay the same, and everything goes on meanwhile. The old key is removed once nothing uses it.\n\n"
            + examples("secret rotate"))

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let result = try await client.rotateSecrets()
        screen.show(result) { _ in "\(result.words("secrets")) secrets are encrypted with the key \(result.words("key"))\n" }
    }
}
