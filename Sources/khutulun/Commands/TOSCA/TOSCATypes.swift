// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Support
import TOSCA

struct TOSCATypes: Command {
    static let configuration = CommandConfiguration(
        commandName: "types", abstract: "List the types that a design can name, or show what one defines.",
        discussion: examples(
            "tosca types shop.yaml", "tosca types shop.yaml Process", "tosca types shop.yaml --kind node --format json"))

    /// The kinds of types.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case artifact, capability, data, group, interface, node, policy, relationship
    }

    @Argument(help: "The design, or a file of a profile.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @Argument(help: "The type's name; otherwise all.")
    var name: String?

    @Option(
        help: ArgumentHelp(
            "Only types of this kind: artifact, capability, data, group, interface, node, policy or relationship.",
            valueName: "kind"))
    var kind: Kind?

    @OptionGroup var output: OutputOptions
    @OptionGroup var archive: ArchiveOptions

    var outputFormat: OutputFormat { output.format }

    func perform(_ screen: Screen) async throws(Problems) {
        let all = try DesignFile(file, archive: archive, screen: screen).vocabulary().types
        let types = all.filter { kind == nil || $0.kind == kind?.rawValue }
        guard let name else {
            screen.show(.list(types.map(\.document))) { TypeText.list(types.map(\.document), $0) }
            return
        }
        let found = types.filter { $0.name == name }
        guard !found.isEmpty else {
            throw Problems([
                Problem(
                    "command.unknown-type", "‘\(file)’ can name no type ‘\(name)’",
                    hint: "‘khutulun tosca types \(file)’ lists all, with the namespaces that belong to their names")
            ])
        }
        screen.show(.list(found.map(\.document))) { palette in
            found.map { TypeText.detail($0.document, palette) }.joined(separator: "\n")
        }
    }
}
