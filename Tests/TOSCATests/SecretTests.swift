// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// The data type of secrets: what takes one, and what is never told.
struct SecretTests {
    private static let types =
        Fixture.header + """
            data_types:
              Password: { derived_from: Secret, validation: { $greater_or_equal: [ { $length: [ $value ] }, 8 ] } }
              Login: { properties: { user: { type: string }, password: { type: Password } } }

            """

    private static func design(_ text: String) -> [String: String] { ["a.yaml": types + text] }

    private static func reference(_ name: String) throws -> Value {
        SecretReference.stored(try SecretName(parsing: name), version: 1).value
    }

    private static let process = """
        node_types:
          N:
            properties:
              token: { type: Password, required: false }
              login: { type: Login, required: false }
              plain: { type: string, required: false }
              checked: { type: string, required: false, validation: { $less_than: [ { $length: [ $value ] }, 9 ] } }
              map: { type: map, entry_schema: string, required: false }
        service_template:
          inputs: { password: { type: Password } }
          node_templates:
            n: { type: N, properties: PROPERTIES }

        """

    private func instantiate(_ properties: String, input: Value? = nil) async throws -> Graph {
        let text = Self.process.replacing("PROPERTIES", with: properties)
        return try await Fixture.with(Self.design(text)) { fixture in
            try await fixture.instantiate(inputs: ["password": try input ?? Self.reference("shop/input.password")])
        }
    }

    private func problems(_ properties: String, input: Value? = nil) async throws -> [Problem] {
        do {
            _ = try await instantiate(properties, input: input)
        } catch let problems as Problems {
            return problems.all
        }
        return []
    }

    @Test func `a reference goes wherever a value may stand`() async throws {
        let graph = try await instantiate(
            "{ token: { $get_input: password }, plain: { $get_input: password }, map: { A: { $get_input: password }, B: b } }")
        let node = try #require(graph.vertex(.vertex(Directory(["shop"]), "n")))
        let reference = try Self.reference("shop/input.password")
        #expect(node.properties["token"]?.value == reference)
        #expect(node.properties["plain"]?.value == reference)
        #expect(node.properties["map"]?.value == ["A": reference, "B": "b"])
    }

    @Test func `what functions make of a secret is computed where it is opened`() async throws {
        let graph = try await instantiate("{ plain: { $concat: [ 'a:', { $get_input: password } ] } }")
        let reference = try Self.reference("shop/input.password")
        #expect(
            graph.vertex(.vertex(Directory(["shop"]), "n"))?.properties["plain"]?.value
                == SecretReference.computed(FunctionName(plugin: "tosca", name: "concat"), ["a:", reference]).value)
    }

    @Test func `a secret within a map of a data type must be one`() async throws {
        let graph = try await instantiate("{ login: { user: me, password: { $get_input: password } } }")
        let login = graph.vertex(.vertex(Directory(["shop"]), "n"))?.properties["login"]?.value
        #expect(login == ["user": "me", "password": try Self.reference("shop/input.password")])
        let text = Self.process.replacing("PROPERTIES", with: "{ login: { user: me, password: canary-5f0d } }")
        try await Fixture.with(Self.design(text)) { fixture in
            let shown = fixture.problems()
            #expect(shown.contains("‘login’: ‘password’: Password must be a secret, and is given plainly [tosca.plain-secret]"))
            #expect(!shown.contains("canary-5f0d"))
        }
    }

    @Test func `a validation that asks about a secret cannot be checked`() async throws {
        let found = try await problems("{ checked: { $get_input: password } }")
        #expect(found.map(\.code) == ["tosca.secret-not-checked"])
    }

    @Test func `nothing plain becomes the value of a secret property or input`() async throws {
        for found in [
            try await problems("{ token: { $concat: [ canary, -5f0d ] } }"), try await problems("{}", input: "canary-5f0d"),
        ] {
            #expect(found.map(\.code) == ["secret.plain-value"])
            #expect(!found.contains { JSON.encode($0.value).contains("canary") })
        }
    }

    @Test(arguments: ["short", ["canary-5f0d"], ["canary-5f0d": 1], 12_345_678] as [Value])
    func `the value of an input is checked by its type, and not told`(value: Value) async throws {
        try await Fixture.with(Self.design(Self.process.replacing("PROPERTIES", with: "{}"))) { fixture in
            let design = try fixture.compile()
            #expect(design.inputs.map(\.isSecret) == [true])
            try design.check(inputs: ["password": "canary-5f0d"])
            try design.check(inputs: ["password": Self.reference("shop/x")])
            let found = try #require(throws: Problems.self) { try design.check(inputs: ["password": value]) }
            #expect(found.all.map(\.code) == ["tosca.rejected-secret"])
            #expect(!["short", "canary", "12345678"].contains { found.description.contains($0) })
        }
    }

    @Test func `a secret in the design is told to be one`() async throws {
        let text = Self.process.replacing("PROPERTIES", with: "{ token: canary-5f0d }")
        try await Fixture.with(Self.design(text)) { fixture in
            let design = try fixture.compile()
            #expect(design.warnings.map(\.code) == ["tosca.secret-in-design"])
            #expect(!design.warnings[0].message.contains("canary"))
        }
        let short = Self.process.replacing("PROPERTIES", with: "{ token: canary }")
        try await Fixture.with(Self.design(short)) { fixture in
            #expect(fixture.problems().contains("tosca.rejected-secret"))
            #expect(!fixture.problems().contains("canary"))
        }
    }

    @Test func `attributes and outputs can be secrets`() async throws {
        let text = """
            interface_types: { Mint: { operations: { make: { outputs: { token: { type: Password }, size: { type: integer } } } } } }
            node_types: { N: { attributes: { a: { type: Password } }, interfaces: { mint: { type: Mint } } } }
            service_template:
              node_templates:
                n: { type: N, interfaces: { mint: { operations: { make: { outputs: { token: [ SELF, a ] } } } } } }

            """
        try await Fixture.with(Self.design(text)) { fixture in
            let templates = try fixture.compile().design.vertexTemplates
            #expect(templates.first { $0.instanceName == "n" }?.properties["a"]?.isSensitive == true)
            let interface = try #require(templates.first { $0.instanceName == "interface.mint" })
            #expect(interface.header.metadata["secret-outputs"] == ["make": ["token"]])
        }
    }

    @Test func `what a secret has to pass goes with its property`() async throws {
        try await Fixture.with(Self.design(Self.process.replacing("PROPERTIES", with: "{}"))) { fixture in
            let design = try fixture.compile().design
            let input = try #require(design.vertexTemplates.first { $0.header.id == design.root }?.properties["input.password"])
            #expect(input.isSensitive)
            let preparer = try #require(input.contentPreparer)
            func prepared(_ content: Value) async throws(EvaluationFailure) -> Value {
                try await Evaluation(
                    site: CallSite(entity: .vertex(.root, "shop")), graph: Graph(),
                    functions: Functions([TOSCAFunctions.name: TOSCAFunctions()]), candidate: content
                ).evaluate(preparer)
            }
            #expect(try await prepared("long enough") == "long enough")
            await #expect(throws: EvaluationFailure.self) { try await prepared("short") }
            await #expect(throws: EvaluationFailure.self) { try await prepared(["a": "list"]) }
        }
    }
}
