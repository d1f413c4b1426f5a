// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FoundationEssentials
import Support
import TOSCA
import Testing

/// The examples of chapters 14 and 15 of the standard, against graphs that were written down after its text and figures.
@Suite struct StandardGraphTests {
    private static let folder = "\(Fixture.repository)/Tests/TOSCATests/Golden/Standard"
    private static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".graph") }.sorted()

    private static func golden(_ name: String) throws -> Value {
        try YAML.decode([UInt8](Data(contentsOf: URL(filePath: "\(folder)/\(name)"))), file: name)
    }

    /// The examples that make graphs; nothing can be made of the others.
    private static let possible = names.filter { (try? golden($0))?["problems"] == nil }

    @Test func `there are graphs for both chapters`() {
        #expect(Self.names.count { $0.hasPrefix("14.") } == 16)
        #expect(Self.names.count { $0.hasPrefix("15.") } == 16)
    }

    @Test(arguments: possible)
    func `an example of the standard makes the graph that its text describes`(name: String) async throws {
        let golden = try Self.golden(name)
        #expect(try Self.compile(golden).warnings.map(\.code) == Self.texts(golden["warnings"]))
        let graph = try await Self.instantiate(golden)
        #expect(Self.nodes(graph) == Self.texts(golden["nodes"]).sorted())
        #expect(Self.edges(graph) == Self.texts(golden["edges"]).sorted())
        for (key, value) in golden["values"]?.map ?? ValueMap() {
            #expect(Self.value(key.text ?? "", graph) == value, "\(key)")
        }
    }

    @Test(arguments: names.filter { !possible.contains($0) })
    func `an example of the standard that asks for too much is refused`(name: String) async throws {
        let golden = try Self.golden(name)
        let problems = await #expect(throws: Problems.self) { try await Self.instantiate(golden) }
        #expect(problems?.all.map(\.code) == Self.texts(golden["problems"]))
    }

    @Test(arguments: possible)
    func `planning an example of the standard again changes nothing`(name: String) async throws {
        let golden = try Self.golden(name)
        let graph = try await Self.instantiate(golden)
        #expect(try await Self.instantiate(golden, onto: graph) == graph)
    }

    private static func compile(_ golden: Value) throws(Problems) -> CompiledDesign {
        try Compiler(profiles: ["\(Fixture.repository)/profiles"]).compile(
            file: "\(folder)/\(golden["design"]?.text ?? "")", service: "shop",
            substitutions: texts(golden["substitutions"]).map { FilePlace(path: "\(folder)/\($0)") })
    }

    private static func instantiate(_ golden: Value, onto present: Graph? = nil) async throws(Problems) -> Graph {
        let compiled = try compile(golden)
        var inputs: [String: Value] = [:]
        for (key, value) in golden["inputs"]?.map ?? ValueMap() { inputs[key.text ?? ""] = value }
        let functions = Functions([TOSCAFunctions.name: TOSCAFunctions()])
        return try await Instantiator(functions: functions, now: { 0 }).instantiate(
            compiled.design, name: "shop", inputs: inputs, onto: present
        ).graph
    }

    private static func texts(_ list: Value?) -> [String] { (list?.list ?? []).compactMap(\.text) }

    /// The name of a vertex in the service.
    private static func name(_ id: ID) -> String { String(id.description.dropFirst("shop/".count)) }

    private static func nodes(_ graph: Graph) -> [String] {
        graph.vertexes.values.filter { ["node", "reference"].contains($0.header.metadata["kind"]) }.map { name($0.header.id) }
            .sorted()
    }

    /// `SOURCE REQUIREMENT TARGET`, where the target is the node.
    private static func edges(_ graph: Graph) -> [String] {
        graph.edges.values.map { edge in
            var target = graph.vertex(edge.target)
            while let vertex = target, vertex.header.metadata["kind"] != "node" {
                target = vertex.container.flatMap(graph.vertex)
            }
            return "\(name(edge.source)) \(edge.name) \(target.map { name($0.header.id) } ?? "?")"
        }.sorted()
    }

    /// The value of `NODE.PROPERTY` or `NODE.REQUIREMENT-INDEX.PROPERTY`.
    private static func value(_ place: String, _ graph: Graph) -> Value? {
        guard let dot = place.lastIndex(of: ".") else { return nil }
        let (owner, property) = (String(place[..<dot]), String(place[place.index(after: dot)...]))
        let directory = Directory(["shop"])
        let vertex = graph.vertex(.vertex(directory, owner))?.properties
        let edge = graph.edge(ID(.edge, directory, owner))?.properties
        return (vertex ?? edge)?[property]?.value
    }
}
