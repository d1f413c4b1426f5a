// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Finds a target for each of several edges, so that no capacity is exceeded and edges of one group differ: by trying,
/// those with the fewest options first, and taking back what leads nowhere.
struct AssignmentSearch {
    /// Something that an option takes of a capacity.
    struct Demand {
        /// The capacity's position.
        var capacity: Int
        var amount: Quantity
    }

    /// A target that an edge may have.
    struct Option {
        /// What only one edge of a group may have.
        var unit: ID
        var demands: [Demand]
    }

    /// An edge that looks for a target.
    struct Variable {
        /// The preferred ones first.
        var options: [Option]
        /// Edges of one group have different units.
        var group: Int
    }

    /// What came of a search.
    enum Outcome: Equatable {
        /// The position of the option of each variable.
        case found([Int])
        case impossible
        /// The limit was reached before.
        case undecided
    }

    /// How many options may be looked at.
    static let stepLimit = 2_000_000

    private let variables: [Variable]
    private var left: [Quantity]
    private var used: [Int: Set<ID>] = [:]
    private var chosen: [Int?]
    private var steps = 0

    init(_ variables: [Variable], capacities: [Quantity]) {
        self.variables = variables
        left = capacities
        chosen = Array(repeating: nil, count: variables.count)
    }

    /// Finds an assignment that is none of those that are known not to do.
    mutating func solve(avoiding known: Set<[Int]> = []) -> Outcome { next(known) ?? .impossible }

    /// Nil if there is none with what is chosen.
    private mutating func next(_ known: Set<[Int]>) -> Outcome? {
        guard let (variable, options) = mostConstrained() else {
            let assignment = chosen.compactMap { $0 }
            return known.contains(assignment) ? nil : .found(assignment)
        }
        for option in options {
            if steps > Self.stepLimit { return .undecided }
            choose(option, for: variable)
            if let outcome = next(known) { return outcome }
            takeBack(option, of: variable)
        }
        return nil
    }

    /// The open variable with the fewest options that are left, with these; nil if none is open.
    private mutating func mostConstrained() -> (variable: Int, options: [Int])? {
        var best: (variable: Int, options: [Int])?
        for variable in variables.indices where chosen[variable] == nil {
            let options = variables[variable].options.indices.filter { isPossible($0, for: variable) }
            steps += variables[variable].options.count
            if options.count < best?.options.count ?? .max { best = (variable, options) }
            if options.isEmpty { break }
        }
        return best
    }

    private func isPossible(_ option: Int, for variable: Int) -> Bool {
        let option = variables[variable].options[option]
        if used[variables[variable].group]?.contains(option.unit) == true { return false }
        return option.demands.allSatisfy { left[$0.capacity].covers($0.amount) }
    }

    private mutating func choose(_ position: Int, for variable: Int) {
        chosen[variable] = position
        let option = variables[variable].options[position]
        used[variables[variable].group, default: []].insert(option.unit)
        for demand in option.demands { left[demand.capacity] = left[demand.capacity] - demand.amount }
    }

    private mutating func takeBack(_ position: Int, of variable: Int) {
        chosen[variable] = nil
        let option = variables[variable].options[position]
        used[variables[variable].group]?.remove(option.unit)
        for demand in option.demands { left[demand.capacity] = left[demand.capacity] + demand.amount }
    }
}
