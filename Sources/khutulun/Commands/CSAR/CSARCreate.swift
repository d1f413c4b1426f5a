// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import CSAR
import Glibc
import Support
import TOSCA

struct CSARCreate: Command {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Pack a folder with a design, after the design was checked.",
        discussion: """
            The same folder gives the same bytes: entries are in order of name, and have no times and owners. Hidden files and folders are \
            left out. If the folder has a TOSCA.meta it is taken as it is; otherwise one is made.

            """
                + examples(
                    "csar create shop shop.csar", "csar create shop shop.tar.gz --entry service.yaml --other database.yaml",
                    "csar create shop shop.zip --created-by \"Example Ltd.\" --meta example-build=17",
                    "csar create shop - --as tar.zst | ssh host khutulun csar validate -"))

    @Argument(help: "The folder.", completion: .directory)
    var folder: String

    @Argument(
        help: ArgumentHelp("The archive, which must not be there yet; - is the standard output.", valueName: "archive"),
        completion: .file())
    var archive: String

    @Option(
        help: ArgumentHelp(
            "The file to begin with, from the root of the folder; otherwise the only YAML file there.", valueName: "file"))
    var entry: String?

    @Option(
        name: .customLong("other"),
        help: ArgumentHelp("A file with a template that substitutes nodes; may be given several times.", valueName: "file"))
    var others: [String] = []

    @Option(
        help: ArgumentHelp("The person or organization that makes it. (default: \(Packing.defaultCreator))", valueName: "name"))
    var createdBy: String?

    @Option(
        name: .customLong("meta"),
        help: ArgumentHelp(
            "A name and a value of your own for TOSCA.meta; may be given several times.", valueName: "name=value"))
    var custom: [String] = []

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "The format: zip, tar, tar.gz or tar.zst; otherwise what the archive's name says.", valueName: "format"))
    var archiveFormat: ArchiveFormatArgument?

    @OptionGroup var sources: SourceOptions
    @OptionGroup var output: OutputOptions

    var outputFormat: OutputFormat { output.format }

    func validate() throws {
        guard archiveFormat != nil || ArchiveFormat(fileName: archive) != nil else {
            throw ValidationError(
                "‘\(archive)’ tells no format: end it with .csar, .zip, .tar, .tar.gz, .tgz or .tar.zst, or give ‘--as’")
        }
        for text in custom where text.firstIndex(of: "=") == nil || text.first == "=" {
            throw ValidationError("‘--meta \(text)’ lacks a name or a ‘=’: write it as --meta name=value")
        }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let format = archiveFormat?.format ?? ArchiveFormat(fileName: archive) ?? .zip
        let packing = Packing(
            format: format, entryDefinitions: entry, otherDefinitions: others, createdBy: createdBy,
            custom: custom.map { text in
                let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                return TOSCAMeta.Field(parts[0], parts[1])
            })
        let result = try packing.pack(folder, name: archive)
        screen.texts.add(result.package.archive)
        let fetcher = sources.fetcher(.standard)
        screen.texts.add(fetcher)
        screen.report(try result.package.validate(with: sources.compiler(fetcher)))
        if !result.leftOut.isEmpty {
            screen.tell("left out, because they are hidden: \(result.leftOut.joined(separator: ", "))")
        }
        let (archive, content) = (archive, result.content)
        if archive == "-" {
            return try raising { () throws(Problem) in try OutputFile.write(content, toOpen: STDOUT_FILENO, name: archive) }
        }
        try raising { () throws(Problem) in try OutputFile.write(content, to: archive) }
        let count = result.package.archive.entries.count
        screen.show([
            "file": .text(archive), "format": .text(format.rawValue), "size": .integer(content.size),
            "entries": .integer(count),
            "entryDefinitions": .text(result.package.layout.entryDefinitions),
        ]) { _ in "\(archive.visible) has \(count) entries, and begins with \(result.package.layout.entryDefinitions.visible)\n"
        }
    }
}

/// A format of archives as an argument.
struct ArchiveFormatArgument: ExpressibleByArgument {
    /// The format.
    let format: ArchiveFormat

    init?(argument: String) {
        guard let format = ArchiveFormat(fileName: ".\(argument)") else { return nil }
        self.format = format
    }

    static var allValueStrings: [String] { ArchiveFormat.allCases.map(\.rawValue) }
}
