// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct TOSCACommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tosca", abstract: "Check and compile TOSCA designs.",
        subcommands: [TOSCAValidate.self, TOSCACompile.self])
}
