// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct NodeSet: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set a property or an attribute of a node by hand.",
        discussion: examples("node set shop/web-0 note 'looked at by me'", "node set shop/web-0 limits '{memory: 100 MB}'"))

    @Argument(help: "The node, SERVICE/NAME.")
    var node: NodeName

    @Argument(help: "The property's name.")
    var name: String

    @Argument(help: "The value. Texts that look like something else need quotes.")
    var value: String

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let value = try Value(argument: value, named: name)
        let property = try await client.set(name, of: node.id, to: value)
        screen.show(property) { _ in "\(node.id).\(name) is \(property.words("value").visible)\n" }
    }
}
