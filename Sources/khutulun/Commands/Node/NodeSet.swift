// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct NodeSet: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set a property or an attribute of a node by hand.",
        discussion: """
            It is given a value, or with ‘--expression’ something that computes its value, now and whenever what it reads has changed.
            Either lasts until the next one, and over deployments.


            """
                + examples(
                    "node set shop/web-0 note 'looked at by me'", "node set shop/web-0 limits '{memory: 100 MB}'",
                    "node set shop/web-0 note --expression 'floria:value(\"vertex:shop/db\", \"address\")'"))

    @Argument(help: "The node, SERVICE/NAME.")
    var node: NodeName

    @Argument(help: "The property's name.")
    var name: String

    @Argument(help: "The value. Texts that look like something else need quotes.")
    var value: String?

    @Option(
        help: ArgumentHelp(
            "Compute the value with this, in the notation of expressions; ‘node show’ shows others.", valueName: "text"))
    var expression: String?

    @OptionGroup var agent: AgentOptions

    func validate() throws {
        guard (value == nil) != (expression == nil) else {
            throw ValidationError("give either a value or ‘--expression’")
        }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let property = try await set()
        screen.show(property) { _ in "\(node.id).\(name) \(outcome(of: property).visible)\n" }
    }

    private func set() async throws(Problems) -> Value {
        if let expression { return try await client.set(name, of: node.id, toExpression: expression) }
        return try await client.set(name, of: node.id, to: Value(argument: value ?? "", named: name))
    }

    /// What the property is, or why it has no value yet.
    private func outcome(of property: Value) -> String {
        guard property["status"] == "pending", let problem = property["problem"].map(Problem.init(value:)) else {
            return "is \(property.words("value"))"
        }
        return "is computed later: \(problem.message)"
    }
}
