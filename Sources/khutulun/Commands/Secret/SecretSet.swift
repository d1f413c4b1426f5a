// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct SecretSet: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Make a secret, or give it a new value.",
        discussion: """
            The value is asked for, or read from the standard input without the end of its last line, or is all of a file. It is never an
            argument, which others could see.

            """
                + examples(
                    "secret set shop/password", "secret set shop/password --file password.txt",
                    "pwgen 32 1 | khutulun secret set token"))

    @Argument(help: "The secret: SERVICE/NAME for one service, NAME for all.")
    var secret: SecretArgument

    @Option(help: ArgumentHelp("The file that holds the value.", valueName: "file"), completion: .file())
    var file: String?

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let name = secret.name
        let version = try await client.setSecret(name, to: try content())
        screen.show(["name": .text(name.description), "version": .integer(version)]) { _ in
            "\(name) has version \(version)\n"
        }
    }

    private func content() throws(Problems) -> [UInt8] {
        if let file { return try Files.read(file) }
        if Terminal.canAsk {
            guard let text = Terminal.askSecretly("The value of \(secret.name): "), !text.isEmpty else { throw none }
            guard text == Terminal.askSecretly("The same again: ") else {
                throw Problems([Problem("command.refused", "the two values differ; nothing was changed")])
            }
            return Array(text.utf8)
        }
        var content = try Files.read("-")
        if content.last == UInt8(ascii: "\n") { content.removeLast() }
        if content.isEmpty { throw none }
        return content
    }

    private var none: Problems {
        Problems([
            Problem(
                "command.refused", "no value was given for ‘\(secret.name)’; nothing was changed",
                hint: "write it to the standard input; an empty one is given with ‘--file /dev/null’")
        ])
    }
}
