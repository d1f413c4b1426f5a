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
    var edge: String

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let id = try raising { () throws(Problem) in
            try edge.hasPrefix("edge:") ? ID(documentText: edge) : ID(.edge, parsing: edge)
        }
        try await client.removeEdge(id)
        screen.show(["removed": .text(id.documentText)]) { _ in "removed \(id)\n" }
    }
}
