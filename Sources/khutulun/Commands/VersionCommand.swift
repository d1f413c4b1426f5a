// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct VersionCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Show the version of this program and of the agent.",
        discussion: examples("version", "version --client"))

    @OptionGroup var agent: AgentOptions

    @Flag(help: "Only this program's version: don't ask the agent.")
    var client = false

    func perform(_ screen: Screen) async throws(Problems) {
        var document: Value = ["client": .text(Khutulun.version)]
        if !client { document["agent"] = try await agent.client.version() }
        screen.show(document) { palette in
            var table = TextTable()
            table.add("khutulun", TextTable.Cell(Khutulun.version))
            for (name, value) in document.entries("agent") {
                table.add(TextTable.Cell(name == "version" ? "agent" : name), TextTable.Cell(value.words))
            }
            return table.text(palette)
        }
    }
}
