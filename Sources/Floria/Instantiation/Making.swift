// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// A graph that is being made from a design: its vertexes. The other files have its values, handlers and edges.
struct Making {
    /// The most targets that an edge count without an upper bound takes of a finder.
    static let finderLimit = 10_000

    let limits: InstantiationLimits
    let name: String
    let provenance: Provenance
    let present: Graph
    let root: ID
    let vertexTemplates: [ID: VertexTemplate]
    let edgeTemplates: [ID: EdgeTemplate]
    let working: WorkingGraph
    /// What lies around the service, if that is known.
    let surroundings: Surroundings?
    var settling: Settling
    /// Whether it was given up because there would be too much.
    private(set) var isTooLarge = false
    /// What is wrong.
    private(set) var faults: [Fault] = []
    /// The templates of vertexes that are not made from what their origin names: handlers have altered it, or an alternative
    /// takes its place.
    var altered: [ID: VertexTemplate] = [:]
    /// The alternatives that vertexes are made from.
    var taken: [ID: AlternativeChoice] = [:]
    /// The alternatives that will not do.
    let refusals: Refusals
    /// The vertexes in the order in which they were made.
    private(set) var made: [ID] = []
    /// Whether an edge's filter looked at what other edges may change.
    var hasLookedAround = false
    /// What is known of the edges.
    var edges = EdgeState()

    init(
        _ design: Design, name: String, functions: Functions, provenance: Provenance, present: Graph, store: (any Store)?,
        refusals: Refusals, limits: InstantiationLimits
    ) {
        self.name = name
        self.limits = limits
        self.refusals = refusals
        self.provenance = provenance
        self.present = present
        root = design.root
        vertexTemplates = Dictionary(design.vertexTemplates.map { ($0.header.id, $0) }) { first, _ in first }
        edgeTemplates = Dictionary(design.edgeTemplates.map { ($0.header.id, $0) }) { first, _ in first }
        surroundings = store.map { Surroundings(store: $0, service: name) }
        working = WorkingGraph(
            Graph(), part: surroundings.map { _ in GraphSupplier.Part() }, ownService: name, tellsChanges: false)
        settling = Settling(working, functions: functions, provenance: provenance)
        settling.isMaking = true
        settling.supplier = surroundings?.supplier
    }

    /// Takes note of something that is wrong with a vertex or an edge.
    mutating func blame(_ entity: ID?, for problem: Problem, isWaiting: Bool = false) {
        faults.append(Fault(entity: entity, problem: problem, isWaiting: isWaiting))
    }

    /// Makes the service's vertex with its inputs.
    mutating func makeRoot(_ inputs: [String: Value]) async {
        let id = ID.vertex(.root, name)
        guard let known = vertexTemplates[root] else { return blame(nil, for: unknownTemplate(root)) }
        let template: VertexTemplate
        do throws(EvaluationFailure) {
            template = try await prepared(known, at: id)
        } catch {
            return blame(nil, for: error.problem.placed(at: known.header.place))
        }
        var (vertex, carried) = vertex(template, id: id, container: nil, index: 0)
        for (key, value) in inputs.sorted(by: { $0.key < $1.key }) {
            guard vertex.properties["input.\(key)"] != nil else {
                blame(nil, for: unknownInput(key, of: vertex))
                continue
            }
            // What is given takes the place of the default, and passes the preparer as that would.
            vertex.properties["input.\(key)"]?.updater = value
            vertex.properties["input.\(key)"]?.value = nil
        }
        insert(vertex, of: template, settled: carried)
    }

    /// Makes everything.
    mutating func make(_ inputs: [String: Value]) async {
        await makeRoot(inputs)
        await makeContained()
        if isTooLarge { return }
        await settle()
        if faults.isEmpty { await handleVertexes() }
        if faults.isEmpty { await makeEdges() }
    }

    private struct Contents {
        var container: ID
        var opensDirectory: Bool
        var template: VertexTemplate
        var depth: Int
    }

    /// Makes everything that the service's vertex contains. A count that needs a vertex which isn't made yet waits for it.
    ///
    /// What a vertex contains is made before what comes after it, so that a design without end is found to be too deep
    /// before it is large.
    mutating func makeContained() async {
        guard let vertex = working.vertex(.vertex(.root, name)) else { return }
        var waiting = contents(of: vertex, depth: 1)
        while !waiting.isEmpty {
            var stack = Array(waiting.reversed())
            var postponed: [(Contents, Problem)] = []
            var hasMade = false
            while let contents = stack.popLast() {
                do throws(EvaluationFailure) {
                    stack += try await make(contents).reversed()
                    hasMade = true
                } catch {
                    // What is too large is that with all alternatives, and takes long enough.
                    isTooLarge = error.problem.code == "floria.too-large"
                    if isTooLarge { return blame(nil, for: error.problem) }
                    postponed.append((contents, error.problem))
                }
            }
            if !hasMade {
                for (contents, problem) in postponed {
                    blame(contents.container, for: problem.placed(at: contents.template.header.place))
                }
                return
            }
            if !postponed.isEmpty { await settleAgain() }
            waiting = postponed.map(\.0)
        }
    }

    /// The template that a vertex was made from.
    func template(of vertex: Vertex) -> VertexTemplate? {
        altered[vertex.header.id] ?? vertex.origin.flatMap { vertexTemplates[$0] }
    }

    private mutating func contents(of container: Vertex, depth: Int) -> [Contents] {
        guard let template = template(of: container), !template.contained.isEmpty else { return [] }
        return template.contained.compactMap { id in
            guard let contained = vertexTemplates[id] else {
                blame(nil, for: unknownTemplate(id))
                return nil
            }
            return Contents(
                container: container.header.id, opensDirectory: template.opensDirectory, template: contained, depth: depth)
        }
    }

    private mutating func make(_ contents: Contents) async throws(EvaluationFailure) -> [Contents] {
        let template = try await prepared(contents.template, at: contents.container)
        let count = try await count(of: template, at: contents.container)
        if count > 0 && contents.depth > limits.depth {
            throw .failed(tooDeep(childID(contents, template, 0), template.header))
        }
        if count > limits.vertexes - made.count {
            throw .failed(tooMany(count, of: childID(contents, template, 0), template.header))
        }
        // All are known before the first is made, because what has to wait is tried again from the start.
        var instances: [(id: ID, template: VertexTemplate)] = []
        instances.reserveCapacity(count)
        for index in 0..<count {
            let id = childID(contents, template, index)
            var instance = template
            if template.alternatives != nil { instance = try await alternative(of: template, as: id, in: contents.container) }
            instances.append((id, instance))
        }
        var next: [Contents] = []
        for (index, instance) in instances.enumerated() {
            var (vertex, carried) = vertex(instance.template, id: instance.id, container: contents.container, index: index)
            vertex.origin = template.header.id
            if insert(vertex, of: instance.template, settled: carried) {
                next += self.contents(of: vertex, depth: contents.depth + 1)
            }
        }
        return next
    }

    private mutating func count(of template: VertexTemplate, at site: ID) async throws(EvaluationFailure) -> Int {
        guard let expression = template.count else { return 1 }
        let value = try await evaluate(expression, at: site)
        guard let count = value.integer, count >= 0 else {
            throw .failed(malformedCount(value, template.header))
        }
        return count
    }

    @discardableResult
    private mutating func insert(_ vertex: Vertex, of template: VertexTemplate, settled: Set<String>) -> Bool {
        let id = vertex.header.id
        do { try id.check() } catch {
            blame(vertex.container, for: error.placed(at: vertex.header.place))
            return false
        }
        guard !working.contains(id) else {
            blame(
                vertex.container,
                for: Problem("floria.duplicate-name", "two vertexes would have the name ‘\(id)’", at: vertex.header.place))
            return false
        }
        if !template.instantiationHandlers.isEmpty || vertex.origin != template.header.id { altered[id] = template }
        working.insert(.vertex(vertex), settled: settled)
        made.append(id)
        return true
    }

    private func childID(_ contents: Contents, _ template: VertexTemplate, _ index: Int) -> ID {
        let own = template.count == nil ? template.instanceName : "\(template.instanceName)-\(index)"
        let id = contents.container
        if contents.opensDirectory { return .vertex(id.directory.appending(id.name), own) }
        return .vertex(id.directory, "\(id.name).\(own)")
    }

    /// An instance of a template, and the names of the properties whose values it has got before.
    private func vertex(
        _ template: VertexTemplate, id: ID, container: ID?, index: Int
    ) -> (vertex: Vertex, carried: Set<String>) {
        let header = EntityHeader(id, metadata: template.header.metadata, provenance: provenance)
        var vertex = Vertex(header, classes: template.classes, container: container)
        vertex.origin = template.header.id
        vertex.handlers = template.handlers
        vertex.index = index
        let carried: Set<String>
        (vertex.properties, carried) = template.properties.carrying(present.vertex(id)?.properties)
        return (vertex, carried)
    }
}
