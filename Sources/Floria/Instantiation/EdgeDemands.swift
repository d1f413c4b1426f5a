// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What is known of the edges that are being made.
struct EdgeState {
    var selections: [EdgeSelection] = []
    /// The targets of selections.
    var pools: [PoolKey: TargetPool] = [:]
    var demands: [EdgeDemand] = []
    var ledger = Ledger()
    /// Edges that are there and don't come from the design; they take of capacities too.
    var foreign: Set<ID> = []
    /// The vertexes of which is known what edges of other services take.
    var noted: Set<ID> = []
    /// The slots by the IDs of their edges, once they were needed.
    var slots: [ID: Slot]?
    /// The slots for which there is no room whatever the others do.
    var hopeless: Set<Slot> = []
    /// How many targets were looked at to make room.
    var looks = 0
}

/// What selections have in common that share their targets.
struct PoolKey: Hashable {
    /// But for what is looked at for each edge.
    var selector: TargetSelector
    var directory: Directory
    /// What edges take of a target, if that is known.
    var amounts: [String: Quantity]?
}

/// The place of one edge that is asked for.
struct Slot: Hashable {
    /// The position of its demand.
    var demand: Int
    /// The edge's index.
    var index: Int
}

/// An edge template with what it selects.
struct EdgeSelection {
    /// What stays as it is. It is looked at for each edge, and too large to be copied each time.
    private let shared: SharedSelection
    /// The targets; nil if each source finds its own.
    var pool: TargetPool?

    init(_ template: EdgeTemplate) { shared = SharedSelection(template) }

    var template: EdgeTemplate { shared.template }
    /// The properties that allocate, with the names of the capacities.
    var allocations: [(property: String, capacity: String)] { shared.allocations }
    /// What they allocate, if it is written down.
    var amounts: [String: Quantity]? { shared.amounts }
}

private final class SharedSelection: Sendable {
    let template: EdgeTemplate
    let allocations: [(property: String, capacity: String)]
    let amounts: [String: Quantity]?

    init(_ template: EdgeTemplate) {
        self.template = template
        allocations = template.properties.compactMap { name, property in property.allocates.map { (name, $0) } }.sorted {
            $0.property < $1.property
        }
        var amounts: [String: Quantity] = [:]
        var isKnown = true
        for (name, capacity) in allocations {
            let property = template.properties[name]
            guard property?.preparer == nil, let amount = (property?.updater ?? property?.value).flatMap(Quantity.init) else {
                isKnown = false
                break
            }
            amounts.add(amount, to: capacity)
        }
        self.amounts = isKnown ? amounts : nil
    }
}

/// Edges that one source asks for by one template.
struct EdgeDemand {
    let source: ID
    let selection: Int
    /// Their indexes among the edges of their name that leave the source.
    let indexes: Range<Int>
    let isOptional: Bool
    /// Why they cannot be made, or not yet.
    var reason: EvaluationFailure?
    /// From the first index on whose edge isn't made yet.
    private var rest: Range<Int>
    /// Those of the rest whose edges are made.
    private var made: Set<Int> = []

    init(source: ID, selection: Int, indexes: Range<Int>, isOptional: Bool) {
        self.source = source
        self.selection = selection
        self.indexes = indexes
        self.isOptional = isOptional
        rest = indexes
    }

    /// The first index whose edge is still to be made.
    var firstOpen: Int? { rest.first }

    /// The indexes whose edges are still to be made, in order.
    var open: [Int] { rest.filter { !made.contains($0) } }

    mutating func close(_ index: Int) {
        if index < rest.lowerBound { return }
        made.insert(index)
        while let first = rest.first, made.remove(first) != nil { rest.removeFirst() }
    }

    mutating func reopen(_ index: Int) {
        if index < rest.lowerBound {
            if rest.isEmpty { rest = indexes.upperBound..<indexes.upperBound }
            made.formUnion(index + 1..<rest.lowerBound)
            rest = index..<indexes.upperBound
        } else {
            made.remove(index)
        }
    }
}

extension Making {
    /// Lists the edges that are asked for: by source, in the order of its template.
    mutating func listDemands() async {
        let index = VertexIndex(working, made, for: edgeTemplates.values.map(\.target))
        var selections: [SelectionKey: Int] = [:]
        var count = 0
        for source in index.all {
            guard let vertex = working.vertex(source), let template = template(of: vertex), !template.edges.isEmpty else {
                continue
            }
            let directory = template.opensDirectory ? source.directory.appending(source.name) : source.directory
            var wishes: [Wish] = []
            for id in template.edges {
                guard let template = edgeTemplates[id] else {
                    blame(nil, for: unknownTemplate(id))
                    continue
                }
                do throws(EvaluationFailure) {
                    wishes.append(try await wish(template, at: source, in: directory, &selections, index))
                } catch {
                    blame(source, for: error.problem.placed(at: template.header.place))
                }
            }
            count += add(wishes, of: source)
            if count > limits.edges { return blame(nil, for: tooManyEdges(source)) }
        }
    }

    /// What sources of one service have in common: where targets are looked for depends on where a source lies.
    private struct SelectionKey: Hashable {
        var template: ID
        var directory: Directory
    }

    /// What one template asks of one source.
    private struct Wish {
        var selection: Int
        var name: String
        var count: CountRange
    }

    private mutating func wish(
        _ template: EdgeTemplate, at source: ID, in directory: Directory, _ selections: inout [SelectionKey: Int],
        _ index: VertexIndex
    ) async throws(EvaluationFailure) -> Wish {
        let isAltered = !template.instantiationHandlers.isEmpty
        let key = SelectionKey(template: template.header.id, directory: directory)
        if !isAltered, template.count == nil, let known = selections[key] {
            return Wish(selection: known, name: template.instanceName, count: CountRange(1, 1))
        }
        let template = try await prepared(template, at: source)
        var count = CountRange(1, 1)
        if let expression = template.count {
            let value = try await evaluate(expression, at: source)
            if let number = value.integer, number >= 0 {
                count = CountRange(number, number)
            } else if let range = CountRange(document: value) {
                count = range
            } else {
                throw .failed(malformedCount(value, template.header))
            }
            if count.lower > limits.edges { throw .failed(tooManyEdges(source)) }
        }
        let position: Int
        if !isAltered, let known = selections[key] {
            position = known
        } else {
            position = edges.selections.count
            do throws(Problem) {
                var selection = EdgeSelection(template)
                selection.pool = try await pool(of: selection, from: directory, index)
                edges.selections.append(selection)
            } catch {
                throw .failed(error)
            }
            if !isAltered { selections[key] = position }
        }
        return Wish(selection: position, name: template.instanceName, count: count)
    }

    /// The targets of a selection, which others may have too; nil if each source has its own.
    private mutating func pool(
        of selection: EdgeSelection, from directory: Directory, _ index: VertexIndex
    ) async throws(Problem) -> TargetPool? {
        var selector = selection.template.target
        (selector.filter, selector.index, selector.order) = (nil, nil, .first)
        let key = PoolKey(selector: selector, directory: directory, amounts: selection.amounts)
        if let known = edges.pools[key] { return known }
        let pool = try await pool(of: selector, from: directory, index)
        edges.pools[key] = pool
        return pool
    }

    /// Makes demands of wishes: first what must be there and what was counted, then what may be there beyond that. Returns
    /// how many edges they are.
    private mutating func add(_ wishes: [Wish], of source: ID) -> Int {
        var next: [String: Int] = [:]
        var firm: [String: Int] = [:]
        for wish in wishes {
            let isOptional = edges.selections[wish.selection].template.isOptional
            let first = next[wish.name, default: 0]
            next[wish.name] = first + wish.count.lower
            if !isOptional { firm[wish.name, default: 0] += wish.count.lower }
            demand(wish, of: source, from: first, wish.count.lower, isOptional: isOptional)
        }
        for wish in wishes where wish.count.upper != wish.count.lower {
            let selection = edges.selections[wish.selection]
            let first = next[wish.name, default: 0]
            let most = (wish.count.upper ?? .max) - wish.count.lower
            let allowed = (selection.template.range?.upper ?? .max) - first
            let count = max(0, min(most, allowed, selection.pool?.targets.count ?? Self.finderLimit))
            next[wish.name] = first + count
            demand(wish, of: source, from: first, count, isOptional: true)
        }
        check(wishes, firm, all: next, of: source)
        return next.values.reduce(0) { $0 <= limits.edges ? $0 + $1 : $0 }
    }

    private mutating func demand(_ wish: Wish, of source: ID, from first: Int, _ count: Int, isOptional: Bool) {
        if count == 0 { return }
        let indexes = first..<first + count
        let demand = EdgeDemand(source: source, selection: wish.selection, indexes: indexes, isOptional: isOptional)
        do throws(Problem) {
            try edgeID(demand, first + count - 1).check()
            edges.demands.append(demand)
        } catch {
            blame(source, for: error.placed(at: edges.selections[wish.selection].template.header.place))
        }
    }

    /// Checks how many edges of each name are asked for against the ranges of their templates.
    private mutating func check(_ wishes: [Wish], _ firm: [String: Int], all: [String: Int], of source: ID) {
        var checked: Set<String> = []
        for wish in wishes {
            let template = edges.selections[wish.selection].template
            guard let range = template.range, checked.insert(wish.name).inserted else { continue }
            let (firm, all) = (firm[wish.name, default: 0], all[wish.name, default: 0])
            if firm >= range.lower && range.contains(max(all, range.lower)) { continue }
            let text = "\(range.lower) to \(range.upper.map(String.init) ?? "any number")"
            blame(
                source,
                for: Problem(
                    "floria.wrong-count", "‘\(source)’ asks for \(all) of the requirement ‘\(wish.name)’, not \(text)",
                    at: template.header.place,
                    hint: firm < all ? "\(all - firm) of them are optional, and don't count towards the lower bound" : nil))
        }
    }

    func edgeID(_ demand: EdgeDemand, _ index: Int) -> ID {
        let name = edges.selections[demand.selection].template.instanceName
        return ID(.edge, demand.source.directory, "\(demand.source.name).\(name)-\(index)")
    }
}
