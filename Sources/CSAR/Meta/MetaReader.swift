// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension TOSCAMeta {
    /// Reads a `TOSCA.meta`.
    ///
    /// - Parameters:
    ///   - bytes: its content.
    ///   - file: what messages call it.
    /// - Throws: all that is wrong with it: `csar.malformed-meta`, `csar.missing-keyname`, `csar.unknown-keyname`,
    ///   `csar.reserved-keyname`, `csar.duplicate-keyname`, `csar.unknown-version`.
    public init(parsing bytes: [UInt8], file: String) throws(Problems) {
        var reader = MetaReader(file: file)
        reader.read(bytes)
        self.init(blocks: reader.blocks)
        let problems = reader.problems + MetaCheck.problems(self, file: file)
        if !problems.isEmpty { throw Problems(problems.sorted { MetaCheck.place($0) < MetaCheck.place($1) }) }
    }
}

/// Takes a `TOSCA.meta` apart (17.2): lines `name: value`, lines that go on with a value, and empty lines between blocks.
private struct MetaReader {
    let file: String
    private(set) var blocks: [[TOSCAMeta.Field]] = []
    private(set) var problems: [Problem] = []
    /// Whether the next field begins a block.
    private var isApart = true
    /// Whether the line before can be gone on with.
    private var hasField = false

    init(file: String) { self.file = file }

    mutating func read(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let plain = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            guard let text = String(validating: plain, as: UTF8.self) else {
                report("the line isn't UTF-8", row: index + 1)
                continue
            }
            self.line(Array(text.unicodeScalars), row: index + 1)
        }
    }

    private mutating func line(_ line: [Unicode.Scalar], row: Int) {
        let end = (line.lastIndex { $0 != " " } ?? -1) + 1
        guard end > 0 else {
            (isApart, hasField) = (true, false)
            return
        }
        if let index = line.firstIndex(where: { $0.value < 0x20 || $0.value == 0x7f }) {
            report("there is a control character", row: row, column: index + 1, hint: "use blanks, no tabs")
            return
        }
        if line[0] == " " { return goOn(line[..<end], row: row) }
        hasField = false
        guard let colon = line.firstIndex(of: ":") else {
            report(
                "the line has no colon", row: row,
                hint: "write ‘name: value’, and a blank before a line that goes on with a value")
            return
        }
        guard colon > 0, line[colon - 1] != " " else {
            report(colon == 0 ? "there is no name before the colon" : "a blank stands before the colon", row: row)
            return
        }
        if colon + 1 < end, line[colon + 1] != " " {
            report("a blank is missing after the colon", row: row, column: colon + 2)
            return
        }
        let name = String(String.UnicodeScalarView(line[..<colon]))
        add(TOSCAMeta.Field(name: name, value: "", location: location(row, 1), places: []))
        append(line[(colon + 1)..<max(end, colon + 1)], row: row)
    }

    private mutating func add(_ field: TOSCAMeta.Field) {
        if isApart || blocks.isEmpty { blocks.append([]) }
        blocks[blocks.count - 1].append(field)
        (isApart, hasField) = (false, true)
    }

    private mutating func goOn(_ line: ArraySlice<Unicode.Scalar>, row: Int) {
        guard hasField else {
            report("the line begins with a blank, and there is no value before that it goes on with", row: row)
            return
        }
        append(line, row: row)
    }

    /// Adds a line to the value of the last field. The blanks at its beginning become one.
    private mutating func append(_ line: ArraySlice<Unicode.Scalar>, row: Int) {
        guard let start = line.firstIndex(where: { $0 != " " }) else { return }
        let last = (blocks.count - 1, blocks[blocks.count - 1].count - 1)
        var field = blocks[last.0][last.1]
        if !field.value.isEmpty {
            field.value.unicodeScalars.append(" ")
            field.places.append(location(row, start))
        }
        for index in start..<line.endIndex {
            field.value.unicodeScalars.append(line[index])
            field.places.append(location(row, index + 1))
        }
        blocks[last.0][last.1] = field
    }

    private func location(_ row: Int, _ column: Int) -> SourceLocation { SourceLocation(file: file, row: row, column: column) }

    private mutating func report(_ what: String, row: Int, column: Int = 1, hint: String? = nil) {
        problems.append(Problem("csar.malformed-meta", what, at: .source(location(row, column)), hint: hint))
    }
}
