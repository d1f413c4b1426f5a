// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Testing

/// The commands for archives, and archives in the place of designs.
struct ArchiveTests {
    private static let design = """
        tosca_definitions_version: tosca_2_0
        imports: [ types/a.yaml ]
        service_template: { node_templates: { a: { type: A } } }

        """
    private static let types = """
        tosca_definitions_version: tosca_2_0
        artifact_types: { File: {} }
        node_types: { A: { artifacts: { script: { type: File, file: run } } } }

        """
    private static let digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

    /// Runs a test in a folder with a design in the folder `shop`.
    private func with(_ files: [String: String] = [:], _ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("khutulun-archives-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let all = ["service.yaml": Self.design, "types/a.yaml": Self.types, "types/run": "hello"].merging(files) { $1 }
        for (name, text) in all {
            let file = folder.appendingPathComponent("shop/\(name)")
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try body(folder)
    }

    /// Runs the program; arguments that begin with `%` are names in the folder.
    private func run(_ folder: URL, _ arguments: String..., input: Data = Data()) throws -> ProgramRun {
        try ProgramRun(arguments.map { $0.hasPrefix("%") ? "\(folder.path)/\($0.dropFirst())" : $0 }, input: input)
    }

    /// What a run wrote, names in the folder alone.
    private func shown(_ text: String, _ folder: URL) -> String { text.replacingOccurrences(of: folder.path + "/", with: "") }

    @Test func `an archive is made, looked into, checked and unpacked`() throws {
        try with { folder in
            let made = try run(folder, "csar", "create", "%shop", "%a.tar.gz", "--created-by", "me", "--meta", "x-y=1")
            #expect(made.error == "")
            #expect(shown(made.output, folder) == "a.tar.gz has 4 entries, and begins with service.yaml\n")
            let looked = try run(folder, "csar", "inspect", "%a.tar.gz")
            #expect(
                shown(looked.output, folder) == """
                    a.tar.gz is a tar.gz archive

                    CSAR-Version       2.0
                    Created-By         me
                    Entry-Definitions  service.yaml

                    x-y  1

                    SIZE  ENTRY
                    73    TOSCA.meta
                    120   service.yaml
                    138   types/a.yaml
                    5     types/run

                    """)
            #expect(shown(try run(folder, "csar", "validate", "%a.tar.gz").output, folder) == "a.tar.gz is valid\n")
            #expect(shown(try run(folder, "tosca", "validate", "%a.tar.gz").output, folder) == "a.tar.gz is valid\n")
            #expect(shown(try run(folder, "csar", "extract", "%a.tar.gz", "%out").output, folder) == "4 entries are in out\n")
            #expect(try Data(contentsOf: folder.appendingPathComponent("out/types/run")) == Data("hello".utf8))
        }
    }

    @Test func `documents tell the same`() throws {
        try with { folder in
            let made = try run(folder, "csar", "create", "%shop", "%a.csar", "--format", "json")
            #expect(made.output.contains(#""entryDefinitions": "service.yaml""#))
            let looked = try run(folder, "csar", "inspect", "%a.csar", "--format", "yaml").output
            #expect(
                looked.contains("format: zip\n") && looked.contains("name: types/run\n")
                    && looked.contains("createdBy: Khutulun\n"))
            let meta = try run(folder, "csar", "inspect", "%a.csar", "--meta", "--format", "json").output
            #expect(
                meta == """
                    {
                      "createdBy": "Khutulun",
                      "csarVersion": "2.0",
                      "custom": [],
                      "entryDefinitions": "service.yaml",
                      "otherDefinitions": []
                    }

                    """)
        }
    }

    @Test(arguments: ["zip", "tar", "tar.gz", "tar.zst"]) func `archives go through pipes`(_ format: String) throws {
        try with { folder in
            _ = try run(folder, "csar", "create", "%shop", "%a.\(format)")
            let bytes = try Data(contentsOf: folder.appendingPathComponent("a.\(format)"))
            #expect(try run(folder, "csar", "validate", "-", input: bytes).output == "- is valid\n")
            #expect(try run(folder, "tosca", "validate", "-", input: bytes).output == "- is valid\n")
            #expect(
                try run(folder, "csar", "inspect", "-", "--meta", input: bytes).output.hasPrefix("CSAR-Version       2.0\n"))
            #expect(try run(folder, "tosca", "compile", "-", input: bytes).output.contains(Self.digest))
        }
    }

    @Test func `a design can come through a pipe`() throws {
        try with { folder in
            let text = Data("tosca_definitions_version: tosca_2_0\nnode_tipes: {}\n".utf8)
            let run = try run(folder, "tosca", "validate", "-", input: text)
            #expect(run.status == 1)
            #expect(run.error.hasPrefix("-:2:1: ‘node_tipes’ is no keyname of"))
            #expect(run.error.contains("  2 | node_tipes: {}\n"))
        }
    }

    @Test func `mistakes in an archive are shown with their lines`() throws {
        try with(["types/a.yaml": Self.types.replacingOccurrences(of: "node_types", with: "node_tipes")]) { folder in
            #expect(try run(folder, "csar", "create", "%shop", "%a.csar").status == 1)
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/a.csar"))
            _ = try ProgramRunner.python(
                "import zipfile,sys; z = zipfile.ZipFile('a.csar', 'w')\nfor n in ('service.yaml', 'types/a.yaml', 'types/run'): z.write('shop/' + n, n)\nz.close()",
                in: folder)
            for command in [["csar", "validate"], ["tosca", "validate"]] {
                let run = try run(folder, command[0], command[1], "%a.csar")
                #expect(run.status == 1)
                #expect(shown(run.error, folder).contains("a.csar!types/a.yaml:3:1: ‘node_tipes’ is no keyname of"))
                #expect(run.error.contains("  3 | node_tipes: { A: "))
            }
        }
    }

    @Test func `an artifact that is missing is an error in an archive, and a warning in a design`() throws {
        try with { folder in
            try FileManager.default.removeItem(atPath: folder.path + "/shop/types/run")
            _ = try ProgramRunner.python(
                "import zipfile; z = zipfile.ZipFile('a.csar', 'w')\nfor n in ('service.yaml', 'types/a.yaml'): z.write('shop/' + n, n)\nz.close()",
                in: folder)
            let checked = try run(folder, "csar", "validate", "%a.csar")
            #expect(checked.status == 1)
            #expect(checked.error.contains("[tosca.missing-artifact]"))
            let design = try run(folder, "tosca", "validate", "%a.csar")
            #expect(design.status == 0)
            #expect(design.error.contains("[tosca.missing-artifact]"))
        }
    }

    @Test func `deploying an archive sends the artifacts in it`() throws {
        let plan = #"{"id":"p1","service":"shop","changes":[],"operations":[],"grants":[],"atApply":[],"destroys":[]}"#
        let answers: [String: FakeAgent.Answer] = [
            "POST /v1/services/shop/plan": .json(plan), "PUT /v1/artifacts/\(Self.digest)": .json("{}"),
        ]
        try with { folder in
            _ = try run(folder, "csar", "create", "%shop", "%a.tar.zst")
            try withAgent(answers) { agent in
                let run = try run(folder, "service", "plan", "shop", "%a.tar.zst", "--socket", agent.socket)
                #expect(run.status == 0)
                #expect(shown(run.error, folder) == "sending a.tar.zst!types/run\n")
                #expect(agent.requests.contains("PUT /v1/artifacts/\(Self.digest) hello"))
            }
        }
    }

    @Test func `only what was signed is accepted if that is required`() throws {
        try with { folder in
            _ = try run(folder, "csar", "create", "%shop", "%a.csar")
            let key = try run(folder, "csar", "new-key", "%k")
            #expect(shown(key.output, folder) == "the private half is in k, the public one in k.pub\n")
            let access = try FileManager.default.attributesOfItem(atPath: folder.path + "/k")[.posixPermissions] as? Int
            #expect(access == 0o600)
            let required = ["--require-signature", folder.path + "/k.pub"]
            let commands = [
                ["csar", "validate"], ["csar", "inspect"], ["tosca", "validate"], ["tosca", "compile"],
                ["service", "plan", "x"],
            ]
            for command in commands {
                let run = try ProgramRun(command + [folder.path + "/a.csar"] + required)
                #expect(run.status == 1)
                #expect((run.error + run.output).contains("csar.missing-signature"))
            }
            #expect(
                shown(try run(folder, "csar", "sign", "%a.csar", "--key", "%k").output, folder)
                    == "the signature is in a.csar.sig\n")
            #expect(
                shown(try run(folder, "csar", "verify", "%a.csar", "--key", "%k.pub").output, folder)
                    == "a.csar is what was signed\n")
            for command in commands.dropLast() {
                #expect(try ProgramRun(command + [folder.path + "/a.csar"] + required).status == 0)
            }
            #expect(try ProgramRun(["csar", "extract", folder.path + "/a.csar", folder.path + "/out"] + required).status == 0)
            let archive = folder.appendingPathComponent("a.csar")
            var bytes = try Data(contentsOf: archive)
            let verified = try run(folder, "csar", "verify", "-", "--key", "%k.pub", "--signature", "%a.csar.sig", input: bytes)
            #expect(verified.output == "- is what was signed\n")
            bytes[50] ^= 1
            try bytes.write(to: archive)
            for command in commands {
                let run = try ProgramRun(command + [folder.path + "/a.csar"] + required)
                #expect(run.status == 1)
                #expect(run.error.contains("csar.wrong-signature"))
            }
            let design = try ProgramRun(["tosca", "validate", folder.path + "/shop/service.yaml"] + required)
            #expect(design.error.contains("[csar.not-an-archive]"))
        }
    }

    @Test func `an archive may be larger if that is said`() throws {
        try with(["big": String(repeating: "x", count: 2000)]) { folder in
            _ = try run(folder, "csar", "create", "%shop", "%a.tar")
            #expect(try run(folder, "csar", "inspect", "%a.tar", "--max-size", "1K").error.contains("[csar.too-large]"))
            #expect(try run(folder, "csar", "inspect", "%a.tar", "--max-size", "3K").status == 0)
        }
    }

    @Test(arguments: [
        ["csar", "create", "a", "b"], ["csar", "create", "a", "b.zip", "--as", "rar"], ["csar", "create", "a", "-"],
        ["csar", "create", "a", "b.zip", "--meta", "x"], ["csar", "inspect", "a", "--max-size", "0"],
        ["csar", "inspect", "a", "--max-size", "1X"], ["csar", "validate", "a", "b", "--signature", "c"],
        ["csar", "sign", "a"],
        ["tosca", "validate", "a", "b", "--signature", "c"],
    ]) func `a command line that makes no sense ends with 2`(_ arguments: [String]) throws {
        #expect(try ProgramRun(arguments).status == 2)
    }

    @Test func `an archive that cannot be read ends with 3`() throws {
        for arguments in [
            ["validate", "/none"], ["inspect", "/none"], ["create", "/none", "/tmp/none.zip"],
            ["extract", "/none", "/tmp/none"],
        ] {
            #expect(try ProgramRun(["csar"] + arguments).status == 3)
        }
    }
}

/// Runs other programs.
private enum ProgramRunner {
    static func python(_ text: String, in folder: URL) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", text]
        process.currentDirectoryURL = folder
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
