// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Testing

/// What the commands tell of functions and types.
struct VocabularyCommandTests {
    private static let design = """
        tosca_definitions_version: tosca_2_0
        imports: [ { profile: 'khutulun.core:1.0' } ]
        node_types:
          Server: { derived_from: Root, description: Serves., properties: { size: { type: Size, default: 1 GB } } }
        functions:
          twice: { description: Doubles., signatures: [ { arguments: [ integer ], result: integer, implementation: { $product: [ { $argument: 0 }, 2 ] } } ] }
        service_template: { node_templates: {} }

        """

    private func run(_ arguments: (String) -> [String]) throws -> ProgramRun {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vocabulary-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("design.yaml").path
        try Self.design.write(toFile: file, atomically: true, encoding: .utf8)
        return try ProgramRun(arguments(file))
    }

    @Test func `the functions of the language need no file`() throws {
        let all = try ProgramRun(["tosca", "functions"])
        #expect(all.status == 0, "\(all.error)")
        #expect(all.output.hasPrefix("FUNCTION               SECTION     WHAT IT GIVES\n$get_input"), "\(all.output)")
        for name in ["token", "$token"] {
            let one = try ProgramRun(["tosca", "functions", name])
            #expect(
                one.output == """
                    $token: [ text: string, separators: string, index: integer ] → string
                      The part at an index, from 0, of a text that one of some characters separates.
                      section 10.2.3.4 of the standard

                    """)
        }
    }

    @Test func `a design's own functions come with it`() throws {
        let one = try run { ["tosca", "functions", "twice", "--file", $0, "--format", "json"] }
        #expect(one.status == 0, "\(one.error)")
        #expect(one.output.contains(#""$twice: [ integer ] → integer""#), "\(one.output)")
        #expect(try run { ["tosca", "functions", "--file", $0] }.output.contains("\n$twice "))
    }

    @Test func `types are listed, and one is shown with what it inherits`() throws {
        let list = try run { ["tosca", "types", $0, "--kind", "node"] }
        #expect(list.status == 0, "\(list.error)")
        #expect(list.output.hasPrefix("KIND  NAME    DERIVES FROM  WHAT IT IS\nnode  Root"), "\(list.output)")
        #expect(list.output.contains("node  Server  Root          Serves.\n"), "\(list.output)")
        let one = try run { ["tosca", "types", $0, "Server"] }
        #expect(one.output.hasPrefix("node type Server\n  derives from Root\n  Serves.\n  defined at "), "\(one.output)")
        #expect(one.output.contains("  properties:\n    size  Size  default 1 GB\n"), "\(one.output)")
        #expect(one.output.contains("    lifecycle: configure, create, delete, start, stop\n"), "\(one.output)")
    }

    @Test func `a name that means nothing is an error`() throws {
        let function = try ProgramRun(["tosca", "functions", "nope"])
        #expect(function.status == 1)
        #expect(function.error.hasPrefix("there is no function ‘$nope’ [command.unknown-function]\n"), "\(function.error)")
        let type = try run { ["tosca", "types", $0, "Nope"] }
        #expect(type.status == 1)
        #expect(type.error.contains("can name no type ‘Nope’ [command.unknown-type]\n"), "\(type.error)")
    }
}
