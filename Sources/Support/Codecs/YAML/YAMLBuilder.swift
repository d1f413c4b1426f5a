// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Builds nodes from events, without recursion: what is not complete yet stands on a stack.
struct YAMLBuilder {
    private let source: YAMLSource
    private let limits: YAMLLimits
    private var problems: [Problem] = []
    private var stack: [Frame] = []
    private var anchors: [String: Anchored] = [:]
    private var root: YAMLNode?
    private var count = 0

    /// A collection that is not complete yet; the keys and values of a mapping take turns.
    private struct Frame {
        var node: YAMLNode
        var isMapping: Bool
        var children: [YAMLNode] = []
        /// The levels below.
        var height = 0
        /// How many nodes there were before it.
        var countBefore: Int
    }

    /// A node that aliases can refer to.
    private struct Anchored {
        var node: YAMLNode
        var height: Int
        var count: Int
    }

    init(source: YAMLSource, limits: YAMLLimits) {
        self.source = source
        self.limits = limits
    }

    /// Parses all documents of the source.
    mutating func documents() throws(Problems) -> [YAMLNode] {
        let nodes = try source.bytes.withUnsafeBufferPointer { bytes throws(Problems) in
            let parser = try YAMLParser(bytes, of: source)
            do throws(Problem) {
                return try documents(of: parser)
            } catch {
                throw Problems(problems + [error])
            }
        }
        guard problems.isEmpty else { throw Problems(problems) }
        return nodes
    }

    private mutating func documents(of parser: YAMLParser) throws(Problem) -> [YAMLNode] {
        var documents: [YAMLNode] = []
        while true {
            switch try parser.next() {
            case .documentStart:
                anchors = [:]
                root = nil
            case .documentEnd: if let root { documents.append(root) }
            case .streamEnd: return documents
            case .alias(let name, let location): try addAlias(name, at: location)
            case .scalar(let node): try addScalar(node)
            case .sequenceStart(let node): try open(node, isMapping: false)
            case .mappingStart(let node): try open(node, isMapping: true)
            case .collectionEnd(let end): try close(at: end)
            }
        }
    }

    private mutating func addScalar(_ node: YAMLNode) throws(Problem) {
        try spend(1, at: node.location)
        if let problem = node.tagProblem { try report(problem) }
        if let anchor = node.anchor { anchors[anchor] = Anchored(node: node, height: 0, count: 1) }
        attach(node, height: 0)
    }

    private mutating func open(_ node: YAMLNode, isMapping: Bool) throws(Problem) {
        try checkDepth(stack.count + 1, at: node.location)
        if let problem = node.tagProblem { try report(problem) }
        if let anchor = node.anchor { anchors[anchor] = nil }
        stack.append(Frame(node: node, isMapping: isMapping, countBefore: count))
        try spend(1, at: node.location)
    }

    private mutating func close(at end: SourcePosition) throws(Problem) {
        guard var frame = stack.popLast() else { return }
        // A block ends for the parser where the next thing begins.
        frame.node.end = frame.node.style == .flow ? end : frame.children.last?.end ?? frame.node.end
        frame.node.content = frame.isMapping ? .mapping(try entries(frame.children)) : .sequence(frame.children)
        let height = frame.height + 1
        if let anchor = frame.node.anchor {
            anchors[anchor] = Anchored(node: frame.node, height: height, count: count - frame.countBefore)
        }
        attach(frame.node, height: height)
    }

    private mutating func addAlias(_ name: String, at location: SourceLocation) throws(Problem) {
        if let anchored = anchors[name] {
            try checkDepth(stack.count + anchored.height, at: location)
            try spend(anchored.count, at: location)
            return attach(anchored.node, height: anchored.height)
        }
        if let frame = stack.last(where: { $0.node.anchor == name }) {
            let related = [Problem.Related("the anchor is here", at: .source(frame.node.location))]
            let message = "the alias ‘*\(name)’ stands within what it refers to"
            try report(Problem("yaml.recursive-alias", message, at: .source(location), related: related))
        } else {
            let message = "there is no anchor ‘&\(name)’ before this alias"
            let hint = anchors.isEmpty ? "a text that begins with ‘*’ needs quotes" : nil
            try report(Problem("yaml.unknown-alias", message, at: .source(location), hint: hint))
        }
        attach(YAMLNode(.scalar(""), at: location), height: 0)
    }

    private mutating func attach(_ node: YAMLNode, height: Int) {
        guard let last = stack.indices.last else {
            root = node
            return
        }
        stack[last].children.append(node)
        stack[last].height = max(stack[last].height, height)
    }

    private mutating func entries(_ children: [YAMLNode]) throws(Problem) -> [(key: YAMLNode, value: YAMLNode)] {
        var mapping = YAMLMappingBuilder()
        for index in stride(from: 0, to: children.count - 1, by: 2) { mapping.add(children[index], children[index + 1]) }
        let entries = mapping.mergedEntries()
        for problem in mapping.problems { try report(problem) }
        return entries
    }

    private mutating func checkDepth(_ depth: Int, at location: SourceLocation) throws(Problem) {
        guard depth <= limits.depth else { throw Self.tooDeep(limits.depth, at: location) }
    }

    static func tooDeep(_ limit: Int, at location: SourceLocation) -> Problem {
        Problem("yaml.limit", "the nesting is deeper than the \(limit) levels that are allowed", at: .source(location))
    }

    private mutating func spend(_ nodes: Int, at location: SourceLocation) throws(Problem) {
        count += nodes
        guard count <= limits.count else {
            let what = nodes > 1 ? "with what this alias repeats, there" : "there"
            let message = "\(what) are more than the \(limits.count) nodes that are allowed"
            throw Problem("yaml.limit", message, at: .source(location))
        }
    }

    private mutating func report(_ problem: Problem) throws(Problem) {
        problems.append(problem)
        guard problems.count < limits.problems else {
            throw Problem("yaml.too-many-problems", "there may be more problems, which are not looked for", severity: .warning)
        }
    }
}
