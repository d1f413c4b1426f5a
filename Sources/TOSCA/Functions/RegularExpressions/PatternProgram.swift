// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// A regular expression as a tree.
indirect enum PatternTree {
    case empty
    case characters(ScalarSet)
    case anchor(RegularExpression.Anchor)
    case sequence([PatternTree])
    case alternatives([PatternTree])
    /// A part that stands so many times; without an upper bound any number of times.
    case repeated(PatternTree, Int, Int?)
}

/// Makes the steps of a machine.
struct PatternProgram {
    var steps: [RegularExpression.Step] = []

    mutating func add(_ tree: PatternTree) throws(Problem) {
        guard steps.count < RegularExpression.stepLimit else {
            throw Problem(
                "tosca.wrong-arguments",
                "the regular expression is too large: with its repetitions it has more than \(RegularExpression.stepLimit) steps"
            )
        }
        switch tree {
        case .empty: break
        case .characters(let set): steps.append(.character(set))
        case .anchor(let anchor): steps.append(.anchor(anchor))
        case .sequence(let parts): for part in parts { try add(part) }
        case .alternatives(let parts): try add(alternatives: parts)
        case .repeated(let part, let least, let most): try add(part, least, most)
        }
    }

    private mutating func add(alternatives parts: [PatternTree]) throws(Problem) {
        var ends: [Int] = []
        for (index, part) in parts.enumerated() {
            guard index < parts.count - 1 else {
                try add(part)
                break
            }
            let split = steps.count
            steps.append(.split(split + 1, 0))
            try add(part)
            ends.append(steps.count)
            steps.append(.jump(0))
            steps[split] = .split(split + 1, steps.count)
        }
        for end in ends { steps[end] = .jump(steps.count) }
    }

    private mutating func add(_ part: PatternTree, _ least: Int, _ most: Int?) throws(Problem) {
        for _ in 0..<least {
            let before = steps.count
            try add(part)
            // What takes no step may stand any number of times.
            if steps.count == before { return }
        }
        guard let most else {
            let split = steps.count
            steps.append(.split(split + 1, 0))
            try add(part)
            steps.append(.jump(split))
            steps[split] = .split(split + 1, steps.count)
            return
        }
        var splits: [Int] = []
        for _ in least..<most {
            splits.append(steps.count)
            steps.append(.split(steps.count + 1, 0))
            try add(part)
        }
        for split in splits { steps[split] = .split(split + 1, steps.count) }
    }
}
