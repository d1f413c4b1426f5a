// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// A regular expression that takes time proportional to its own length times that of the text, whatever both are.
///
/// It knows what such expressions share: sets, groups, alternatives, repetitions and anchors. What could only be found by going
/// back in the text, as references to groups and looking around, is refused.
struct RegularExpression {
    /// A step of the machine that an expression becomes.
    enum Step {
        /// One character of a set.
        case character(ScalarSet)
        /// A place, which takes no character.
        case anchor(Anchor)
        /// Both of two ways.
        case split(Int, Int)
        case jump(Int)
        case match
    }

    /// The places that an expression can ask for.
    enum Anchor {
        case start, end, lineStart, lineEnd, wordEdge, insideWord
    }

    /// The most steps that an expression may become.
    static let stepLimit = 10_000
    /// How deep groups may stand in each other.
    static let depthLimit = 50
    /// The most steps that looking for a match may take.
    static let workLimit = 30_000_000

    private let steps: [Step]

    /// Makes an expression of a pattern.
    ///
    /// - Throws: `tosca.wrong-arguments`, with what is wrong and where.
    init(_ pattern: String) throws(Problem) {
        var parser = PatternParser(pattern)
        var program = PatternProgram()
        try program.add(try parser.parse())
        program.steps.append(.match)
        steps = program.steps
    }

    /// Whether a part of a text matches.
    ///
    /// - Throws: `tosca.too-much-work` if the text is too long for such a pattern.
    func matches(_ text: String) throws(Problem) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var threads = Threads(count: steps.count)
        for position in 0...scalars.count {
            threads.add(0, steps, scalars, position)
            if threads.isMatched { return true }
            guard threads.work < Self.workLimit else {
                throw Problem("tosca.too-much-work", "the text is too long for such a regular expression")
            }
            guard position < scalars.count else { break }
            threads.advance(over: scalars[position], steps, scalars, position)
            if threads.isMatched { return true }
        }
        return false
    }
}

/// The steps that a machine is at, all at once.
private struct Threads {
    private(set) var current: [Int] = []
    private(set) var isMatched = false
    /// How many steps were looked at.
    private(set) var work = 0
    /// The round in which each step was reached last.
    private var rounds: [Int]
    private var round = 0
    private var stack: [Int] = []

    init(count: Int) { rounds = Array(repeating: -1, count: count) }

    /// Adds a step, and what can be reached from it without a character.
    mutating func add(_ index: Int, _ steps: [RegularExpression.Step], _ text: [Unicode.Scalar], _ position: Int) {
        stack.append(index)
        while let index = stack.popLast() {
            work += 1
            if rounds[index] == round { continue }
            rounds[index] = round
            switch steps[index] {
            case .character: current.append(index)
            case .anchor(let anchor): if anchor.holds(text, position) { stack.append(index + 1) }
            case .split(let first, let second): stack += [second, first]
            case .jump(let next): stack.append(next)
            case .match: isMatched = true
            }
        }
    }

    /// Goes over a character.
    mutating func advance(
        over scalar: Unicode.Scalar, _ steps: [RegularExpression.Step], _ text: [Unicode.Scalar], _ position: Int
    ) {
        let old = current
        current = []
        round += 1
        work += old.count
        for index in old {
            if case .character(let set) = steps[index], set.contains(scalar) { add(index + 1, steps, text, position + 1) }
        }
    }
}

extension RegularExpression.Anchor {
    fileprivate func holds(_ text: [Unicode.Scalar], _ position: Int) -> Bool {
        switch self {
        case .start: position == 0
        case .end: position == text.count
        case .lineStart: position == 0 || text[position - 1] == "\n"
        case .lineEnd: position == text.count || text[position] == "\n"
        case .wordEdge: isWordEdge(text, position)
        case .insideWord: !isWordEdge(text, position)
        }
    }

    private func isWordEdge(_ text: [Unicode.Scalar], _ position: Int) -> Bool {
        let before = position > 0 && ScalarSet.word.contains(text[position - 1])
        let after = position < text.count && ScalarSet.word.contains(text[position])
        return before != after
    }
}
