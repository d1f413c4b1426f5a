// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Support
import TOSCA

struct TOSCACompile: Command {
    static let configuration = CommandConfiguration(
        commandName: "compile", abstract: "Compile a design to Floria templates, as the agent gets them.",
        discussion: examples("tosca compile shop.yaml > shop.json", "tosca compile shop.csar --service shop --format yaml"))

    @Argument(help: "The file, an archive, or the address of either; - is the standard input.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The service's name; otherwise that of the file.", valueName: "name"))
    var service: String?

    @OptionGroup var substitutions: SubstitutionOptions

    @Option(help: ArgumentHelp("How to write it: json or yaml.", valueName: "format"))
    var format = OutputFormat.json

    @OptionGroup var archive: ArchiveOptions

    var outputFormat: OutputFormat { format }

    func perform(_ screen: Screen) async throws(Problems) {
        let compiled = try DesignFile(
            file, service: service ?? DesignFile.serviceName(of: file), archive: archive, screen: screen
        ).compile(substitutions)
        screen.report(compiled.warnings)
        screen.show(compiled.document) { _ in JSON.encode(compiled.document, pretty: true) + "\n" }
    }
}
