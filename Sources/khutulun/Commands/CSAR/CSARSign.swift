// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import CSAR
import Support
import TOSCA

struct CSARSign: Command {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign an archive: write a file beside it that proves who made it.",
        discussion:
            "The signature is an Ed25519 signature of the archive's bytes, in base64. OpenSSL makes and verifies the same.\n\n"
            + examples("csar sign shop.csar --key signing", "csar sign shop.csar --key signing --signature signatures/shop.sig")
    )

    @Argument(help: "The archive.", completion: .file())
    var archive: String

    @Option(
        help: ArgumentHelp("The file of the private key: PEM, or its 32 bytes in base64.", valueName: "file"),
        completion: .file())
    var key: String

    @Option(
        help: ArgumentHelp(
            "The signature's file, which must not be there yet; otherwise the archive's name with .sig at its end.",
            valueName: "file"),
        completion: .file())
    var signature: String?

    @OptionGroup var output: OutputOptions

    var outputFormat: OutputFormat { output.format }

    func perform(_ screen: Screen) async throws(Problems) {
        try Files.check(archive)
        let (archive, file, key) = (archive, signature ?? "\(archive).sig", key)
        try raising { () throws(Problem) in
            let key = try SigningKey(parsing: try ArchiveOptions.read(key), file: key)
            let signature = try ArchiveInput(path: archive).signature(by: key)
            try OutputFile.write(BytesContent(Array(signature.text.utf8)), to: file)
        }
        screen.show(["file": .text(archive), "signature": .text(file)]) { _ in "the signature is in \(file.visible)\n" }
    }
}
