// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// A step from a node to one of its parts: the number of an entry or item, and whether the entry's key is meant.
struct TreeStep: Hashable {
    var index: Int
    var isKey = false
}

/// Writes a tree with one entry or item on a line, and remembers the lines.
struct PlainYAML {
    private(set) var text = ""
    /// The first and the last line of each part, from 1.
    private(set) var rows: [[TreeStep]: ClosedRange<Int>] = [:]
    private var row = 1

    init(_ root: YAMLNode) { block(root, [], indent: 0) }

    private mutating func write(_ line: String) {
        text += line + "\n"
        row += 1
    }

    private mutating func block(_ node: YAMLNode, _ path: [TreeStep], indent: Int) {
        let start = row
        let blanks = String(repeating: " ", count: indent)
        switch node.content {
        case .mapping(let entries):
            for (index, entry) in entries.enumerated() {
                let key = path + [TreeStep(index: index, isKey: true)]
                rows[key] = row...row
                part("\(blanks)\(Self.inline(entry.key)):", entry.value, path + [TreeStep(index: index)], indent: indent)
            }
        case .sequence(let items):
            for (index, item) in items.enumerated() {
                part("\(blanks)-", item, path + [TreeStep(index: index)], indent: indent)
            }
        case .scalar: write(blanks + Self.inline(node))
        }
        rows[path] = start...max(start, row - 1)
    }

    /// A key or dash with what follows it: on the same line if it is short, else below.
    private mutating func part(_ head: String, _ node: YAMLNode, _ path: [TreeStep], indent: Int) {
        let start = row
        let isInline = node.scalar != nil || node.mapping?.isEmpty == true || node.sequence?.isEmpty == true || node.tag != nil
        if isInline {
            write("\(head) \(Self.inline(node))")
        } else {
            write(head)
            block(node, path, indent: indent + 2)
        }
        rows[path] = start...(row - 1)
    }

    /// A node on one line.
    static func inline(_ node: YAMLNode) -> String {
        let tag = node.tag.map { $0 == "!" ? "! " : "!<\($0)> " } ?? ""
        switch node.content {
        case .scalar(let text): return tag + (node.style == .plain && !text.contains("\n") ? text : JSON.encode(.text(text)))
        case .sequence(let items): return "\(tag)[ \(items.map(inFlow).joined(separator: ", ")) ]"
        case .mapping(let entries):
            return tag + "{ \(entries.map { "\(inFlow($0.key)): \(inFlow($0.value))" }.joined(separator: ", ")) }"
        }
    }

    /// Within brackets a text that is plain elsewhere may need quotes.
    private static func inFlow(_ node: YAMLNode) -> String {
        guard let text = node.scalar, node.style == .plain, text.contains(where: { "[]{},".contains($0) }) else {
            return inline(node)
        }
        return JSON.encode(.text(text))
    }
}

extension YAMLNode {
    /// The part that a path leads to.
    func part(_ path: some Sequence<TreeStep>) -> YAMLNode {
        var node = self
        for step in path {
            switch node.content {
            case .mapping(let entries): node = step.isKey ? entries[step.index].key : entries[step.index].value
            case .sequence(let items): node = items[step.index]
            case .scalar: break
            }
        }
        return node
    }

    /// The tree with a part that was changed.
    func changing(_ path: ArraySlice<TreeStep>, _ change: (YAMLNode) -> YAMLNode) -> YAMLNode {
        guard let step = path.first else { return change(self) }
        var node = self
        switch content {
        case .mapping(var entries):
            if step.isKey {
                entries[step.index].key = entries[step.index].key.changing(path.dropFirst(), change)
            } else {
                entries[step.index].value = entries[step.index].value.changing(path.dropFirst(), change)
            }
            node.content = .mapping(entries)
        case .sequence(var items):
            items[step.index] = items[step.index].changing(path.dropFirst(), change)
            node.content = .sequence(items)
        case .scalar: break
        }
        return node
    }
}
