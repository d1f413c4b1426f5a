// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Support

struct TOSCAValidate: Command {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check designs: every problem is shown with its place.",
        discussion: examples(
            "tosca validate shop.yaml", "tosca validate *.yaml shop.csar --format json",
            "tosca validate 'git:https://example.org/shop.git#v1!service.yaml' --profiles profiles",
            "tosca validate https://example.org/shop.yaml --map-url https://example.org/=mirror/"))

    @Argument(help: "The files, archives, or the addresses of either; - is the standard input.", completion: .file())
    var files: [String]

    @OptionGroup var archive: ArchiveOptions
    @OptionGroup var report: ReportOptions

    var outputFormat: OutputFormat { report.format.output }
    var areReported: Bool { true }

    func validate() throws {
        if archive.signature != nil, files.count > 1 { throw ValidationError("‘--signature’ is that of one archive") }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let reader = try DesignReader(archive, screen)
        try Validation.perform(files, report.format, screen) { file throws(Problems) in
            try DesignFile(file, reader: reader).validate()
        }
    }
}
