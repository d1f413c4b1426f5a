// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// Random small substitutions, compared with what section 15.5 of the standard says, relationship by relationship.
@Suite struct SubstitutionModelTests {
    @Test func `a node is substituted exactly if a candidate will do, and each relationship goes where the mapping says`()
        async throws
    {
        var (made, refused, invalid) = (0, 0, 0)
        for seed in 1...400 {
            let model = SubstitutionModel(seed: UInt64(seed))
            switch try await outcome(of: model) {
            case nil: invalid += 1
            case let arrows?:
                #expect(
                    arrows == model.expected, "seed \(seed):\n\(model.files.sorted { $0.key < $1.key }.map(\.value).joined())")
                if arrows.isEmpty { refused += 1 } else { made += 1 }
            }
        }
        // The cases are worth something only if all kinds are among them.
        #expect(made > 100 && refused > 40 && invalid < 200, "\(made) made, \(refused) refused, \(invalid) invalid")
    }

    /// The relationships of the service within, or none if nothing will do; nil if the mapping breaks a rule of its own.
    private func outcome(of model: SubstitutionModel) async throws -> [String]? {
        try await Fixture.with(model.files) { fixture in
            let candidates = model.candidates.indices.map { FilePlace(path: fixture.path("c\($0).yaml")) }
            let compiled: CompiledDesign
            do {
                compiled = try fixture.compiler.compile(
                    file: fixture.path("a.yaml"), service: "shop", substitutions: candidates)
            } catch { return nil }
            do throws(Problems) {
                let graph = try await Fixture.instantiate(compiled.design)
                let name = graph.vertex(.vertex(Directory(["shop"]), "client.service"))?.header.metadata["name"]?.text ?? ""
                let inner = graph.edges.values.filter { $0.source.directory.names.count == 2 }
                return [name]
                    + inner.map { "\($0.source.name) → \($0.target.name.prefix { $0 != "." })" }.sorted()
            } catch {
                #expect(error.all.map(\.code) == ["floria.no-alternative"])
                return []
            }
        }
    }
}

/// A client with some servers, and services that may be a substitution for it.
struct SubstitutionModel {
    struct Mapping {
        /// How many relationships it is for; nil if that isn't said.
        var count: Int?
        var targets: [Int]
        static let unbounded = 99
    }

    struct Candidate {
        /// The level that a client has at least.
        var level: Int
        var nodes: Int
        var range: ClosedRange<Int>
        var mappings: [Mapping]
    }

    let servers: Int
    let lowerBound: Int
    let level: Int
    let candidates: [Candidate]

    init(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        func number(_ range: ClosedRange<Int>) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return range.lowerBound + Int(state >> 33) % range.count
        }
        servers = number(0...4)
        lowerBound = number(0...servers)
        level = number(0...2)
        candidates = (0..<number(1...3)).map { _ in
            let nodes = number(1...3)
            let lowest = number(0...3) / 3
            var mappings = (0..<number(0...3)).map { _ in
                let first = number(0...nodes - 1)
                let second = number(0...nodes - 1)
                return Mapping(
                    count: number(0...2) == 0 ? number(0...2) : nil,
                    targets: number(0...2) == 0 && second != first ? [first, second] : [first])
            }
            if !mappings.isEmpty, number(0...3) == 0 { mappings[mappings.count - 1].count = Mapping.unbounded }
            return Candidate(level: number(0...2), nodes: nodes, range: lowest...number(1...4), mappings: mappings)
        }
    }

    // MARK: As files

    var files: [String: String] {
        var files = ["types.yaml": types, "a.yaml": client]
        for (index, candidate) in candidates.enumerated() { files["c\(index).yaml"] = text(candidate) }
        return files
    }

    private static let head = "tosca_definitions_version: tosca_2_0\n"

    private var types: String {
        Self.head + """
            capability_types: { Service: {} }
            relationship_types: { ServedBy: {} }
            node_types:
              Server: { capabilities: { service: Service } }
              Client:
                properties: { level: { type: integer } }
                requirements: [ service: { capability: Service, relationship: ServedBy, node: Server, count_range: [ \(lowerBound), UNBOUNDED ] } ]

            """
    }

    private var client: String {
        let nodes = (0..<servers).map { "    s\($0): { type: Server }\n" }.joined()
        let needs = (0..<servers).map { "service: s\($0)" }.joined(separator: ", ")
        return Self.head + "imports: [ types.yaml ]\nservice_template:\n  node_templates:\n" + nodes
            + "    client: { type: Client, directives: [ substitute ], properties: { level: \(level) }, requirements: [ \(needs) ] }\n"
    }

    private func text(_ candidate: Candidate) -> String {
        let mappings = candidate.mappings.map { mapping in
            let count = mapping.count.map { $0 == Mapping.unbounded ? "UNBOUNDED" : String($0) }
            let targets = mapping.targets.map { "[ w\($0), service ]" }
            return
                "      - \(count.map { "[ service, \($0) ]" } ?? "service"): \(targets.count == 1 ? targets[0] : "[ \(targets.joined(separator: ", ")) ]")\n"
        }
        return Self.head + """
            imports: [ types.yaml ]
            node_types:
              Software: { requirements: [ service: { capability: Service, relationship: ServedBy, count_range: [ \(candidate.range.lowerBound), \(candidate.range.upperBound) ] } ] }
            service_template:
              substitution_mappings:
                node_type: Client
                substitution_filter: { $greater_or_equal: [ { $get_property: [ SELF, level ] }, \(candidate.level) ] }

            """
            + (mappings.isEmpty ? "" : "    requirements:\n" + mappings.joined()) + "  node_templates:\n"
            + (0..<candidate.nodes).map { "    w\($0): { type: Software }\n" }.joined()
    }

    // MARK: As the standard says

    /// What the first candidate that will do makes; none if none will do.
    var expected: [String] {
        for (index, candidate) in candidates.enumerated() where level >= candidate.level {
            guard let arrows = arrows(candidate) else { continue }
            return ["c\(index)"] + arrows.sorted()
        }
        return []
    }

    /// The relationships of a candidate's nodes; nil if one that must be there has no target.
    private func arrows(_ candidate: Candidate) -> [String]? {
        var slots: [[Int]] = []
        var total = 0
        for mapping in candidate.mappings {
            let count = mapping.count ?? (candidate.mappings.count == 1 ? Mapping.unbounded : 1)
            total += count
            for _ in 0..<min(count, 10) { slots.append(mapping.targets) }
        }
        if total > lowerBound {
            var needed = Array(repeating: candidate.range.lowerBound, count: candidate.nodes)
            var (first, last): ([[Int]], [[Int]]) = ([], [])
            for slot in slots {
                if slot.contains(where: { needed[$0] > 0 }) { first.append(slot) } else { last.append(slot) }
                for node in slot { needed[node] -= 1 }
            }
            slots = first + last
        }
        var given: [Int: [Int]] = [:]
        for (server, slot) in zip(0..<servers, slots) { for node in slot { given[node, default: []].append(server) } }
        var arrows: [String] = []
        for node in 0..<candidate.nodes {
            let own = (given[node] ?? []).prefix(candidate.range.upperBound)
            if own.count < candidate.range.lowerBound { return nil }
            arrows += own.map { "w\(node) → s\($0)" }
        }
        return arrows
    }
}
