// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension ChangeDiff {
    /// One line of the diff.
    public struct Line: Sendable, Hashable {
        /// What the line is about.
        public enum Mark: String, Sendable, Hashable {
            case novel = "+", modified = "~", obsolete = "-", kept = "=", conflicting = "!", none = " "
        }

        /// What the line is about: what happens to the entity, or to a part of a value.
        public var mark: Mark
        /// Whether it names an entity.
        public var isHead: Bool
        /// The text without the mark: on one line, without control characters.
        public var text: String
        /// Faint words that follow.
        public var remark: String
        /// How far it is indented.
        public var indent: Int

        /// The line as it is shown without colours.
        public var description: String {
            let start = String(repeating: " ", count: indent)
            let words = remark.isEmpty ? text : text + "  " + remark
            return isHead || mark != .none ? "\(start)\(mark.rawValue) \(words)" : "\(start)  \(words)"
        }
    }

    /// The diff in lines: each entity with what changes of it.
    public var lines: [Line] { entries.flatMap(\.lines) }

    /// The diff as a text, each line ended by a line break.
    public var text: String { lines.map { $0.description + "\n" }.joined() }
}

extension ChangeDiff.Entry {
    private var mark: ChangeDiff.Line.Mark {
        switch category {
        case .novel: .novel
        case .modified: .modified
        case .obsolete: .obsolete
        case .kept: .kept
        case .conflicting: .conflicting
        }
    }

    /// What can't be told from the properties.
    private var remark: String {
        let type = type.map(DiffWords.plain) ?? ""
        var why = ""
        switch category {
        case .kept where isRemoved: why = "removed by hand, is not made again"
        case .conflicting where isRemoved: why = "removed by hand, and the design has changed it; is not made again"
        case .kept where properties.isEmpty && relations.isEmpty: why = "not of the design, stays"
        default: break
        }
        return [type, why].filter { !$0.isEmpty }.joined(separator: "  ")
    }

    fileprivate var lines: [ChangeDiff.Line] {
        let head = ChangeDiff.Line(mark: mark, isHead: true, text: DiffWords.plain(entity), remark: remark, indent: 0)
        let rows = relations + properties
        let width = min(rows.map { DiffWords.plain($0.name).count }.max() ?? 0, 30)
        return [head] + rows.flatMap { $0.lines(width: width) }
    }
}

extension ChangeDiff.Row {
    fileprivate func lines(width: Int) -> [ChangeDiff.Line] {
        let label = DiffWords.plain(name)
        let padding = String(repeating: " ", count: max(0, width - label.count))
        func line(_ words: String, _ mark: ChangeDiff.Line.Mark = .none, _ remark: String = "") -> [ChangeDiff.Line] {
            [ChangeDiff.Line(mark: mark, isHead: false, text: "\(label)\(padding)  \(words)", remark: remark, indent: 2)]
        }
        if isKept {
            let old = before.map(DiffWords.short) ?? "(none)"
            let stays = after == before ? old : "\(old) → \(after.map(DiffWords.short) ?? "(none)")"
            let how = expression.map { "computed by hand as \(DiffWords.cut(Notation.encode($0)))" } ?? "set by hand"
            let design = isConflict ? "the design now wants" : "the design wants"
            let wish =
                wanted.map { "\(design) \(DiffWords.short($0))" }
                ?? (isConflict ? "the design wants none" : "the design sets it at apply")
            return line(stays, isConflict ? .conflicting : .kept, "\(how), stays; \(wish)")
        }
        if unknown != nil {
            return line(before.map { "\(DiffWords.short($0)) → (at apply)" } ?? "(at apply)")
        }
        guard let before else { return line(after.map(DiffWords.short) ?? "(none)") }
        guard let after else { return line("\(DiffWords.short(before)) → (none)") }
        if let parts = ValueDiff.lines(from: before, to: after, indent: 4) {
            return [ChangeDiff.Line(mark: .none, isHead: false, text: label, remark: "", indent: 2)] + parts
        }
        return line("\(DiffWords.short(before)) → \(DiffWords.short(after))")
    }
}

/// The words of a diff.
enum DiffWords {
    /// How long a value may be on one line.
    static let lengthLimit = 70

    /// A value on one line, cut if it is long. A text that could be taken for something else stands in quotation marks.
    static func short(_ shown: Value) -> String {
        let value = written(shown)
        let words: String
        if case .text(let text) = value, !isAmbiguous(text) { words = text } else { words = quoted(value) }
        return cut(words)
    }

    /// Words, cut if they are long.
    static func cut(_ words: String) -> String {
        words.count > lengthLimit ? words.prefix(lengthLimit - 1) + "…" : words
    }

    /// The value with custom values as they were written, where they tell that.
    private static func written(_ value: Value) -> Value {
        switch value {
        case .custom(_, let inner): inner["text"] ?? value
        case .list(let items): .list(items.map(written))
        case .map(let map): .map(ValueMap(map.map { (written($0.key), written($0.value)) }))
        default: value
        }
    }

    /// A name as it is, or in quotation marks if it holds what could drive a terminal.
    static func plain(_ name: String) -> String { hasControls(name) ? quoted(.text(name)) : name }

    /// The value as JSON, without anything that could drive a terminal.
    private static func quoted(_ value: Value) -> String {
        let text = JSON.encode(value)
        guard hasControls(text) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if isControl(scalar) {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isAmbiguous(_ text: String) -> Bool {
        if text.isEmpty || hasControls(text) || text.first == " " || text.last == " " { return true }
        if let first = text.first, "\"[{".contains(first) { return true }
        return YAMLNode.resolve(plain: text) != .text(text)
    }

    private static func hasControls(_ text: String) -> Bool { text.unicodeScalars.contains(where: isControl) }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
