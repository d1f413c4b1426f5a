// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct PluginList: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the plugins.", discussion: examples("plugin list"))

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let plugins = try await source.client().plugins()
        screen.show(.list(plugins)) { palette in
            var table = TextTable("PLUGIN", "VERSION", "FUNCTIONS", "HANDLERS", "DIGEST")
            for plugin in plugins {
                let description = plugin["description"] ?? .object([:])
                table.add(
                    .init(description.words("name").isEmpty ? plugin.words("id") : description.words("name")),
                    .init(description.words("version")),
                    .init(description.entries("functions").map(\.name).joined(separator: ", ")),
                    .init(String(description["handlers"]?.list?.count ?? 0)), .init(String(plugin.words("digest").prefix(12))))
            }
            return table.text(palette)
        }
    }
}
