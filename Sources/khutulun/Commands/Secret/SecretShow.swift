// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct SecretShow: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what uses a secret; its value cannot be shown.",
        discussion: examples("secret show shop/password"))

    @Argument(help: "The secret.")
    var secret: SecretArgument

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let secret = try await client.secret(secret.name)
        screen.show(secret) { palette in
            var table = TextTable()
            table.add("secret", .init(secret.words("name")))
            table.add("version", .init(secret.words("version")))
            table.add("updated", .init(secret.moment("updated")))
            for user in secret["used-by"]?.list ?? [] {
                table.add("used by", .init("\(user.words("entity")) \(user.words("property"))"))
            }
            return table.text(palette)
        }
    }
}
