// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct EdgeAdd: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make an edge from one node to another.",
        discussion: examples("edge add shop/web-0 shop/cache uses"))

    @Argument(help: "The node where it starts, SERVICE/NAME.")
    var source: NodeName

    @Argument(help: "The node, or another vertex, where it ends.")
    var target: NodeName

    @Argument(help: "Its name among the edges that leave the source.")
    var name: String

    @Option(
        name: .customLong("class"),
        help: ArgumentHelp("A class that it is to be of, for example types/khutulun.core/DependsOn.", valueName: "class"))
    var classText: String?

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let classID = try raising { () throws(Problem) in
            try classText.map { text throws(Problem) in
                try text.contains(":") ? ID(documentText: text) : ID(.class, parsing: text)
            }
        }
        let edge = try await client.addEdge(EdgeRequest(source: source.id, target: target.id, name: name, class: classID))
        screen.show(edge) { _ in "made \(edge.words("id"))\n" }
    }
}
