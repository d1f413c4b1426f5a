// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Builds designs for tests.
struct TestDesign {
    private(set) var design = Design(root: ID(.vertexTemplate, Directory(["templates"]), "shop"))

    static func template(_ name: String) -> ID { ID(.vertexTemplate, Directory(["templates", "shop"]), name) }

    init(_ properties: [String: Property] = [:]) {
        var root = VertexTemplate(EntityHeader(design.root), instanceName: "shop", opensDirectory: true)
        root.properties = properties
        design.vertexTemplates = [root]
    }

    private static func header(_ id: ID, row: Int) -> EntityHeader {
        EntityHeader(
            id,
            metadata: ValueMap([
                (Value.text("location"), Problem.Place.source(SourceLocation(file: "shop.yaml", row: row, column: 1)).value)
            ]))
    }

    /// Adds a template to the root, or to the last one that was added to it.
    mutating func node(
        _ name: String, row: Int = 1, classes: [String] = [], count: Value? = nil, _ properties: [String: Property] = [:],
        in container: Int = 0
    ) {
        let parent = design.vertexTemplates[container]
        let path = container == 0 ? name : "\(parent.header.id.name).\(name)"
        var template = VertexTemplate(
            Self.header(Self.template(path), row: row), classes: classes.map(ID.type), instanceName: name)
        template.properties = properties
        template.count = count
        design.vertexTemplates[container].contained.append(template.header.id)
        design.vertexTemplates.append(template)
    }

    /// Adds a template that only others refer to, as an alternative.
    mutating func spare(
        _ name: String, classes: [String] = [], opensDirectory: Bool = false, _ properties: [String: Property] = [:]
    ) {
        var template = VertexTemplate(
            Self.header(Self.template(name), row: 1), classes: classes.map(ID.type), instanceName: name,
            opensDirectory: opensDirectory)
        template.properties = properties
        design.vertexTemplates.append(template)
    }

    /// Adds a template in whose place alternatives are made to the root or another template.
    mutating func choice(_ name: String, in container: String? = nil, _ alternatives: [(name: String, condition: Value?)]) {
        let position = container.flatMap { name in design.vertexTemplates.firstIndex { $0.header.id == Self.template(name) } }
        node(name, in: position ?? 0)
        design.vertexTemplates[design.vertexTemplates.count - 1].alternatives = alternatives.map {
            Alternative(Self.template($0.name), if: $0.condition)
        }
    }

    /// Lets a template contain a spare one.
    mutating func put(_ name: String, in container: String) {
        guard let index = design.vertexTemplates.firstIndex(where: { $0.header.id == Self.template(container) }) else { return }
        design.vertexTemplates[index].contained.append(Self.template(name))
    }

    /// Adds a part to the node that was added last.
    mutating func part(_ name: String, classes: [String] = [], _ properties: [String: Property] = [:]) {
        let node = design.vertexTemplates.lastIndex { $0.header.id.name.contains(".") == false } ?? 0
        self.node(name, classes: classes, properties, in: node)
    }

    /// Adds a requirement to a node.
    mutating func edge(
        _ name: String, of node: String, row: Int = 1, count: Value? = nil, optional: Bool = false, range: CountRange? = nil,
        _ properties: [String: Property] = [:],
        _ select: (inout TargetSelector) -> Void
    ) {
        var selector = TargetSelector()
        select(&selector)
        let id = ID(.edgeTemplate, Directory(["templates", "shop"]), "\(node).\(name)-\(row)")
        var template = EdgeTemplate(Self.header(id, row: row), instanceName: name, target: selector)
        template.count = count
        template.isOptional = optional
        template.range = range
        template.properties = properties
        design.edgeTemplates.append(template)
        if let index = design.vertexTemplates.firstIndex(where: { $0.header.id == Self.template(node) }) {
            design.vertexTemplates[index].edges.append(id)
        }
    }

    /// Adds handlers to the template of a node, and to those of its edges.
    mutating func handle(_ node: String, _ handler: InstantiationHandler?, _ ofEdges: InstantiationHandler?) {
        guard let index = design.vertexTemplates.firstIndex(where: { $0.header.id == Self.template(node) }) else { return }
        design.vertexTemplates[index].instantiationHandlers = handler.map { [$0] } ?? []
        let edges = design.vertexTemplates[index].edges
        for index in design.edgeTemplates.indices where edges.contains(design.edgeTemplates[index].header.id) {
            design.edgeTemplates[index].instantiationHandlers = ofEdges.map { [$0] } ?? []
        }
    }

    /// The same, with everything whose order should not matter in another one.
    func shuffled(using random: inout some RandomNumberGenerator) -> TestDesign {
        var copy = self
        copy.design.vertexTemplates[0].contained.shuffle(using: &random)
        copy.design.vertexTemplates.shuffle(using: &random)
        copy.design.edgeTemplates.shuffle(using: &random)
        return copy
    }

    func instantiate(
        _ inputs: [String: Value] = [:], onto present: Graph? = nil, limits: InstantiationLimits = InstantiationLimits()
    ) async throws(Problems) -> Graph {
        try await Instantiator(functions: TestFunctions.all, limits: limits, now: { 1 }).instantiate(
            design, name: "shop", inputs: inputs, onto: present
        ).graph
    }

    /// What comes of it, with the reasons.
    func explained(onto present: Graph? = nil) async throws(Problems) -> Instantiation {
        try await Instantiator(functions: TestFunctions.all, now: { 1 }).instantiate(
            design, name: "shop", inputs: [:], onto: present, explains: true)
    }

    func problems(
        _ inputs: [String: Value] = [:], limits: InstantiationLimits = InstantiationLimits()
    ) async -> [String] {
        do throws(Problems) {
            _ = try await instantiate(inputs, limits: limits)
            return []
        } catch {
            return error.all.map(\.description)
        }
    }
}

extension Graph {
    var vertexNames: [String] { vertexes.keys.sorted().map(\.description) }
    var arrows: [String] {
        edges.values.sorted { $0.header.id < $1.header.id }.map { "\($0.header.id): \($0.source.name) → \($0.target.name)" }
    }
}
