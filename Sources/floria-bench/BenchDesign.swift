// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// A design of so many vertexes with three properties each, and twice as many edges: pairs by capacity, pairs by index, and two
/// to what a filter accepts.
struct BenchDesign {
    private(set) var design = Design(root: ID(.vertexTemplate, Directory(["templates"]), "shop"))

    private static let directory = Directory(["templates", "shop"])
    private static let properties = [
        "a": Property(updater: 1), "b": Property(updater: .bench("add", .own("a"), 1)), "c": Property(updater: .own("b")),
    ]

    init(vertexes: Int) {
        let half = vertexes / 2
        var root = VertexTemplate(EntityHeader(design.root), instanceName: "shop", opensDirectory: true)
        var web = Self.node("web", "Web", half)
        let nodes = [Self.node("data", "Data", half - 4), Self.node("hub", "Hub", 4)]
        var store = Self.edge("store") { $0.targetClass = Self.type("Data") }
        store.isOptional = true
        store.properties = ["takes": Property(updater: 1, metadata: ValueMap([("allocates", "b")]))]
        let peer = Self.edge("peer") {
            $0.template = web.header.id
            $0.index = .bench("index")
        }
        var uses = Self.edge("uses") {
            $0.targetClass = Self.type("Hub")
            $0.filter = .bench("less", 0, .bench("of-target", "c"))
        }
        uses.count = 2
        design.edgeTemplates = [store, peer, uses]
        web.edges = design.edgeTemplates.map(\.header.id)
        root.contained = ([web] + nodes).map(\.header.id)
        design.vertexTemplates = [root, web] + nodes
        design.classes = ["Web", "Data", "Hub"].map { Class(EntityHeader(Self.type($0))) }
    }

    private static func type(_ name: String) -> ID { ID(.class, Directory(["types"]), name) }

    private static func node(_ name: String, _ type: String, _ count: Int) -> VertexTemplate {
        var template = VertexTemplate(
            EntityHeader(ID(.vertexTemplate, directory, name)), classes: [Self.type(type)], instanceName: name)
        template.count = .integer(count)
        template.properties = properties
        return template
    }

    private static func edge(_ name: String, _ select: (inout TargetSelector) -> Void) -> EdgeTemplate {
        var selector = TargetSelector()
        select(&selector)
        return EdgeTemplate(EntityHeader(ID(.edgeTemplate, directory, "web.\(name)")), instanceName: name, target: selector)
    }

    /// Makes the graph.
    func instantiate(onto present: Graph? = nil) async throws -> Graph {
        let instantiator = Instantiator(functions: Functions(["bench": BenchFunctions()]), now: { 1 })
        return try await instantiator.instantiate(design, name: "shop", inputs: [:], onto: present).graph
    }
}
