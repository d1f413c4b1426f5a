// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A node of a YAML document as it was written: scalars are not resolved yet, see ``value``.
public struct YAMLNode: Sendable {
    /// How a node is written.
    public enum Style: String, Sendable, Hashable {
        /// The styles of scalars.
        case plain, singleQuoted, doubleQuoted, literal, folded
        /// The styles of sequences and mappings.
        case block, flow
    }

    /// What a node holds. The keys of a mapping are different from each other.
    public enum Content: Sendable {
        case scalar(String)
        case sequence([YAMLNode])
        case mapping([(key: YAMLNode, value: YAMLNode)])
    }

    /// Where it begins. A node that came through an alias keeps the place where it is written.
    public var location: SourceLocation
    /// Where it ends, after its last character; a block where its last scalar does.
    public var end: SourcePosition
    /// The tag that it has explicitly, for example `tag:yaml.org,2002:str` for `!!str`, or `!`.
    public var tag: String?
    /// How it is written.
    public var style: Style
    /// The name that aliases refer to it by.
    public var anchor: String?
    /// What it holds.
    public var content: Content

    /// Makes a node.
    public init(
        _ content: Content, at location: SourceLocation, end: SourcePosition? = nil, tag: String? = nil, style: Style = .plain,
        anchor: String? = nil
    ) {
        self.location = location
        self.end = end ?? SourcePosition(row: location.row, column: location.column)
        self.tag = tag
        self.style = style
        self.anchor = anchor
        self.content = content
    }

    /// The text of a scalar, unresolved; nil if it is none.
    public var scalar: String? { if case .scalar(let text) = content { text } else { nil } }

    /// The items of a sequence; nil if it is none.
    public var sequence: [YAMLNode]? { if case .sequence(let items) = content { items } else { nil } }

    /// The entries of a mapping; nil if it is none.
    public var mapping: [(key: YAMLNode, value: YAMLNode)]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The first sequence or mapping that stands within so many others.
    func firstNode(deeperThan levels: Int) -> YAMLNode? {
        let parts: [YAMLNode]
        switch content {
        case .scalar: return nil
        case .sequence(let items): parts = items
        case .mapping(let entries): parts = entries.flatMap { [$0.key, $0.value] }
        }
        if levels < 1 { return self }
        for part in parts {
            if let node = part.firstNode(deeperThan: levels - 1) { return node }
        }
        return nil
    }

    /// The value of the first entry whose key is this text, if it is a mapping that has it. O(n).
    public subscript(key: String) -> YAMLNode? {
        mapping?.first { $0.key.scalar == key }?.value
    }
}

/// What the YAML parser accepts of a text that may come from outside.
public struct YAMLLimits: Sendable, Hashable {
    /// The largest text, in bytes.
    public var size: Int
    /// The deepest nesting of sequences and mappings, after aliases are expanded.
    public var depth: Int
    /// The most nodes in all, after aliases are expanded.
    public var count: Int
    /// The most problems that are collected before parsing stops.
    public var problems: Int

    /// Makes limits.
    public init(size: Int, depth: Int, count: Int, problems: Int = 100) {
        self.size = size
        self.depth = depth
        self.count = count
        self.problems = problems
    }

    /// What is wrong with a text of so many bytes in a file, `yaml.limit`; nil if it may be read.
    public func problem(size: Int, file: String) -> Problem? {
        if size <= self.size { return nil }
        return Problem(
            "yaml.limit", "the file has \(size) bytes, more than the \(self.size) that are allowed",
            at: .source(SourceLocation(file: file, row: 1, column: 1)))
    }

    /// 16 MiB, 100 levels, 1 million nodes, 100 problems.
    public static let standard = YAMLLimits(size: 16 << 20, depth: 100, count: 1 << 20)

    /// For values rather than designs, as the other codecs have them: 64 MiB, 128 levels, 4 million nodes, 100 problems.
    public static let values = YAMLLimits(
        size: CodecLimits.standard.size, depth: CodecLimits.standard.depth, count: CodecLimits.standard.count)
}
