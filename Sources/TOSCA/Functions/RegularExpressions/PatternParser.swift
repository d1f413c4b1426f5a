// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Reads the pattern of a regular expression.
struct PatternParser {
    private let pattern: String
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    /// `i`, `m` and `s`, as far as they are on.
    private var flags: Set<Unicode.Scalar> = []

    init(_ pattern: String) {
        self.pattern = pattern
        scalars = Array(pattern.unicodeScalars)
    }

    /// Reads the whole pattern.
    mutating func parse() throws(Problem) -> PatternTree {
        let tree = try alternatives()
        if position < scalars.count { throw wrong("‘)’ closes nothing") }
        return tree
    }

    private mutating func alternatives() throws(Problem) -> PatternTree {
        guard depth < RegularExpression.depthLimit else {
            throw wrong("groups stand more than \(RegularExpression.depthLimit) deep in each other")
        }
        depth += 1
        defer { depth -= 1 }
        let outer = flags
        var parts = [try sequence()]
        while take("|") { parts.append(try sequence()) }
        flags = outer
        return parts.count == 1 ? parts[0] : .alternatives(parts)
    }

    private mutating func sequence() throws(Problem) -> PatternTree {
        var parts: [PatternTree] = []
        while let next, next != "|", next != ")" {
            let part = try atom()
            parts.append(try repetition(of: part))
        }
        return .sequence(parts)
    }

    // MARK: Repetitions

    private mutating func repetition(of part: PatternTree) throws(Problem) -> PatternTree {
        let bounds: (Int, Int?)
        if take("*") {
            bounds = (0, nil)
        } else if take("+") {
            bounds = (1, nil)
        } else if take("?") {
            bounds = (0, 1)
        } else if next == "{", let counted = try counted() {
            bounds = counted
        } else {
            return part
        }
        if case .anchor = part { throw wrong("an anchor cannot be repeated") }
        // Whether it is as long or as short as possible makes no difference to whether there is a match.
        _ = take("?")
        if let next, "*+?".unicodeScalars.contains(next) { throw wrong("‘\(next)’ has nothing to repeat") }
        return .repeated(part, bounds.0, bounds.1)
    }

    /// `{2}`, `{2,}` or `{2,5}`; nil if the brace is only a character.
    private mutating func counted() throws(Problem) -> (Int, Int?)? {
        let start = position
        position += 1
        let least = number()
        var most = least
        if take(",") { most = number() }
        guard least != nil || most != nil, take("}") else {
            position = start
            return nil
        }
        let low = least ?? 0
        if let most, most < low { throw wrong("the repetition \(low) to \(most) cannot be") }
        guard max(low, most ?? 0) <= RegularExpression.stepLimit else { throw wrong("the repetition is too large") }
        return (low, most)
    }

    private mutating func number() -> Int? {
        let start = position
        while let next, ("0"..."9").contains(next), position - start < 9 { position += 1 }
        return Int(String(String.UnicodeScalarView(scalars[start..<position])))
    }

    // MARK: Atoms

    private mutating func atom() throws(Problem) -> PatternTree {
        guard let next else { return .empty }
        position += 1
        switch next {
        case "(": return try group()
        case "[": return .characters(folded(try set()))
        case ".": return .characters(flags.contains("s") ? .anything : .inLine)
        case "^": return .anchor(flags.contains("m") ? .lineStart : .start)
        case "$": return .anchor(flags.contains("m") ? .lineEnd : .end)
        case "\\": return try escape()
        case "*", "+", "?": throw wrong("‘\(next)’ has nothing to repeat")
        default: return .characters(folded(ScalarSet(next)))
        }
    }

    private func folded(_ set: ScalarSet) -> ScalarSet {
        var set = set
        set.ignoresCase = flags.contains("i")
        return set
    }

    private mutating func group() throws(Problem) -> PatternTree {
        let outer = flags
        if take("?") {
            if let flagsOnly = try groupKind() { return flagsOnly }
        }
        let tree = try alternatives()
        flags = outer
        guard take(")") else { throw wrong("a group is not closed") }
        return tree
    }

    /// What follows `(?`: nothing, a name or flags. Flags alone hold for what follows, and are no group.
    private mutating func groupKind() throws(Problem) -> PatternTree? {
        if take(":") { return nil }
        _ = take("P")
        if take("<"), next != "=", next != "!" {
            while let next, next != ">" { position += 1 }
            guard take(">") else { throw wrong("the name of a group is not closed") }
            return nil
        }
        let start = position
        while let next, "ims".unicodeScalars.contains(next) { position += 1 }
        let read = scalars[start..<position]
        guard !read.isEmpty, next == ")" || next == ":" else {
            throw wrong("what begins with ‘(?\(next.map(String.init) ?? "")’ is not supported")
        }
        flags.formUnion(read)
        if take(":") { return nil }
        position += 1
        return .empty
    }

    private mutating func escape() throws(Problem) -> PatternTree {
        guard let next else { throw wrong("‘\\’ stands at the end") }
        switch next {
        case "b", "B", "A", "z", "Z":
            position += 1
            return .anchor(next == "b" ? .wordEdge : next == "B" ? .insideWord : next == "A" ? .start : .end)
        default: return .characters(folded(try escapedSet()))
        }
    }

    /// The set that a letter behind `\` means, or the character itself.
    private mutating func escapedSet() throws(Problem) -> ScalarSet {
        guard let next else { throw wrong("‘\\’ stands at the end") }
        position += 1
        switch next {
        case "d": return .digit
        case "D": return ScalarSet.digit.negated
        case "s": return .space
        case "S": return ScalarSet.space.negated
        case "w": return .word
        case "W": return ScalarSet.word.negated
        case "t": return ScalarSet("\t")
        case "n": return ScalarSet("\n")
        case "r": return ScalarSet("\r")
        case "f": return ScalarSet("\u{c}")
        case "v": return ScalarSet("\u{b}")
        case "0": return ScalarSet("\0")
        case "x": return ScalarSet(try code(digits: 2))
        case "u": return ScalarSet(try code(digits: 4))
        case "p", "P": return try category(isNegated: next == "P")
        default:
            guard !next.properties.isAlphabetic, next.properties.numericType == nil else {
                let what =
                    next.properties.numericType == nil ? "there is no ‘\\\(next)’" : "references to groups are not supported"
                throw wrong(what)
            }
            return ScalarSet(next)
        }
    }

    private mutating func code(digits: Int) throws(Problem) -> Unicode.Scalar {
        var text = String.UnicodeScalarView()
        if take("{") {
            while let next, next != "}" {
                text.append(next)
                position += 1
            }
            guard take("}") else { throw wrong("‘{’ is not closed") }
        } else {
            let end = min(position + digits, scalars.count)
            text.append(contentsOf: scalars[position..<end])
            position = end
            guard text.count == digits else { throw wrong("\(digits) hexadecimal digits are missing") }
        }
        guard let value = UInt32(String(text), radix: 16), let scalar = Unicode.Scalar(value) else {
            throw wrong("‘\(String(text))’ is no character’s code")
        }
        return scalar
    }

    private mutating func category(isNegated: Bool) throws(Problem) -> ScalarSet {
        guard take("{") else { throw wrong("‘{’ must follow ‘\\p’") }
        var name = String.UnicodeScalarView()
        while let next, next != "}" {
            name.append(next)
            position += 1
        }
        guard take("}"), let category = ScalarSet.Category(rawValue: String(name)) else {
            throw wrong("‘\(String(name))’ is no category of characters")
        }
        return ScalarSet(parts: [.category(category)], isNegated: isNegated)
    }

    // MARK: Sets

    private mutating func set() throws(Problem) -> ScalarSet {
        var set = ScalarSet()
        set.isNegated = take("^")
        var isFirst = true
        while let next, isFirst || next != "]" {
            isFirst = false
            let first = try member()
            guard self.next == "-", position + 1 < scalars.count, scalars[position + 1] != "]", let low = first.single else {
                set.parts.append(.set(first))
                continue
            }
            position += 1
            guard let high = try member().single, low <= high else { throw wrong("a range in a set goes backwards") }
            set.parts.append(.range(low...high))
        }
        guard take("]") else { throw wrong("‘[’ is not closed") }
        return set
    }

    private mutating func member() throws(Problem) -> ScalarSet {
        guard let next else { throw wrong("‘[’ is not closed") }
        position += 1
        if next == "\\" {
            if self.next == "b" {
                position += 1
                return ScalarSet("\u{8}")
            }
            return try escapedSet()
        }
        guard next == "[", take(":") else { return ScalarSet(next) }
        var name = String.UnicodeScalarView()
        while let next = self.next, next != ":" {
            name.append(next)
            position += 1
        }
        guard take(":"), take("]"), let set = ScalarSet.named[String(name)] else {
            throw wrong("there is no set ‘[:\(String(name)):]’")
        }
        return set
    }

    // MARK: Reading

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private func wrong(_ what: String) -> Problem {
        let shown = Describe.value(.text(pattern))
        return Problem("tosca.wrong-arguments", "\(shown) is no regular expression: \(what), at character \(position + 1)")
    }
}

extension ScalarSet {
    /// The only character, if it is one and no more.
    fileprivate var single: UInt32? {
        guard parts.count == 1, !isNegated, case .range(let range) = parts[0], range.count == 1 else { return nil }
        return range.lowerBound
    }
}
