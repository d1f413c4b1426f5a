// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Floria
import Support

struct TOSCAInstantiate: Command {
    static let configuration = CommandConfiguration(
        commandName: "instantiate",
        abstract: "Show the graph that a design makes, without an agent; nothing is touched.",
        discussion: "Nodes of other services are not known here. What only running things can tell is pending.\n\n"
            + examples(
                "tosca instantiate shop.yaml --input instances=2", "tosca instantiate shop.yaml --explain",
                "tosca instantiate shop.yaml --format dot | dot -Tsvg > shop.svg",
                "tosca instantiate shop.yaml --substitution database.yaml --format yaml"))

    /// How a graph is written.
    enum Format: String, ExpressibleByArgument, CaseIterable { case tree, dot, mermaid, json, yaml, cbor }

    @OptionGroup var design: SketchOptions

    @Option(help: ArgumentHelp("How to write it: tree, dot, mermaid, json, yaml or cbor.", valueName: "format"))
    var format = Format.tree

    @Flag(help: "Tell of every relationship why it leads where it does, and of every substitution why it is that one.")
    var explain = false

    var outputFormat: OutputFormat {
        switch format {
        case .json: .json
        case .yaml: .yaml
        case .tree, .dot, .mermaid, .cbor: .table
        }
    }

    func validate() throws {
        if explain, format == .dot || format == .mermaid {
            throw ValidationError("‘--explain’ has no place in a picture: use it with tree, json, yaml or cbor")
        }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let made = try await design.instantiate(screen, explains: explain)
        var document = made.graph.document
        let reasons = ChoiceText(made)
        if explain {
            document["choices"] = reasons.document["choices"]
            document["alternatives"] = reasons.document["alternatives"]
        }
        if format == .cbor { return Terminal.output.write(CBOR.encode(document)) }
        let picture = GraphPicture(document)
        screen.show(document) { palette in
            switch format {
            case .dot: picture.dot
            case .mermaid: picture.mermaid
            default: picture.tree(palette) + (explain ? "\n" + reasons.text(palette) : "")
            }
        }
    }
}
