// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct CallCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "call", abstract: "Call an operation of a node, and wait for its outputs.",
        discussion: examples(
            "call shop/store maintenance.backup", "call shop/store maintenance.restore --input file=/backup/1.tar"))

    @Argument(help: "The node, SERVICE/NAME.")
    var node: NodeName

    @Argument(help: "The operation, INTERFACE.OPERATION.")
    var operation: String

    @OptionGroup var inputs: InputOptions
    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let inputs = try inputs.values()
        Interruption.tells("The operation goes on by itself; ‘khutulun operation list’ shows it.")
        let result = try await client.call(operation, of: node.id, inputs: inputs)
        let document: Value = ["operation": .text(result.operation), "outputs": result.outputs]
        screen.show(document) { palette in
            var table = TextTable()
            table.add("operation", TextTable.Cell(result.operation))
            for (name, value) in document.entries("outputs") { table.add(TextTable.Cell(name), TextTable.Cell(value.words)) }
            return table.text(palette)
        }
    }
}
