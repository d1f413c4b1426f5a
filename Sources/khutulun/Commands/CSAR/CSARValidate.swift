// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import CSAR
import Support

struct CSARValidate: Command {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check archives, the definitions in them, and that their artifacts are there.",
        discussion: examples(
            "csar validate shop.csar", "csar validate *.csar --format json",
            "csar validate shop.csar --require-signature signing.pub"))

    @Argument(
        help: ArgumentHelp("The archives, or their addresses; - is the standard input.", valueName: "archive"),
        completion: .file())
    var archives: [String]

    @OptionGroup var options: ArchiveOptions
    @OptionGroup var report: ReportOptions

    var outputFormat: OutputFormat { report.format.output }
    var areReported: Bool { true }

    func validate() throws {
        if options.signature != nil, archives.count > 1 { throw ValidationError("‘--signature’ is that of one archive") }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let reader = try DesignReader(options, screen)
        try Validation.perform(archives, report.format, screen) { archive throws(Problems) in
            let (_, input) = try options.stream(archive)
            let package = try Package(input, limits: options.limits)
            screen.texts.add(package.archive)
            return try package.validate(with: reader.compiler)
        }
    }
}
