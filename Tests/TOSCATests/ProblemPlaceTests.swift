// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import TOSCA
import Testing

/// Where problems say that they are.
struct ProblemPlaceTests {
    private func problems(_ text: String) async throws -> [Problem] {
        try await Fixture.with(["a.yaml": "tosca_definitions_version: tosca_2_0\n" + text]) { fixture in
            try #require(throws: Problems.self) { try fixture.compiler.validate(file: fixture.path("a.yaml")) }.all
        }
    }

    @Test func `a problem has its end, the path to it, and what it refers to`() async throws {
        let found = try await problems(
            """
            node_types:
              N:
                properties:
                  'a/b': { type: integer }
            service_template:
              node_templates:
                shop: { type: N, properties: { 'a/b': [ one, two ] } }

            """)
        let problem = try #require(found.first)
        #expect(found.count == 1)
        #expect(problem.end == SourcePosition(row: 8, column: 55))
        #expect(problem.path == "/service_template/node_templates/shop/properties/a~1b")
        let related = try #require(problem.related.first)
        #expect(related.message == "defined here")
        #expect(related.place.description.hasSuffix("a.yaml:5:7"))
    }

    @Test func `a misspelt key ends where it does, and has a path of its own`() async throws {
        let found = try await problems("node_types:\n  N: { propertys: {} }\n  M: { derived_from: O }\n")
        #expect(found.map(\.path) == ["/node_types/N/propertys", "/node_types/M/derived_from"])
        #expect(found.map(\.end) == [SourcePosition(row: 3, column: 17), SourcePosition(row: 4, column: 23)])
        #expect(found[0].hint == "did you mean ‘properties’?")
    }

    @Test func `names that a missing import may hold are not reported as well`() async throws {
        let found = try await problems(
            """
            imports: [ { url: nowhere.yaml, namespace: n } ]
            node_types:
              N: { derived_from: 'n:M' }
              O: { derived_from: 'm:M' }

            """)
        #expect(found.map(\.code) == ["tosca.cannot-import", "tosca.unknown-type"])
        #expect(found.last?.path == "/node_types/O/derived_from")
    }
}
