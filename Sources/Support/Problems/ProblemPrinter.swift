// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Writes problems for people: each as `file:row:column: message [code]`, followed by the line of the source with a
/// caret below the column. Related places, causes and the hint follow.
///
/// Control characters in what is printed are made visible, so that a source text cannot drive a terminal.
public struct ProblemPrinter {
    /// Whether to use the colours of ANSI terminals.
    public var usesColors: Bool
    /// Gives the text of a source file; nil if it is not known.
    public var source: (_ file: String) -> String?

    /// The longest part of a source line that is shown, in Unicode scalars.
    private static let widthLimit = 120

    /// Makes a printer.
    public init(usesColors: Bool = false, source: @escaping (_ file: String) -> String? = { _ in nil }) {
        self.usesColors = usesColors
        self.source = source
    }

    /// The lines of several problems, each ended by a line break.
    public func text(_ problems: [Problem]) -> String { problems.map(text).joined() }

    /// The lines of a problem, each ended by a line break.
    public func text(_ problem: Problem) -> String {
        lines(problem).map { $0 + "\n" }.joined()
    }

    private func lines(_ problem: Problem) -> [String] {
        let place = problem.place.map { colored("\(visible($0.description)):", .bold) + " " } ?? ""
        let kind = problem.severity == .warning ? colored("warning:", .yellow) + " " : ""
        let message = colored(visible(problem.message), problem.severity == .warning ? .bold : .red)
        var lines = ["\(place)\(kind)\(message) [\(visible(problem.code))]"]
        lines += excerpt(problem.place, to: problem.end)
        for related in problem.related {
            lines.append("  \(visible(related.place.description)): \(visible(related.message))")
            lines += excerpt(related.place)
        }
        for cause in problem.causes {
            lines += self.lines(cause).enumerated().map { ($0.offset == 0 ? "  because " : "  ") + $0.element }
        }
        if let hint = problem.hint { lines.append("  \(colored("hint:", .cyan)) \(visible(hint))") }
        return lines
    }

    /// The source line of a place and the line with the carets, which go on to the end if that is known.
    private func excerpt(_ place: Problem.Place?, to position: SourcePosition? = nil) -> [String] {
        guard case .source(let location) = place, let text = source(location.file), location.row > 0, location.column > 0 else {
            return []
        }
        guard var row = Self.row(location.row, of: text) else { return [] }
        if row.last == "\r" { row.removeLast() }
        guard location.column <= row.count + 1 else { return [] }
        let start = max(0, location.column - Self.widthLimit * 2 / 3)
        let end = min(row.count, start + Self.widthLimit)
        let before = start > 0 ? "…" : ""
        let shown = before + visible(String(String.UnicodeScalarView(row[start..<end]))) + (end < row.count ? "…" : "")
        let padding = row[start..<min(location.column - 1, row.count)].map { $0 == "\t" ? "\t" : " " }.joined()
        let last = position.map { $0.row == location.row ? $0.column : row.count + 1 } ?? 0
        let carets = String(repeating: "^", count: max(1, min(last - 1, end) - location.column + 1))
        let number = String(location.row)
        let margin = String(repeating: " ", count: number.count)
        return [
            colored("  \(number) | ", .blue) + shown,
            colored("  \(margin) | ", .blue) + (before.isEmpty ? "" : " ") + padding + colored(carets, .red),
        ]
    }

    /// A line of a text, without its break; nil if there are fewer.
    private static func row(_ number: Int, of text: String) -> [Unicode.Scalar]? {
        let bytes = text.utf8
        var start = bytes.startIndex
        for _ in 1..<max(number, 1) {
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            start = bytes.index(after: end)
        }
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
        return Array(text.unicodeScalars[start..<end])
    }

    private func visible(_ text: String) -> String { text.visible(tab: "\t") }

    private enum Style: String {
        case bold = "1", red = "1;31", yellow = "1;33", cyan = "36", blue = "34"
    }

    private func colored(_ text: String, _ style: Style) -> String {
        usesColors ? "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m" : text
    }
}
