// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// The alternatives that turned out not to do, with the reason, by the vertexes that they were made as.
///
/// A design whose alternatives turn out not to do is made again without these, from the start.
struct Refusals {
    /// How often a design is made again.
    static let limit = 200

    private var problems: [ID: [ID: Problem]] = [:]
    private(set) var count = 0

    /// Why an alternative will not do; nil if that isn't known.
    func problem(of alternative: ID, as vertex: ID) -> Problem? { problems[vertex]?[alternative] }

    mutating func add(_ alternative: ID, as vertex: ID, because problem: Problem) {
        if problems[vertex, default: [:]].updateValue(problem, forKey: alternative) == nil { count += 1 }
    }
}

/// Something that is wrong with a graph that is being made, and the vertex or edge that it is wrong with.
struct Fault {
    var entity: ID?
    var problem: Problem
    /// Whether it may be no fault once the others are mended: a requirement that waits for something.
    var isWaiting = false
}

extension Making {
    /// The key in a vertex's metadata that names the alternative it was made from.
    static let alternativeKey = "alternative"

    /// The first alternative of a template that will do: the one that is there already, if it still does.
    mutating func alternative(
        of template: VertexTemplate, as vertex: ID, in container: ID
    ) async throws(EvaluationFailure) -> VertexTemplate {
        var choice = AlternativeChoice(vertex: vertex, template: template.header.id)
        let known = present.vertex(vertex)?.header.metadata[Self.alternativeKey]?.text
        let all = template.alternatives ?? []
        let alternatives =
            all.filter { $0.template.documentText == known } + all.filter { $0.template.documentText != known }
        var chosen: VertexTemplate?
        for alternative in alternatives {
            let outcome =
                chosen == nil
                ? try await outcome(of: alternative, as: vertex, in: container) : AlternativeChoice.Outcome.possible
            if case .chosen = outcome {
                guard let made = vertexTemplates[alternative.template] else {
                    throw .failed(unknownTemplate(alternative.template))
                }
                chosen = try await prepared(made, at: container)
            }
            choice.candidates.append(AlternativeChoice.Candidate(template: alternative.template, outcome: outcome))
        }
        guard var chosen else { throw .failed(noAlternative(choice, template)) }
        chosen.header.metadata[Self.alternativeKey] = .text(chosen.header.id.documentText)
        taken[vertex] = choice
        return chosen
    }

    private mutating func outcome(
        of alternative: Alternative, as vertex: ID, in container: ID
    ) async throws(EvaluationFailure) -> AlternativeChoice.Outcome {
        if let problem = refusals.problem(of: alternative.template, as: vertex) { return .failed(problem) }
        guard let condition = alternative.condition else {
            return isWithin(container, madeFrom: alternative.template) ? .failed(endless(alternative)) : .chosen
        }
        // It is evaluated before there are edges, so that what others do with these doesn't matter.
        let hadLookedAround = hasLookedAround
        defer { hasLookedAround = hadLookedAround }
        do throws(EvaluationFailure) {
            return try await evaluate(condition, at: container) == true ? .chosen : .refused
        } catch {
            guard case .failed(let problem) = error else { throw error }
            return .failed(problem)
        }
    }

    /// Whether a vertex, or what it is part of, was made from an alternative.
    private func isWithin(_ id: ID, madeFrom alternative: ID) -> Bool {
        var next: ID? = id
        while let current = next {
            if taken[current]?.chosen == alternative { return true }
            next = working.container(of: current)
        }
        return false
    }

    private func endless(_ alternative: Alternative) -> Problem {
        Problem(
            "floria.endless", "‘\(alternative.template)’ would contain itself without end",
            at: vertexTemplates[alternative.template]?.header.place,
            hint: "give it a condition that is false at some time")
    }

    private func noAlternative(_ choice: AlternativeChoice, _ template: VertexTemplate) -> Problem {
        Problem(
            "floria.no-alternative", "nothing that ‘\(choice.vertex)’ could be will do", at: template.header.place,
            causes: choice.candidates.compactMap(\.problem),
            hint: choice.candidates.isEmpty ? "there is nothing to choose from" : nil)
    }

    /// Takes note of alternatives that faults lie in, so that others are tried. False if no other is left to try.
    func refuse(for faults: [Fault], in refusals: inout Refusals) -> Bool {
        let before = refusals.count
        for fault in faults where refusals.count < Refusals.limit {
            var next = fault.entity.map { working.edge($0)?.source ?? $0 }
            while let id = next {
                if let alternative = taken[id]?.chosen {
                    refusals.add(alternative, as: id, because: fault.problem)
                    break
                }
                next = working.container(of: id)
            }
        }
        return refusals.count > before
    }
}
