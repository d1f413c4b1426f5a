// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Support

struct TOSCAValidate: Command {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check designs: every problem is shown with its place.",
        discussion: examples("tosca validate shop.yaml", "tosca validate *.yaml --format json"))

    @Argument(help: "The files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    @OptionGroup var output: OutputOptions

    var outputFormat: OutputFormat { output.format }
    var areReported: Bool { true }

    func perform(_ screen: Screen) async throws(Problems) {
        var results: [Value] = []
        var problems: [Problem] = []
        for file in files {
            let found = check(file)
            let errors = found.filter { $0.severity == .error }
            problems += errors
            results.append(["file": .text(file), "valid": .boolean(errors.isEmpty), "problems": .list(found.map(\.value))])
            if screen.format == .table { screen.report(found) }
        }
        screen.show(.list(results)) { palette in
            results.filter { $0["valid"]?.boolean == true }.map {
                "\($0.words("file").visible) is \(palette.paint("valid", .good))\n"
            }.joined()
        }
        if !problems.isEmpty { throw Problems(problems) }
    }

    private func check(_ file: String) -> [Problem] {
        do {
            return try DesignFile(path: file, service: "service").validate()
        } catch {
            return error.all
        }
    }
}
