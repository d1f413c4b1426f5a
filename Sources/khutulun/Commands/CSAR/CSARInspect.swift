// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import CSAR
import Support

struct CSARInspect: Command {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what an archive says of itself, and what is in it.",
        discussion:
            "With --meta no more is read than up to the end of TOSCA.meta, which comes first in archives that ‘csar create’ made.\n\n"
            + examples(
                "csar inspect shop.csar", "csar inspect shop.tar.gz --format json",
                "csar inspect https://example.org/shop.tar.gz --meta"))

    @Argument(
        help: ArgumentHelp("The archive, or its address; - is the standard input.", valueName: "archive"), completion: .file())
    var archive: String

    @Flag(help: "Only what TOSCA.meta says.")
    var meta = false

    @OptionGroup var options: ArchiveOptions
    @OptionGroup var output: OutputOptions

    var outputFormat: OutputFormat { output.format }

    func perform(_ screen: Screen) async throws(Problems) {
        let (_, input) = try options.stream(archive)
        if meta {
            guard let found = try ArchiveListing.meta(of: input, limits: options.limits) else {
                throw Problems([
                    Problem(
                        "csar.no-meta", "‘\(archive)’ has no TOSCA.meta",
                        hint: "‘khutulun csar inspect’ without ‘--meta’ shows what it has")
                ])
            }
            return screen.show(found.meta.document) { Self.text(found.meta, $0) }
        }
        let listing = try ArchiveListing(input, limits: options.limits)
        screen.report(listing.warnings)
        screen.show(document(listing)) { text(listing, $0) }
    }

    private func document(_ listing: ArchiveListing) -> Value {
        [
            "format": .text(listing.format.rawValue), "meta": listing.layout.meta?.document ?? .null,
            "entryDefinitions": .text(listing.layout.entryDefinitions),
            "otherDefinitions": .list(listing.layout.otherDefinitions.map(Value.text)),
            "entries": .list(
                listing.entries.map { entry in
                    entry.isFolder
                        ? ["name": .text(entry.name), "folder": true]
                        : ["name": .text(entry.name), "size": .integer(entry.size), "executable": .boolean(entry.isExecutable)]
                }),
        ]
    }

    private func text(_ listing: ArchiveListing, _ palette: Palette) -> String {
        let layout = listing.layout
        let head =
            "\(archive.visible) is a \(listing.format.rawValue) archive"
            + (layout.meta == nil ? " without TOSCA.meta, and begins with \(layout.entryDefinitions.visible)\n" : "\n\n")
        var entries = TextTable("SIZE", "ENTRY")
        for entry in listing.entries {
            entries.add(
                entry.isFolder ? "" : "\(entry.size)", "\(entry.name)\(entry.isFolder ? "/" : entry.isExecutable ? "*" : "")")
        }
        return head + (layout.meta.map { Self.text($0, palette) } ?? "") + "\n" + entries.text(palette)
    }

    private static func text(_ meta: TOSCAMeta, _ palette: Palette) -> String {
        meta.blocks.map { block in
            var table = TextTable()
            for field in block { table.add("\(field.name)", "\(field.value)") }
            return table.text(palette)
        }.joined(separator: "\n")
    }
}
