// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct PluginShow: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a plugin: its functions, its handlers and what it may use.",
        discussion: examples("plugin show process"))

    @Argument(help: "The plugin's name.")
    var name: String

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let plugin = try await source.client().plugin(name)
        screen.show(plugin) { _ in YAML.encode(plugin) }
    }
}
