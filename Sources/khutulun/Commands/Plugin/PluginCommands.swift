// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct PluginCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin", abstract: "Look at plugins.",
        subcommands: [PluginList.self, PluginShow.self])
}
