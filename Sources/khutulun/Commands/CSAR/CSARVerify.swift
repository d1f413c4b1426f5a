// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import CSAR
import Support

struct CSARVerify: Command {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "See whether an archive is what was signed.",
        discussion: "Other commands do the same before they look into an archive, if they are given --require-signature.\n\n"
            + examples(
                "csar verify shop.csar --key signing.pub",
                "csar verify - --key signing.pub --signature shop.csar.sig < shop.csar"))

    @Argument(help: ArgumentHelp("The archive; - is the standard input.", valueName: "archive"), completion: .file())
    var archive: String

    @Option(
        help: ArgumentHelp("The file of the public key: PEM, or its 32 bytes in base64.", valueName: "file"),
        completion: .file())
    var key: String

    @Option(
        help: ArgumentHelp("The file of the signature; otherwise the archive's name with .sig at its end.", valueName: "file"),
        completion: .file())
    var signature: String?

    @Option(help: ArgumentHelp("The most bytes that the archive may have. (default: 4G)", valueName: "size"))
    var maxSize: ByteCount?

    @OptionGroup var output: OutputOptions

    var outputFormat: OutputFormat { output.format }

    func perform(_ screen: Screen) async throws(Problems) {
        let (_, input) = try ArchiveOptions.given(archive)
        _ = try ArchiveOptions.verified(
            input, key: key, signature: signature, limits: ArchiveLimits(size: maxSize?.bytes ?? ArchiveLimits.standard.size))
        screen.show(["file": .text(archive), "verified": true]) { palette in
            "\(archive.visible) is \(palette.paint("what was signed", .good))\n"
        }
    }
}
