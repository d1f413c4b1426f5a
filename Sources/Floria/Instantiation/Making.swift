// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// A graph that is being made from a design: its vertexes and their properties.
struct Making {
    /// The most vertexes that one design may make.
    static let vertexLimit = 1_000_000
    /// How deep vertexes may contain each other.
    static let depthLimit = 32

    let name: String
    let functions: Functions
    let provenance: Provenance
    let present: Graph
    let root: ID
    let vertexTemplates: [ID: VertexTemplate]
    let edgeTemplates: [ID: EdgeTemplate]
    let working = WorkingGraph(Graph())
    var problems: [Problem] = []
    private var settling: Settling
    private var vertexCount = 0

    init(_ design: Design, name: String, functions: Functions, provenance: Provenance, present: Graph) {
        self.name = name
        self.functions = functions
        self.provenance = provenance
        self.present = present
        root = design.root
        vertexTemplates = Dictionary(design.vertexTemplates.map { ($0.header.id, $0) }) { first, _ in first }
        edgeTemplates = Dictionary(design.edgeTemplates.map { ($0.header.id, $0) }) { first, _ in first }
        settling = Settling(working, functions: functions, provenance: provenance)
        settling.isMaking = true
    }

    // MARK: Vertexes

    /// Makes the service's vertex with its inputs.
    mutating func makeRoot(_ inputs: [String: Value]) {
        guard let template = vertexTemplates[root] else { return problems.append(unknownTemplate(root)) }
        var vertex = vertex(template, id: .vertex(.root, name), container: nil, index: 0)
        for (key, value) in inputs.sorted(by: { $0.key < $1.key }) {
            guard vertex.properties["input.\(key)"] != nil else {
                problems.append(unknownInput(key, of: vertex))
                continue
            }
            // What is given takes the place of the default, and passes the preparer as that would.
            vertex.properties["input.\(key)"]?.updater = value
            vertex.properties["input.\(key)"]?.value = nil
        }
        insert(vertex)
    }

    private struct Contents {
        var container: Vertex
        var template: VertexTemplate
        var depth: Int
    }

    /// Makes everything that the service's vertex contains. A count that needs a vertex which isn't made yet waits for it.
    mutating func makeContained() async {
        guard let vertex = working.vertex(.vertex(.root, name)) else { return }
        var waiting = contents(of: vertex, depth: 1)
        while !waiting.isEmpty {
            var postponed: [(Contents, Problem)] = []
            var next: [Contents] = []
            for contents in waiting {
                do throws(EvaluationFailure) {
                    next += try await make(contents)
                } catch {
                    postponed.append((contents, error.problem))
                }
            }
            if next.isEmpty && postponed.count == waiting.count {
                for (contents, problem) in postponed { problems.append(problem.placed(at: contents.template.header.place)) }
                return
            }
            waiting = next + postponed.map(\.0)
        }
    }

    private mutating func contents(of container: Vertex, depth: Int) -> [Contents] {
        guard let template = container.origin.flatMap({ vertexTemplates[$0] }) else { return [] }
        return template.contained.compactMap { id in
            guard let template = vertexTemplates[id] else {
                problems.append(unknownTemplate(id))
                return nil
            }
            return Contents(container: container, template: template, depth: depth)
        }
    }

    private mutating func make(_ contents: Contents) async throws(EvaluationFailure) -> [Contents] {
        let (container, template) = (contents.container, contents.template)
        let count = try await count(template.count, of: template.header, at: container.header.id)
        guard vertexCount + count <= Self.vertexLimit, contents.depth <= Self.depthLimit else {
            throw .failed(
                Problem(
                    "floria.too-large",
                    "the design makes more than \(Self.vertexLimit) vertexes, or deeper ones than \(Self.depthLimit) levels",
                    at: template.header.place))
        }
        var next: [Contents] = []
        for index in 0..<count {
            let vertex = vertex(
                template, id: childID(of: container, template, index), container: container.header.id, index: index)
            if insert(vertex) { next += self.contents(of: vertex, depth: contents.depth + 1) }
        }
        return next
    }

    @discardableResult
    private mutating func insert(_ vertex: Vertex) -> Bool {
        let id = vertex.header.id
        do { try id.check() } catch {
            problems.append(error.placed(at: vertex.header.place))
            return false
        }
        guard working.vertex(id) == nil else {
            problems.append(
                Problem("floria.duplicate-name", "two vertexes would have the name ‘\(id)’", at: vertex.header.place))
            return false
        }
        working.insert(.vertex(vertex), settled: vertex.properties.carried(from: present.vertex(id)?.properties))
        vertexCount += 1
        return true
    }

    private func childID(of container: Vertex, _ template: VertexTemplate, _ index: Int) -> ID {
        let own = template.count == nil ? template.instanceName : "\(template.instanceName)-\(index)"
        let id = container.header.id
        let opens = container.origin.flatMap { vertexTemplates[$0] }?.opensDirectory ?? false
        return opens ? .vertex(id.directory.appending(id.name), own) : .vertex(id.directory, "\(id.name).\(own)")
    }

    private func vertex(_ template: VertexTemplate, id: ID, container: ID?, index: Int) -> Vertex {
        let header = EntityHeader(id, metadata: template.header.metadata, provenance: provenance)
        var vertex = Vertex(header, classes: template.classes, container: container)
        vertex.origin = template.header.id
        vertex.handlers = template.handlers
        vertex.index = index
        vertex.properties = template.properties.carrying(present.vertex(id)?.properties)
        return vertex
    }

    // MARK: Values

    /// Evaluates a count; nil is one.
    mutating func count(_ expression: Value?, of header: EntityHeader, at site: ID) async throws(EvaluationFailure) -> Int {
        guard let expression else { return 1 }
        let value = try await evaluate(expression, at: site)
        guard let count = value.integer, count >= 0 else {
            throw .failed(
                Problem(
                    "floria.malformed-count",
                    "a count must be an integer from 0, and is of kind \(value.kindName): \(JSON.encode(value))",
                    at: header.place))
        }
        return count
    }

    /// Evaluates an expression; what it reads is settled before.
    mutating func evaluate(_ expression: Value, at site: ID) async throws(EvaluationFailure) -> Value {
        try await settling.evaluate(expression, at: site)
    }

    /// Evaluates all properties that are not evaluated yet.
    mutating func settle() async { await settling.settle(forced: []) }

    /// Evaluates again what had no value, and what looked at how the graph hung together before that has changed.
    mutating func settleAgain() async {
        let graph = working.graph
        var open = settling.structureReaders
        for entity in graph.instances {
            for (name, property) in entity.properties {
                switch property.status {
                case .pending, .failed: open.insert(PropertyReference(entity.id, name))
                case .unset, .valid, .stale: break
                }
            }
        }
        working.unsettle(open)
        await settling.settle(forced: [])
    }

    /// The graph, or every problem that it has.
    func finish() throws(Problems) -> Graph {
        let graph = working.graph
        let all = problems + graph.instances.flatMap(\.valueProblems)
        var known: Set<Problem> = []
        let distinct = all.filter { known.insert($0).inserted }
        if !distinct.isEmpty { throw Problems(distinct.sorted { $0.position < $1.position }) }
        return graph
    }

    // MARK: Problems

    func unknownTemplate(_ id: ID) -> Problem {
        Problem("floria.unknown-template", "the design has no \(id.kind.label) ‘\(id)’")
    }

    private func unknownInput(_ name: String, of root: Vertex) -> Problem {
        let known = root.properties.keys.filter { $0.hasPrefix("input.") }.map { String($0.dropFirst(6)) }.sorted()
        return Problem(
            "floria.unknown-input", "the service has no input ‘\(name)’",
            hint: known.isEmpty ? "it has no inputs" : "its inputs are \(known.joined(separator: ", "))")
    }
}
