// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct SecretCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret", abstract: "Keep passwords and keys, encrypted.",
        subcommands: [SecretSet.self, SecretList.self, SecretShow.self, SecretRotate.self, SecretRemove.self])
}
