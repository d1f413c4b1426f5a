// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Testing

/// What becomes of the inputs of a design.
struct InputTests {
    private static let text = """
        tosca_definitions_version: tosca_2_0
        service_template:
          inputs:
            version: { type: string }
            size: { type: integer, default: 1 }
            words: { type: list, entry_schema: string, default: [] }
          node_templates: {}

        """

    /// Plans the design, and gives what came of it and what the agent was asked.
    private func plan(_ inputs: [String], file: String? = nil) throws -> (status: Int32, error: String, requests: [String]) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("inputs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let design = folder.appendingPathComponent("design.yaml").path
        try Self.text.write(toFile: design, atomically: true, encoding: .utf8)
        var arguments = ["service", "plan", "shop", design] + inputs.flatMap { ["--input", $0] }
        if let file {
            let path = folder.appendingPathComponent("inputs.yaml").path
            try file.write(toFile: path, atomically: true, encoding: .utf8)
            arguments += ["--inputs", path]
        }
        return try withAgent(["POST /v1/services/shop/plan": .json(#"{"id":"p","changes":[],"operations":[]}"#)]) { agent in
            let run = try ProgramRun(arguments + ["--socket", agent.socket])
            return (run.status, run.error.replacing(design, with: "design.yaml"), agent.requests)
        }
    }

    @Test(arguments: [
        (["version=1"], #"{"version":"1"}"#), (["version=true", "size=2"], #"{"size":2,"version":"true"}"#),
        (["version=", "words=[a, b]"], #"{"version":"","words":["a","b"]}"#), (["version=a=b"], #"{"version":"a=b"}"#),
    ])
    func `an input is read as its type wants it`(inputs: [String], sent: String) throws {
        let (status, error, requests) = try plan(inputs)
        #expect(status == 0, "\(error)")
        #expect(requests.count == 1 && requests[0].contains(#""inputs":"# + sent), "\(requests)")
    }

    @Test func `a single input goes before that of the file`() throws {
        let (status, error, requests) = try plan(["version=2"], file: "version: '1'\nsize: 7\n")
        #expect(status == 0, "\(error)")
        #expect(requests.count == 1 && requests[0].contains(#""inputs":{"size":7,"version":"2"}"#), "\(requests)")
    }

    @Test func `all that is wrong with inputs is said at once, and the agent isn't asked`() throws {
        let (status, error, requests) = try plan(["verison=1", "size=big"])
        #expect(status == 1)
        #expect(requests.isEmpty)
        #expect(
            error == """
                the service has no input ‘verison’ [tosca.unknown-input]
                  hint: did you mean ‘version’?
                design.yaml:5:5: the input ‘size’: ‘big’ is no integer [tosca.wrong-type]
                  5 |     size: { type: integer, default: 1 }
                    |     ^
                design.yaml:4:5: the input ‘version’ has no value [tosca.missing-input]
                  4 |     version: { type: string }
                    |     ^
                  hint: give one with ‘--input version=…’

                """)
    }

    @Test func `a number in a file, where a text is wanted, needs quotes`() throws {
        let (status, error, requests) = try plan([], file: "version: 1\n")
        #expect(status == 1)
        #expect(requests.isEmpty)
        #expect(error.contains("the input ‘version’: 1 is no string [tosca.wrong-type]"))
        #expect(error.hasSuffix("hint: write it in quotes, so that it is a text\n"))
    }
}
