// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// A table of plain, aligned columns.
struct TextTable {
    /// A field of a row.
    struct Cell: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
        let text: String
        let tone: Palette.Tone?

        init(_ text: String, _ tone: Palette.Tone? = nil) {
            self.text = text.visible
            self.tone = tone
        }

        init(stringLiteral text: String) { self.init(text) }

        /// The word for a state, in its colour.
        static func state(_ state: String) -> Cell { Cell(state, Palette.tone(ofState: state)) }
    }

    private let columns: [String]
    private var rows: [[Cell]] = []

    /// Makes a table with a line of headings.
    init(_ columns: String...) { self.columns = columns }

    /// Makes a table without headings.
    init() { columns = [] }

    /// Adds a row.
    mutating func add(_ cells: Cell...) { rows.append(cells) }

    /// The table's lines, each indented and ended by a line break.
    func text(_ palette: Palette, indent: Int = 0) -> String {
        let headings = columns.isEmpty ? [] : [columns.map { Cell($0, .faint) }]
        let lines = headings + rows
        let count = lines.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in lines.map { column < $0.count ? Self.width($0[column].text) : 0 }.max() ?? 0 }
        return lines.map { cells in
            var line = String(repeating: " ", count: indent)
            for (column, cell) in cells.enumerated() {
                line += palette.paint(cell.text, cell.tone)
                guard column + 1 < cells.count else { break }
                line += String(repeating: " ", count: widths[column] - Self.width(cell.text) + 2)
            }
            return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }

    private static func width(_ text: String) -> Int { text.count }
}
