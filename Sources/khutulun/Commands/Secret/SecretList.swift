// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct SecretList: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the secrets, without their values.",
        discussion: examples("secret list", "secret list shop"))

    @Argument(help: "The service whose secrets are wanted; otherwise all.")
    var directory: String?

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let directory = try raising { () throws(Problem) in try Directory(parsing: self.directory ?? "") }
        let secrets = try await client.secrets(within: directory)
        screen.show(.list(secrets)) { palette in
            var table = TextTable("SECRET", "VERSION", "KEPT", "KEY", "UPDATED")
            for secret in secrets {
                table.add(
                    .init(secret.words("name")), .init(secret.words("version")),
                    .init(secret.texts("versions").joined(separator: ", ")), .init(secret.words("key")),
                    .init(secret.moment("updated")))
            }
            return table.text(palette)
        }
    }
}
