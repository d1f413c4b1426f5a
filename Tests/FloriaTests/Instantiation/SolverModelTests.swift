// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// Random small designs, compared with trying everything.
@Suite struct SolverModelTests {
    @Test func `a design can be made exactly if there is an assignment, and then with one`() async throws {
        var solvable = 0
        for seed in 1...2000 {
            let model = SolverModel(seed: UInt64(seed))
            if try await check(model, seed) { solvable += 1 }
        }
        // The cases are worth something only if both kinds are among them.
        #expect(solvable > 300 && solvable < 1700)
    }

    @Test func `filters that look at what other edges lead to are true in the end, if they can be`() async throws {
        var solvable = 0
        for seed in 1...600 {
            let model = SolverModel(seed: UInt64(seed), looksAround: true)
            if try await check(model, seed) { solvable += 1 }
        }
        #expect(solvable > 100 && solvable < 550)
    }

    @Test func `as many optional edges are made as there can be where all take the same`() async throws {
        var missing = 0
        for seed in 1...500 {
            let model = SolverModel(seed: UInt64(seed), isUniform: true, hasOptional: true)
            guard let most = model.mostOptional() else { continue }
            let graph = try await model.design().instantiate()
            let made = graph.edges.values.count { $0.name.hasPrefix("optional") }
            #expect(made == most, "seed \(seed)")
            #expect(model.accepts(graph), "seed \(seed)")
            if made < model.slots(optional: true).count { missing += 1 }
        }
        #expect(missing > 50)
    }

    @Test func `the order in which a design lists its templates changes nothing`() async throws {
        for seed in 1...200 {
            let design = SolverModel(seed: UInt64(seed)).design()
            guard let graph = try? await design.instantiate() else { continue }
            var random = RandomEntities(seed: UInt64(seed))
            #expect(try await design.shuffled(using: &random).instantiate() == graph, "seed \(seed)")
        }
    }

    @Test func `planning again changes nothing, and what is new moves nothing without need`() async throws {
        for seed in 1...300 {
            let model = SolverModel(seed: UInt64(seed), isUniform: true)
            guard let graph = try? await model.design().instantiate() else { continue }
            #expect(try await model.design().instantiate(onto: graph) == graph, "seed \(seed)")
            let more = SolverModel(adding: 1, to: model)
            guard let again = try? await more.design().instantiate(onto: graph) else { continue }
            let moved = graph.edges.values.count { again.edge($0.header.id)?.target != $0.target }
            if moved > 0 { #expect(!more.hasAssignment(keeping: graph), "seed \(seed)") }
        }
    }

    /// Whether the design can be made; fails if trying everything says something else.
    private func check(_ model: SolverModel, _ seed: Int) async throws -> Bool {
        do throws(Problems) {
            let graph = try await model.design().instantiate()
            #expect(model.accepts(graph), "seed \(seed)")
            return true
        } catch {
            #expect(error.all.allSatisfy { $0.code == "floria.unsatisfied-requirement" }, "seed \(seed): \(error)")
            #expect(!error.description.contains("search-limit"), "seed \(seed)")
            #expect(!model.hasAssignment(), "seed \(seed): \(error)")
            return false
        }
    }
}

/// A few sources that ask for a few targets.
struct SolverModel {
    struct Target {
        var name: String
        var classes: Set<String>
        var rank: Int
        var capacities: [String: Int]
    }

    struct Requirement {
        var source: Int
        var name: String
        var wanted: String
        var count: Int
        var rank: Int?
        var amounts: [String: Int]
        /// How many edges may lead to its target, if the filter looks at that.
        var crowd: Int?
        /// How much must be left for it, if the filter looks at that.
        var left: Int?
        var isOptional: Bool
    }

    struct Slot {
        var requirement: Int
        var index: Int
    }

    private var sources: Int
    private var targets: [Target]
    private var requirements: [Requirement] = []

    init(seed: UInt64, looksAround: Bool = false, isUniform: Bool = false, hasOptional: Bool = false) {
        var random = RandomEntities(seed: seed)
        func number(_ range: ClosedRange<Int>) -> Int { range.randomElement(using: &random) ?? 0 }
        sources = number(1...3)
        targets = (0..<number(1...(looksAround ? 3 : 4))).map { index in
            Target(
                name: "t\(index)", classes: [["A"], ["B"], ["A", "B"]][number(0...2)], rank: number(0...3),
                capacities: isUniform
                    ? ["room": number(0...2)]
                    : ["room": number(0...(looksAround ? 8 : 4)), "seats": number(1...(looksAround ? 8 : 4))])
        }
        var slots = 0
        for source in 0..<sources {
            for row in 0..<number(1...2) {
                let isOptional = hasOptional && number(0...1) == 0
                let count = number(1...2)
                slots += count
                if slots > (looksAround ? 4 : 5) { break }
                requirements.append(
                    Requirement(
                        source: source, name: "\(isOptional ? "optional" : "needs")\(row)",
                        wanted: number(0...1) == 0 ? "A" : "B",
                        count: count, rank: number(0...2) == 0 ? number(1...3) : nil,
                        amounts: isUniform ? ["room": 1] : ["room": number(0...2), "seats": number(0...2)],
                        crowd: looksAround && number(0...1) == 0 ? number(1...2) : nil,
                        left: looksAround && number(0...1) == 0 ? number(1...3) : nil, isOptional: isOptional))
            }
        }
    }

    /// The same with more sources, which come first in the order of names.
    init(adding count: Int, to other: SolverModel) {
        self = other
        guard var first = requirements.first else { return }
        first.source = -count
        requirements.insert(first, at: 0)
    }

    private func sourceName(_ source: Int) -> String { source < 0 ? "a\(-source)" : "s\(source)" }

    func design() -> TestDesign {
        var design = TestDesign()
        for target in targets {
            var properties = target.capacities.mapValues { Property(updater: .integer($0)) }
            properties["rank"] = Property(updater: .integer(target.rank))
            design.node(target.name, classes: target.classes.sorted(), properties)
        }
        for source in Set(requirements.map(\.source)).sorted() { design.node(sourceName(source)) }
        for requirement in requirements {
            var properties: [String: Property] = [:]
            for (name, amount) in requirement.amounts {
                properties["takes.\(name)"] = Property(
                    updater: .integer(amount), metadata: ValueMap([("allocates", .text(name))]))
            }
            design.edge(
                requirement.name, of: sourceName(requirement.source), count: .integer(requirement.count),
                optional: requirement.isOptional, properties
            ) {
                $0.targetClass = .type(requirement.wanted)
                $0.filter = filter(requirement)
            }
        }
        return design
    }

    private func filter(_ requirement: Requirement) -> Value? {
        var clauses: [Value] = []
        if let rank = requirement.rank { clauses.append(.t("less", .t("of-target", "rank"), .integer(rank))) }
        if let crowd = requirement.crowd { clauses.append(.t("less", .t("crowd"), .integer(crowd + 1))) }
        if let left = requirement.left { clauses.append(.t("less", .integer(left - 1), .t("left", "room"))) }
        return clauses.isEmpty ? nil : .t("all", .list(clauses))
    }

    // MARK: Trying everything

    func slots(optional isOptional: Bool) -> [Slot] {
        requirements.indices.filter { requirements[$0].isOptional == isOptional }.flatMap { position in
            (0..<requirements[position].count).map { Slot(requirement: position, index: $0) }
        }
    }

    /// Whether targets, some missing, keep all that must be kept.
    private func accepts(_ slots: [Slot], _ chosen: [Int?]) -> Bool {
        var left = targets.map(\.capacities)
        var crowd = targets.map { _ in 0 }
        var used: Set<[Int]> = []
        for (slot, target) in zip(slots, chosen) {
            guard let target else { continue }
            let requirement = requirements[slot.requirement]
            guard targets[target].classes.contains(requirement.wanted), used.insert([slot.requirement, target]).inserted,
                requirement.rank.map({ targets[target].rank < $0 }) ?? true
            else { return false }
            crowd[target] += 1
            for (name, amount) in requirement.amounts { left[target][name, default: 0] -= amount }
        }
        if left.contains(where: { $0.values.contains { $0 < 0 } }) { return false }
        return zip(slots, chosen).allSatisfy { slot, target in
            guard let target else { return true }
            let requirement = requirements[slot.requirement]
            let others = left[target]["room", default: 0] + requirement.amounts["room", default: 0]
            return crowd[target] <= requirement.crowd ?? .max && others >= requirement.left ?? 0
        }
    }

    private func any(_ slots: [Slot], _ chosen: [Int?], from position: Int, _ accepts: ([Int?]) -> Bool) -> Bool {
        if position == slots.count { return accepts(chosen) }
        if chosen[position] != nil { return any(slots, chosen, from: position + 1, accepts) }
        return targets.indices.contains { target in
            var chosen = chosen
            chosen[position] = target
            return any(slots, chosen, from: position + 1, accepts)
        }
    }

    /// Whether all edges that must be there can be; those of a graph where they are.
    func hasAssignment(keeping graph: Graph? = nil) -> Bool {
        let slots = slots(optional: false)
        let kept = slots.map { slot in graph.flatMap { target(of: slot, in: $0) } }
        return any(slots, kept, from: 0) { accepts(slots, $0) }
    }

    /// How many optional edges there can be at most; nil if those that must be there can't.
    func mostOptional() -> Int? {
        guard hasAssignment() else { return nil }
        let (needed, optional) = (slots(optional: false), slots(optional: true))
        var most = 0
        for mask in 0..<(1 << optional.count) where mask.nonzeroBitCount > most {
            let present = needed + optional.indices.filter { mask & (1 << $0) != 0 }.map { optional[$0] }
            let nothing = [Int?](repeating: nil, count: present.count)
            if any(present, nothing, from: 0, { accepts(present, $0) }) { most = mask.nonzeroBitCount }
        }
        return most
    }

    private func target(of slot: Slot, in graph: Graph) -> Int? {
        let requirement = requirements[slot.requirement]
        let id = ID.link("\(sourceName(requirement.source)).\(requirement.name)-\(slot.index)")
        return graph.edge(id).flatMap { edge in targets.firstIndex { $0.name == edge.target.name } }
    }

    /// Whether a graph has all edges that must be there, and all keep what must be kept.
    func accepts(_ graph: Graph) -> Bool {
        let (needed, optional) = (slots(optional: false), slots(optional: true))
        let slots = needed + optional
        let chosen = slots.map { target(of: $0, in: graph) }
        return !chosen.prefix(needed.count).contains(nil) && accepts(slots, chosen)
            && graph.edges.count == chosen.count { $0 != nil }
    }
}
