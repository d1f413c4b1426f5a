// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import CSAR
import Support
import TOSCA

struct CSARNewKey: Command {
    static let configuration = CommandConfiguration(
        commandName: "new-key", abstract: "Make a key to sign archives with, and the one that others verify them with.",
        discussion: """
            The private half is in the file that you name, which only you can read: keep it. The public half is in the file with .pub at the \
            end of its name: give it to whoever gets your archives.

            """ + examples("csar new-key signing"))

    @Argument(
        help: ArgumentHelp("The file for the private half, which must not be there yet.", valueName: "file"),
        completion: .file())
    var file: String

    @OptionGroup var output: OutputOptions

    var outputFormat: OutputFormat { output.format }

    func perform(_ screen: Screen) async throws(Problems) {
        let (file, key) = (file, SigningKey())
        try raising { () throws(Problem) in
            try OutputFile.write(BytesContent(Array(key.pem.utf8)), to: file, isSecret: true)
            try OutputFile.write(BytesContent(Array(key.verifyingKey.pem.utf8)), to: "\(file).pub")
        }
        screen.show(["private": .text(file), "public": .text("\(file).pub")]) { _ in
            "the private half is in \(file.visible), the public one in \(file.visible).pub\n"
        }
    }
}
