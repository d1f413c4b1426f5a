// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Support
import TOSCA

struct TOSCAFunctionList: Command {
    static let configuration = CommandConfiguration(
        commandName: "functions", abstract: "List the functions that expressions can call, or show one.",
        discussion: examples("tosca functions", "tosca functions token", "tosca functions --file shop.yaml --format json"))

    @Argument(help: "The function's name, with or without ‘$’; otherwise all.")
    var name: String?

    @Option(
        help: ArgumentHelp("A design whose own functions are listed too.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var file: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var archive: ArchiveOptions

    var outputFormat: OutputFormat { output.format }

    func perform(_ screen: Screen) async throws(Problems) {
        var functions = FunctionSummary.language
        if let file { functions += try DesignFile(file, archive: archive, screen: screen).vocabulary().functions }
        guard let name else {
            screen.show(.list(functions.map(\.document))) { Self.list(functions, $0) }
            return
        }
        let wanted = name.hasPrefix("$") ? String(name.dropFirst()) : name
        let found = functions.filter { $0.name == wanted }
        guard !found.isEmpty else {
            throw Problems([
                Problem(
                    "command.unknown-function", "there is no function ‘$\(wanted)’",
                    hint: file == nil
                        ? "‘khutulun tosca functions’ lists all of the language; name a design with ‘--file’ for its own"
                        : "‘khutulun tosca functions --file …’ lists all")
            ])
        }
        screen.show(.list(found.map(\.document))) { palette in found.map { Self.detail($0, palette) }.joined(separator: "\n") }
    }

    private static func list(_ functions: [FunctionSummary], _ palette: Palette) -> String {
        var table = TextTable("FUNCTION", "SECTION", "WHAT IT GIVES")
        for function in functions {
            let summary = function.document.words("description").split(separator: "\n").first.map(String.init) ?? ""
            table.add(
                .init("$\(function.name)", .strong), .init(function.document.words("section"), .faint), .init(summary))
        }
        return table.text(palette)
    }

    private static func detail(_ function: FunctionSummary, _ palette: Palette) -> String {
        let document = function.document
        var lines = document.texts("signatures").map { palette.paint($0.visible, .strong) }
        if document["description"] != nil { lines.append("  \(document.words("description").visible)") }
        if document["section"] != nil {
            lines.append("  \(palette.paint("section \(document.words("section")) of the standard", .faint))")
        }
        if let place = document["location"] {
            lines.append("  \(palette.paint("defined at \(TypeText.place(place))", .faint))")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
