// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct EdgeRemove: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove an edge.",
        discussion: examples("edge remove shop/web-0.uses-0", "graph shop --format json   # lists the edges"))

    @Argument(help: "The edge, SERVICE/NAME.")
    var edge: EdgeName

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        try await client.removeEdge(edge.id)
        screen.show(["removed": .text(edge.id.documentText)]) { _ in "removed \(edge.id)\n" }
    }
}
