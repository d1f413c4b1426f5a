// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Where a command writes: results to the standard output, in the format that was asked for, all else to the standard
/// error.
struct Screen {
    /// The format of results.
    let format: OutputFormat
    /// The colours of results.
    let palette = Palette(isOn: Terminal.output.usesColors)
    /// The texts that problems are shown with.
    let texts = SourceTexts()

    /// Writes a result: as a document, or what `people` makes of it.
    func show(_ value: Value, people: (Palette) -> String) {
        switch format {
        case .table: Terminal.output.write(people(palette))
        case .json:
            JSON.write(value, pretty: true) { Terminal.output.write($0) }
            Terminal.output.write("\n")
        case .yaml: Terminal.output.write(YAML.encode(value))
        }
    }

    /// Writes one of many results that come as things happen: a line, or a document of a stream.
    func showNext(_ value: Value, people: (Palette) -> String?) {
        switch format {
        case .table: if let line = people(palette) { Terminal.output.write(line + "\n") }
        case .json: Terminal.output.write(JSON.encode(value) + "\n")
        case .yaml: Terminal.output.write("---\n" + YAML.encode(value))
        }
    }

    /// Tells a person something that is no result, unless programs read.
    func tell(_ text: String) {
        if format == .table { Terminal.error.write(text + "\n") }
    }

    /// Writes problems to the standard error: for people with their source lines, else as a document.
    func report(_ problems: [Problem]) {
        if problems.isEmpty { return }
        let document: Value = ["problems": .list(problems.map(\.value))]
        switch format {
        case .table:
            Terminal.error.write(ProblemPrinter(usesColors: Terminal.error.usesColors, source: texts.text).text(problems))
        case .json: Terminal.error.write(JSON.encode(document, pretty: true) + "\n")
        case .yaml: Terminal.error.write(YAML.encode(document))
        }
    }
}
