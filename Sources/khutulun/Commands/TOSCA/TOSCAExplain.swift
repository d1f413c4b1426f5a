// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Floria
import Support

struct TOSCAExplain: Command {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell why the relationships that a design makes lead where they do, without an agent.",
        discussion: examples("tosca explain shop.yaml", "tosca explain shop.yaml web-0 --input instances=2"))

    @OptionGroup var design: SketchOptions

    @Argument(help: ArgumentHelp("Only what this node asks for: its name in the service.", valueName: "node"))
    var node: String?

    @OptionGroup var output: OutputOptions

    var outputFormat: OutputFormat { output.format }

    func perform(_ screen: Screen) async throws(Problems) {
        let made = try await design.instantiate(screen, explains: true)
        let reasons = ChoiceText(made, of: try node.map { name throws(Problems) in try id(of: name, in: made.graph) })
        screen.show(reasons.document, people: reasons.text)
    }

    /// The node of a name, with or without the service's.
    private func id(of name: String, in graph: Graph) throws(Problems) -> ID {
        let service = graph.vertexes.values.first { $0.container == nil }?.header.id.name ?? ""
        let id = try raising { () throws(Problem) in
            try ID(.vertex, parsing: name.hasPrefix("\(service)/") ? name : "\(service)/\(name)")
        }
        if graph.vertex(id) != nil { return id }
        throw Problems([
            Problem(
                "command.unknown-node", "the design makes no node ‘\(id)’",
                hint: "‘khutulun tosca instantiate \(design.file)’ shows those that it makes")
        ])
    }
}
