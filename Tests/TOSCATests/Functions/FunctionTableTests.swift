// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import TOSCA
import Testing

/// Every function that depends on nothing but its arguments: what it gives, and what it refuses.
struct FunctionTableTests {
    private static let version = "tosca_definitions_version: tosca_2_0\n"

    /// The value of an expression that depends on nothing.
    private func value(_ call: String) async throws -> Value? {
        let text = Self.version + "service_template: { node_templates: {}, outputs: { o: { value: \(call) } } }\n"
        return try await Fixture.with(["a.yaml": text]) { fixture in
            try await fixture.instantiate().vertex(.vertex(.root, "shop"))?.properties["output.o"]?.value
        }
    }

    /// What is said of an expression that depends on nothing; nothing if it is right.
    private func complaint(_ call: String) async throws -> String {
        let text = Self.version + "service_template: { node_templates: {}, outputs: { o: { value: \(call) } } }\n"
        return try await Fixture.with(["a.yaml": text]) { $0.problems() }
    }

    /// What evaluation gives of a call of a function whose arguments only come with the inputs.
    private func late(_ function: String, _ arguments: [Value]) async throws -> Property? {
        let names = arguments.indices.map { "a\($0)" }
        let text =
            Self.version + """
                service_template:
                  inputs: { \(names.map { "\($0): {}" }.joined(separator: ", ")) }
                  node_templates: {}
                  outputs: { o: { value: { $\(function): [ \(names.map { "{ $get_input: \($0) }" }.joined(separator: ", ")) ] } } }

                """
        return try await Fixture.with(["a.yaml": text]) { fixture in
            let inputs = Dictionary(uniqueKeysWithValues: zip(names, arguments))
            return try await fixture.instantiate(inputs: inputs).vertex(.vertex(.root, "shop"))?.properties["output.o"]
        }
    }

    @Test(arguments: FunctionRows.values) func `a function gives the value of the standard`(row: FunctionRow) async throws {
        #expect(try await value(row.call) == row.value)
    }

    @Test(arguments: FunctionRows.values) func `it gives the same of arguments that come late`(row: FunctionRow) async throws {
        let property = try await late(row.function, row.values)
        #expect(property?.status == .valid)
        #expect(property?.value == row.value)
    }

    @Test(arguments: FunctionRows.refusals) func `what cannot succeed is refused before anything is made`(row: FunctionRefusal)
        async throws
    {
        let complaint = try await complaint(row.call)
        #expect(complaint.contains(row.message), "\(row.call): \(complaint)")
        #expect(complaint.split(separator: "\n").count { $0.contains(" [tosca.") } == 1, "\(complaint)")
    }

    @Test(arguments: FunctionRows.refusals.filter { !$0.isCount })
    func `what cannot succeed fails as a value when it comes late`(row: FunctionRefusal) async throws {
        let problems = try await #require(throws: Problems.self) { try await late(row.function, row.values) }
        #expect(problems.all.map(\.code) == ["tosca.wrong-arguments"], "\(problems)")
    }

    @Test func `every function has an example and a refusal`() {
        let pure = LanguageFunction.all.filter { !$0.section.hasPrefix("10.2.1") && $0.section != "10.4" }.map(\.name)
        #expect(pure.count == 34)
        for name in pure {
            #expect(FunctionRows.values.contains { $0.function == name }, "\(name)")
            #expect(FunctionRows.refusals.contains { $0.function == name && $0.isCount }, "\(name)")
            #expect(FunctionRows.refusals.contains { $0.function == name && !$0.isCount }, "\(name)")
        }
    }

    @Test(arguments: ["(a+)+$", "^(a|a)*$", "(a*)*b", "(a|aa)+$", "^((a{0,9}){0,9}){0,9}$", "(.*)*x"])
    func `a regular expression that would go back for ever does not`(pattern: String) async throws {
        let text = String(repeating: "a", count: 2000) + "!"
        let clock = ContinuousClock()
        let start = clock.now
        let property = try await late("matches", [.text(text), .text(pattern)])
        #expect(property?.value == false)
        #expect(clock.now - start < .seconds(10))
    }
}
