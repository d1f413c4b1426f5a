// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Decides which operations turn the graph that is into the graph that is wanted, and what each waits for.
///
/// What is obsolete ends after all that depends on it has ended; what is new begins after what it depends on has
/// begun (TOSCA 2.0 §4.4). Everything else runs side by side.
struct OperationPlanner {
    /// The graph before the change.
    let present: Graph
    /// The graph after it.
    let wanted: Graph
    /// What the change does to each entity.
    let categories: [ID: ChangeSet.Category]
    /// The last operation of the lifecycle that was done for each node.
    let progress: [ID: String]

    /// One step of the plan; `waitsFor` holds positions of earlier or later steps.
    struct Step {
        var subject: ID
        var operation: String
        var waitsFor: Set<Int>
    }

    /// All steps, those of one node in order.
    ///
    /// What ends can always end: where nodes need each other in a circle, some of them don't wait.
    ///
    /// - Throws: `plan.cyclic-dependency` if nodes that are to be made need each other in a circle.
    func steps() throws(Problems) -> [Step] {
        let steps = ordered(dependencies)
        if StepOrder.waitingForever(steps).isEmpty { return steps }
        let isEnding = Dictionary(grouping: dependencies, by: endsSomething)
        let patient = ordered(isEnding[false] ?? [], then: isEnding[true] ?? [])
        let stuck = StepOrder.waitingForever(patient)
        if stuck.isEmpty { return patient }
        throw Problems([cycle(StepOrder.circle(patient, among: stuck))])
    }

    /// The steps, with the waits that dependencies ask for, but for those of `doubtful` that would close a circle.
    private func ordered(_ dependencies: [Edge], then doubtful: [Edge] = []) -> [Step] {
        var steps: [Step] = []
        var chains: [ID: [Range<Int>]] = [:]
        for node in nodes {
            let operations = operations(for: node)
            guard !operations.isEmpty else { continue }
            let first = steps.count
            for (offset, operation) in operations.enumerated() {
                steps.append(
                    Step(subject: node.header.id, operation: operation, waitsFor: offset == 0 ? [] : [first + offset - 1]))
            }
            for id in nodes(around: node) { chains[id, default: []].append(first..<steps.count) }
        }
        for edge in dependencies { order(edge, chains, &steps) }
        for edge in doubtful { order(edge, chains, &steps, unlessCircular: true) }
        appendEdgeOperations(chains, &steps)
        return steps
    }

    private func cycle(_ steps: [Step]) -> Problem {
        var nodes: [ID] = []
        for step in steps where nodes.last != step.subject { nodes.append(step.subject) }
        if nodes.count > 1, nodes.first == nodes.last { nodes.removeLast() }
        let names = (nodes + nodes.prefix(1)).map { "‘\($0)’" }.joined(separator: " → ")
        return Problem(
            "plan.cyclic-dependency", "nodes need each other in a circle, so that none can be started first: \(names)",
            at: nodes.first.flatMap { wanted.vertex($0)?.header.metadata["location"] }.flatMap(Problem.Place.init(value:)),
            hint: "leave one of the requirements out; one made by hand is removed with ‘khutulun edge remove’")
    }

    private var nodes: [Vertex] {
        let ids = Set(present.vertexes.keys).union(wanted.vertexes.keys).sorted()
        return ids.compactMap { wanted.vertex($0) ?? present.vertex($0) }.filter { $0.kind == "node" }
    }

    /// A node, and the nodes that it is part of because services substitute for them: they are there when all of it is.
    private func nodes(around node: Vertex) -> [ID] {
        var nodes: [ID] = []
        var next: Vertex? = node
        while let vertex = next {
            if vertex.kind == "node" { nodes.append(vertex.header.id) }
            next = vertex.container.flatMap { wanted.vertex($0) ?? present.vertex($0) }
        }
        return nodes
    }

    private func isEnding(_ id: ID) -> Bool { wanted.vertex(id) == nil }

    private func operations(for node: Vertex) -> [String] {
        let id = node.header.id
        let graph = isEnding(id) ? present : wanted
        guard let interface = graph.lifecycle(of: id), let name = interface.symbolicName else { return [] }
        let available = Set(interface.handlers.map(\.event))
        return wantedOperations(id).filter(available.contains).map { "\(name).\($0)" }
    }

    private func wantedOperations(_ id: ID) -> [String] {
        if isEnding(id) { return progress[id] == nil && categories[id] != .obsolete ? [] : Lifecycle.ending }
        if let done = progress[id], let position = Lifecycle.making.firstIndex(of: done) {
            let rest = Array(Lifecycle.making[(position + 1)...])
            return isChanged(id) ? Lifecycle.changing : isComplete(id, done) ? [] : rest
        }
        return Lifecycle.making
    }

    private func isComplete(_ id: ID, _ done: String) -> Bool {
        let events = wanted.lifecycle(of: id)?.handlers.map(\.event) ?? []
        return Lifecycle.making.last(where: events.contains) == done
    }

    /// Whether the node, what it contains, or what it needs differs from what was implemented.
    private func isChanged(_ id: ID) -> Bool {
        if differs(id) || wanted.contained(in: id).contains(where: { isChanged($0.header.id) }) { return true }
        let before = Set(present.outgoing(from: id).map(\.header.id))
        let after = wanted.outgoing(from: id).map(\.header.id)
        return before != Set(after) || after.contains(where: differs)
    }

    private func differs(_ id: ID) -> Bool { categories[id].map { $0 == .novel || $0 == .modified } ?? false }

    /// The dependencies of both graphs, each once.
    private var dependencies: [Edge] {
        let gone = present.edges.values.filter { wanted.edge($0.header.id) == nil }
        return (gone + wanted.edges.values).filter { $0.classes.contains(Lifecycle.dependency) }
            .sorted { $0.header.id < $1.header.id }
    }

    /// Whether an edge says in which order things end.
    private func endsSomething(_ edge: Edge) -> Bool {
        let graph = wanted.vertex(edge.target) == nil ? present : wanted
        return isEnding(edge.source) || graph.node(of: edge.target).map(isEnding) == true || wanted.edge(edge.header.id) == nil
    }

    private func order(_ edge: Edge, _ chains: [ID: [Range<Int>]], _ steps: inout [Step], unlessCircular: Bool = false) {
        let graph = wanted.vertex(edge.target) == nil ? present : wanted
        guard let target = graph.node(of: edge.target), target != edge.source else { return }
        for needed in chains[target] ?? [] {
            for needing in chains[edge.source] ?? [] where needing != needed {
                order(edge, needing, after: needed, &steps, unlessCircular: unlessCircular)
            }
        }
    }

    private func order(
        _ edge: Edge, _ needing: Range<Int>, after needed: Range<Int>, _ steps: inout [Step], unlessCircular: Bool
    ) {
        if endsSomething(edge) {
            let (first, last) = (needed.lowerBound, needing.upperBound - 1)
            if unlessCircular, StepOrder.waits(last, for: first, in: steps) { return }
            steps[first].waitsFor.insert(last)
        } else {
            let isHosted = edge.classes.contains(Lifecycle.hosting)
            let waiting = needing.first {
                isHosted || Lifecycle.needsDependencies.contains(steps[$0].operation.operationName)
            }
            if let waiting { steps[waiting].waitsFor.insert(needed.upperBound - 1) }
        }
    }

    private func appendEdgeOperations(_ chains: [ID: [Range<Int>]], _ steps: inout [Step]) {
        for edge in wanted.edges.values.sorted(by: { $0.header.id < $1.header.id }) where categories[edge.header.id] == .novel {
            var waitsFor = Set(
                [edge.source, wanted.node(of: edge.target)].compactMap { $0 }.flatMap { chains[$0] ?? [] }
                    .map { $0.upperBound - 1 })
            for name in Lifecycle.making {
                for handler in edge.handlers where handler.event.operationName == name {
                    steps.append(Step(subject: edge.header.id, operation: handler.event, waitsFor: waitsFor))
                    waitsFor = [steps.count - 1]
                }
            }
        }
    }
}

extension Graph {
    /// The vertex of the lifecycle interface of a node.
    func lifecycle(of node: ID) -> Vertex? {
        contained(in: node).first { $0.kind == "interface" && $0.classes.contains(Lifecycle.interface) }
    }

    /// The node that a vertex is, or belongs to.
    func node(of id: ID) -> ID? {
        var current = vertex(id)
        while let vertex = current, vertex.kind != "node" { current = vertex.container.flatMap(self.vertex) }
        return current?.header.id
    }
}

extension String {
    /// The operation's own name in `INTERFACE.OPERATION`.
    var operationName: String { split(separator: ".").last.map(String.init) ?? self }
}
