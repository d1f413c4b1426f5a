// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import CSAR
import Support

struct CSARExtract: Command {
    static let configuration = CommandConfiguration(
        commandName: "extract", abstract: "Unpack an archive into a new folder, whole or not at all.",
        discussion:
            "What could harm is refused: paths that lead out, links, devices, names that are there twice, and more than --max-size.\n\n"
            + examples(
                "csar extract shop.csar shop", "csar extract shop.csar shop --require-signature signing.pub",
                "csar extract - shop < shop.tar.gz"))

    @Argument(
        help: ArgumentHelp("The archive, or its address; - is the standard input.", valueName: "archive"), completion: .file())
    var archive: String

    @Argument(help: "The folder, which must not be there yet.", completion: .directory)
    var folder: String

    @OptionGroup var options: ArchiveOptions
    @OptionGroup var output: OutputOptions

    var outputFormat: OutputFormat { output.format }

    func perform(_ screen: Screen) async throws(Problems) {
        let (_, input) = try options.stream(archive)
        let (folder, limits) = (folder, options.limits)
        let (entries, warnings) = try raising { () throws(Problem) in try input.extract(into: folder, limits: limits) }
        screen.report(warnings)
        screen.show(["folder": .text(folder), "entries": .integer(entries.count)]) { _ in
            "\(entries.count) entries are in \(folder.visible)\n"
        }
    }
}
