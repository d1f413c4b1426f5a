// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// Nodes that are substituted by services.
@Suite struct SubstitutionTests {
    private static let types = """
        tosca_definitions_version: tosca_2_0
        capability_types:
          Store: { properties: { size: { type: integer, default: 1 } }, attributes: { used: { type: integer } } }
          Host: {}
        relationship_types:
          Link: { properties: { weight: { type: integer, default: 5 } }, attributes: { state: { type: string } } }
        node_types:
          Database:
            properties: { engine: { type: string, default: any }, size: { type: integer, default: 1 }, note: { type: string, required: false } }
            attributes: { address: { type: string } }
            capabilities: { store: Store }
            requirements: [ host: { capability: Host, relationship: Link, count_range: [ 0, 4 ] } ]
          Special: { derived_from: Database }
          Machine: { capabilities: { host: Host } }
          Process:
            properties: { size: { type: integer, default: 0 }, note: { type: string, required: false } }
            attributes: { address: { type: string } }
            capabilities: { store: Store }
            requirements: [ host: { capability: Host, relationship: Link, count_range: [ 0, UNBOUNDED ] } ]

        """
    private static let head = "tosca_definitions_version: tosca_2_0\nimports: [ types.yaml ]\n"

    private func with<Result>(_ files: [String: String], _ body: (Fixture) async throws -> Result) async throws -> Result {
        var all = files.mapValues { Self.head + $0 }
        all["types.yaml"] = Self.types
        return try await Fixture.with(all, body)
    }

    private func made(_ fixture: Fixture, _ files: String..., inputs: [String: Value] = [:]) async throws -> Instantiation {
        let compiled = try fixture.compiler.compile(
            file: fixture.path("a.yaml"), service: "shop", substitutions: files.map { FilePlace(path: fixture.path($0)) })
        return try await Instantiator(functions: Functions([TOSCAFunctions.name: TOSCAFunctions()]), now: { 0 }).instantiate(
            compiled.design, name: "shop", inputs: inputs, explains: true)
    }

    private func shop(_ name: String) -> ID { .vertex(Directory(["shop"]), name) }
    private func inner(_ name: String) -> ID { .vertex(Directory(["shop", "db.service"]), name) }

    @Test func `properties become inputs and outputs become attributes, of capabilities and relationships too`() async throws {
        let files = [
            "a.yaml": """
            service_template:
              node_templates:
                one: { type: Machine }
                two: { type: Machine }
                db:
                  type: Database
                  directives: [ substitute ]
                  properties: { size: 7 }
                  capabilities: { store: { properties: { size: 3 } } }
                  requirements:
                    - host: { node: one, relationship: { type: Link, properties: { weight: 8 } } }
                    - host: { node: two, relationship: { type: Link, properties: { weight: 9 } } }
              outputs:
                where: { type: string, value: { $get_attribute: [ db, address ] } }
                grown: { type: integer, value: { $get_attribute: [ db, size ] } }
                wanted: { type: integer, value: { $get_property: [ db, size ] } }

            """,
            "b.yaml": """
            service_template:
              inputs:
                size: { type: integer }
                store: { type: integer }
                second: { type: integer }
                weights: { type: list, entry_schema: integer }
                note: { type: string, default: none }
              substitution_mappings:
                node_type: Database
                properties:
                  size: size
                  note: note
                  [ CAPABILITY, store, size ]: store
                  [ RELATIONSHIP, host, 1, weight ]: second
                  [ RELATIONSHIP, host, ALL, weight ]: weights
                attributes:
                  address: address
                  size: grown
                  [ CAPABILITY, store, used ]: used
                  [ RELATIONSHIP, host, ALL, state ]: states
              node_templates:
                process:
                  type: Process
                  properties: { size: { $get_input: size }, note: { $get_input: note } }
                  attributes: { address: here }
              outputs:
                grown: { type: integer, value: { $product: [ { $get_input: size }, 10 ] } }
                address: { type: string, value: { $get_attribute: [ process, address ] } }
                used: { type: integer, value: { $sum: [ { $get_input: store }, { $get_input: second } ] } }
                states: { type: list, entry_schema: string, value: [ first, second ] }

            """,
        ]
        try await with(files) { fixture in
            let graph = try await made(fixture, "b.yaml").graph
            func value(_ id: ID, _ name: String) -> Value? { graph.vertex(id)?.properties[name]?.value }
            #expect(value(inner("process"), "size") == 7)
            #expect(value(inner("process"), "note") == "none", "it has no value, so that the default stays")
            #expect(value(shop("db.service"), "input.store") == 3)
            #expect(value(shop("db.service"), "input.second") == 9)
            #expect(value(shop("db.service"), "input.weights") == [8, 9])
            #expect(value(shop("db"), "address") == "here")
            #expect(value(.vertex(.root, "shop"), "output.where") == "here")
            #expect(value(shop("db.capability.store"), "used") == 12)
            #expect(value(.vertex(.root, "shop"), "output.grown") == 70, "a property has an attribute of its own")
            #expect(value(.vertex(.root, "shop"), "output.wanted") == 7)
            let states = graph.edges.values.filter { $0.name == "host" }.sorted { $0.header.id < $1.header.id }
            #expect(states.map { $0.properties["state"]?.value } == ["first", "second"])
        }
    }

    private static func candidate(_ type: String, filter: String? = nil, input: String = "", _ node: String = "") -> String {
        """
        service_template:
          \(input)
          substitution_mappings:
            node_type: \(type)
            \(filter.map { "substitution_filter: \($0)" } ?? "capabilities: { store: [ process, store ] }")
          node_templates:
            process: { type: Process\(node) }

        """
    }
    private static let plain = """
        service_template:
          node_templates:
            db: { type: Database, directives: [ substitute ], properties: { engine: sql } }

        """

    @Test func `the first candidate is taken whose filter is true, those for the very type first`() async throws {
        let filter = "{ $equal: [ { $get_property: [ SELF, engine ] }, sql ] }"
        let files = [
            "a.yaml": Self.plain, "derived.yaml": Self.candidate("Special"),
            "other.yaml": Self.candidate("Database", filter: filter.replacing("sql", with: "graph")),
            "right.yaml": Self.candidate("Database", filter: filter), "later.yaml": Self.candidate("Database"),
        ]
        try await with(files) { fixture in
            let made = try await made(fixture, "derived.yaml", "other.yaml", "right.yaml", "later.yaml")
            let choice = try #require(made.alternatives.first)
            #expect(
                choice.candidates.map { "\($0.template.name) \($0.outcome.name)" } == [
                    "service.other refused", "service.right chosen", "service.later possible", "service.derived possible",
                ])
        }
    }

    @Test func `a candidate that cannot be made, or whose input refuses the value, gives way to the next`() async throws {
        let small = "inputs: { size: { type: integer, validation: { $greater_than: [ $value, 5 ] } } }"
        let needy = ", requirements: [ host: { node: Machine } ]"
        let files = [
            "a.yaml": Self.plain, "needy.yaml": Self.candidate("Database", needy),
            "small.yaml": Self.candidate("Database", input: small).replacing(
                "capabilities:", with: "properties: { size: size }\n    capabilities:"),
            "last.yaml": Self.candidate("Database"),
        ]
        try await with(files) { fixture in
            let made = try await made(fixture, "needy.yaml", "small.yaml", "last.yaml")
            let choice = try #require(made.alternatives.first)
            #expect(choice.candidates.map(\.outcome.name) == ["failed", "failed", "chosen"])
            #expect(made.graph.vertex(shop("db.service"))?.header.metadata["name"] == "last")
        }
    }

    @Test func `a node that nothing can substitute for is a problem of the instance, and a warning before`() async throws {
        try await with([
            "a.yaml": Self.plain, "b.yaml": Self.candidate("Database", ", requirements: [ host: { node: Machine } ]"),
        ]) {
            fixture in
            let warnings = try fixture.compile().warnings
            #expect(warnings.map(\.code) == ["tosca.no-substitution"])
            let problems = try await #require(throws: Problems.self) { try await made(fixture, "b.yaml") }
            #expect(
                fixture.shown(problems) == """
                    a.yaml:5:5: nothing that ‘shop/db.service’ could be will do [floria.no-alternative]
                      because ‘templates/shop/service.b’ cannot be made [floria.refused]
                        because b.yaml:9:47: nothing satisfies the requirement ‘host’ of ‘shop/db.service/process’ [floria.unsatisfied-requirement]
                          hint: it needs a vertex of the class ‘Host’ with the name ‘capability.host’ in one of the class ‘Machine’
                    """)
        }
    }

    @Test func `the capability of a substituted node shows what stands behind it`() async throws {
        try await with(["a.yaml": Self.plain, "b.yaml": Self.candidate("Database")]) { fixture in
            let graph = try await made(fixture, "b.yaml").graph
            let edge = graph.outgoing(from: shop("db.service")).first
            #expect(edge?.name == "capability.store")
            #expect(edge?.target == inner("process.capability.store"))
        }
    }

    @Test func `substitutions lie within each other, and each instance has its own`() async throws {
        let files = [
            "a.yaml": """
            service_template:
              node_templates:
                db: { type: Database, count: 2, directives: [ substitute ], properties: { engine: sql, size: 2 } }

            """,
            // A service that contains a node like the one that it is for, as long as the size allows it.
            "b.yaml": """
            service_template:
              inputs: { size: { type: integer } }
              substitution_mappings:
                node_type: Database
                properties: { size: size }
                substitution_filter: { $greater_than: [ { $get_property: [ SELF, size ] }, 0 ] }
              node_templates:
                part:
                  type: Database
                  directives: [ substitute, create ]
                  properties: { size: { $difference: [ { $get_input: size }, 1 ] } }
                process: { type: Process, properties: { size: { $get_input: size } } }
                user: { type: Process, requirements: [ host: { node: machine } ] }
                machine: { type: Machine }

            """,
        ]
        try await with(files) { fixture in
            let graph = try await made(fixture, "b.yaml").graph
            for index in 0..<2 {
                let first = Directory(["shop", "db-\(index).service"])
                let second = first.appending("part.service")
                #expect(graph.vertex(.vertex(first, "process"))?.properties["size"]?.value == 2)
                #expect(graph.vertex(.vertex(second, "process"))?.properties["size"]?.value == 1)
                #expect(graph.vertex(.vertex(second, "part"))?.properties["size"]?.value == 0)
                #expect(graph.vertex(.vertex(second, "part.service")) == nil, "the filter refuses it, so that it is created")
                let user = graph.outgoing(from: .vertex(second, "user")).first
                #expect(user?.target == .vertex(second, "machine.capability.host"), "a name means what is near")
            }
        }
    }

    @Test func `directives are tried in order`() async throws {
        func kind(_ directives: String, machines: Int, substitution: Bool) async throws -> String? {
            let files = [
                "a.yaml": """
                service_template:
                  node_templates:
                    machine: { type: Special, count: \(machines) }
                    db: { type: Special, directives: \(directives), node_filter: { $equal: [ { $get_property: [ SELF, engine ] }, any ] } }
                    user: { type: Process, requirements: [] }

                """,
                "b.yaml": Self.candidate(substitution ? "Special" : "Machine", filter: "true"),
            ]
            return try await with(files) { fixture in
                let graph = try await made(fixture, "b.yaml").graph
                let isSubstituted = graph.vertex(shop("db.service")) != nil
                return graph.vertex(shop("db"))?.header.metadata["kind"]?.text.map { isSubstituted ? "substituted" : $0 }
            }
        }
        let all = "[ select, substitute, create ]"
        #expect(try await kind(all, machines: 1, substitution: true) == "reference")
        #expect(try await kind(all, machines: 0, substitution: true) == "substituted")
        #expect(try await kind(all, machines: 0, substitution: false) == "node")
        #expect(try await kind("[ create, select ]", machines: 1, substitution: true) == "node")
    }

    @Test func `operations of a substituted node are carried out by workflows, not by what implements them`() async throws {
        let files = [
            "a.yaml": """
            interface_types: { Control: { operations: { stop: {} } } }
            node_types: { Steered: { interfaces: { control: { type: Control, operations: { stop: stop.sh } } } } }
            service_template:
              substitution_mappings:
                node_type: Steered
                interfaces: { control: { stop: halt } }
              workflows:
                halt: { steps: { one: { target: db, activities: [ call_operation: control.stop ] } } }
              node_templates:
                db: { type: Steered, directives: [ substitute, create ] }

            """,
            "stop.sh": "",
        ]
        try await with(files) { fixture in
            let design = try fixture.compiler.compile(file: fixture.path("a.yaml"), service: "shop").design
            func handlers(_ name: String) -> Int? {
                design.vertexTemplates.first { $0.header.id.description == "templates/shop/\(name)" }?.handlers.count
            }
            #expect(handlers("db.create.interface.control") == 1)
            #expect(handlers("db.substitute.interface.control") == 0)
            let service = design.vertexTemplates.first { $0.header.id.description == "templates/shop/service.a" }
            #expect(service?.header.metadata["substitution"]?["interfaces"] == ["control": ["stop": "halt"]])
        }
    }
}
