// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Support
import Testing

/// What `tosca validate` says, and how it ends.
struct ValidateTests {
    private static let good = "tosca_definitions_version: tosca_2_0\n"
    private static let bad = good + "node_types: { N: { derived_from: M } }\n"
    private static let odd =
        good
        + "imports: [ good.yaml ]\nnode_types: { N: { properties: { x: { type: string, required: false, default: y } } } }\n"

    private func run<Result>(_ arguments: [String], _ body: (ProgramRun) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "khutulun-validate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in ["good": Self.good, "bad": Self.bad, "odd": Self.odd] {
            try Data(text.utf8).write(to: folder.appending(path: "\(name).yaml"))
        }
        let placed = arguments.map { $0.hasSuffix(".yaml") ? folder.appending(path: $0).path() : $0 }
        return try body(ProgramRun(["tosca", "validate"] + placed))
    }

    @Test func `valid ends with 0, and warnings go to the standard error`() throws {
        try run(["good.yaml", "odd.yaml"]) { run in
            #expect(run.status == 0)
            #expect(run.output.split(separator: "\n").count == 2)
            #expect(run.error.contains("warning: ‘x’ is not required"))
        }
    }

    @Test func `one invalid file of several ends with 1, and one that cannot be read with 3`() throws {
        try run(["good.yaml", "bad.yaml"]) { run in
            #expect(run.status == 1)
            #expect(run.output.contains("good.yaml is valid") && run.error.contains("[tosca.unknown-type]"))
        }
        try run(["good.yaml", "nowhere.yaml"]) { #expect($0.status == 3) }
    }

    @Test func `problems are a document for programs`() throws {
        try run(["bad.yaml", "--format", "json"]) { run in
            #expect(run.status == 1 && run.error.isEmpty)
            let problem = try JSON.decode(run.output).list?.first?["problems"]?.list?.first
            #expect(problem?["code"] == "tosca.unknown-type")
            #expect(problem?["path"] == "/node_types/N/derived_from")
            #expect(problem?["place"]?["row"] == 2)
            #expect(problem?["end"] == ["row": 2, "column": 35])
        }
    }

    @Test func `problems are a log of SARIF for tools`() throws {
        try run(["good.yaml", "bad.yaml", "odd.yaml", "--format", "sarif"]) { run in
            #expect(run.status == 1 && run.error.isEmpty)
            let log = try JSON.decode(run.output)
            #expect(log["version"] == "2.1.0")
            let rules = log["runs"]?.list?.first?["tool"]?["driver"]?["rules"]?.list?.compactMap { $0["id"] }
            #expect(rules == ["tosca.default-of-optional", "tosca.unknown-type"])
            let results = try #require(log["runs"]?.list?.first?["results"]?.list)
            #expect(results.map { $0["level"] } == ["error", "warning"])
            #expect(results[0]["ruleId"] == "tosca.unknown-type" && results[0]["ruleIndex"] == 1)
            let location = results[0]["locations"]?.list?.first
            #expect(location?["logicalLocations"]?.list?.first?["fullyQualifiedName"] == "/node_types/N/derived_from")
            let region = location?["physicalLocation"]?["region"]
            #expect(region == ["startLine": 2, "startColumn": 34, "endLine": 2, "endColumn": 35])
            let address = location?["physicalLocation"]?["artifactLocation"]?["uri"]?.text
            #expect(address?.hasPrefix("file:///") == true && address?.hasSuffix("/bad.yaml") == true)
        }
    }

    @Test func `a format that there isn't ends with 2`() throws {
        try run(["good.yaml", "--format", "xml"]) { #expect($0.status == 2) }
    }
}
