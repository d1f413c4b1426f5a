// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FoundationEssentials
import Support
import TOSCA
import Testing

/// How long an execution may take, as a design says it.
@Suite struct TimeoutTests {
    private static let profiles = String(#filePath.dropLast("/Tests/TOSCATests/TimeoutTests.swift".count)) + "/profiles"

    private func compile(timeout: String) throws -> Design {
        let file = FileManager.default.temporaryDirectory.path + "/khutulun-timeout-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let text = """
            tosca_definitions_version: tosca_2_0
            imports: [ { profile: 'khutulun.core:1.0' } ]
            service_template:
              node_templates:
                store:
                  type: Root
                  interfaces:
                    lifecycle:
                      operations:
                        create: { implementation: { primary: { type: Function, file: 'a:b' }, timeout: \(timeout) } }
                        start: { implementation: { primary: { type: Function, file: 'a:c' } } }
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return try Compiler(profiles: [Self.profiles]).compile(file: file, service: "shop").design
    }

    @Test func `an operation's timeout stands in its interface`() throws {
        let design = try compile(timeout: "90")
        let interface = try #require(design.vertexTemplates.first { $0.header.metadata["timeouts"] != nil })
        #expect(interface.header.metadata["timeouts"] == ["create": 90])
    }

    @Test(arguments: ["0", "-1", "soon", "{ $get_input: a }"])
    func `what is no number of seconds is refused`(timeout: String) {
        #expect(throws: Problems.self) { try compile(timeout: timeout) }
    }
}
