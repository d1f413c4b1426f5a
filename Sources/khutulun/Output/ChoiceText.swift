// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Why a graph is as it is, for people.
struct ChoiceText {
    private let choices: [Choice]
    private let alternatives: [AlternativeChoice]

    /// - Parameter node: only what leaves this vertex, and what it is made from itself; nil for everything.
    init(_ instantiation: Instantiation, of node: ID? = nil) {
        choices = instantiation.choices.filter { node == nil || $0.source == node }
        alternatives = instantiation.alternatives.filter { choice in
            node.map {
                choice.vertex == $0 || choice.vertex.name.hasPrefix("\($0.name).") && choice.vertex.directory == $0.directory
            }
                ?? true
        }
    }

    /// `{"choices", "alternatives"}`.
    var document: Value {
        ["choices": .list(choices.map(\.document)), "alternatives": .list(alternatives.map(\.document))]
    }

    /// One paragraph for each relationship and each alternative.
    func text(_ palette: Palette) -> String {
        var blocks = alternatives.map { block($0, palette) }
        blocks += choices.map { block($0, palette) }
        return blocks.joined()
    }

    private func block(_ choice: Choice, _ palette: Palette) -> String {
        let head = "\(choice.edge) → \(choice.target.map(\.description) ?? "nothing")"
        let reason =
            switch choice.reason {
            case .kept: "it led there before"
            case .only: "nothing else will do"
            case .first: "the first that will do"
            case .arranged: "so that all relationships have a target"
            case .missing: "optional, and nothing will do"
            }
        var lines = [palette.paint(head.visible, .strong) + "  " + palette.paint(reason, .faint)]
        for candidate in choice.candidates where candidate.outcome != .chosen {
            lines.append("  \(candidate.target): \(words(candidate.outcome))".visible)
        }
        let rest = choice.candidateCount - choice.candidates.count
        if rest > 0 { lines.append("  and \(rest) more") }
        return lines.map { $0 + "\n" }.joined()
    }

    private func words(_ outcome: Choice.Outcome) -> String {
        switch outcome {
        case .chosen: "chosen"
        case .possible: "would do as well"
        case .refused: "the filter refuses it"
        case .full(let name): "not enough is left of ‘\(name)’"
        case .used: "another relationship of the requirement leads to it"
        case .waiting(let problem), .failed(let problem): problem.message
        }
    }

    private func block(_ choice: AlternativeChoice, _ palette: Palette) -> String {
        let head = "\(choice.vertex) from \(choice.chosen?.name ?? "nothing")"
        var lines = [palette.paint(head.visible, .strong) + "  " + palette.paint("the first that will do", .faint)]
        for candidate in choice.candidates where candidate.outcome != .chosen {
            let words =
                switch candidate.outcome {
                case .chosen, .possible: "not tried"
                case .refused: "its condition isn't true"
                case .failed(let problem): problem.message
                }
            lines.append("  \(candidate.template.name): \(words)".visible)
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
