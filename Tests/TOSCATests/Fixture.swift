// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FoundationEssentials
import Support
import TOSCA

/// Files of one test, in a folder of its own.
struct Fixture {
    /// The folder of the repository.
    static let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    /// What most designs of the tests begin with.
    static let header = "tosca_definitions_version: tosca_2_0\nimports: [ { profile: 'khutulun.process:1.0' } ]\n"

    let folder: String
    let compiler = Compiler(profiles: ["\(Fixture.repository)/profiles"])

    /// Makes a folder with files, runs a test with it and removes it.
    static func with<Result>(_ files: [String: String], _ body: (Fixture) async throws -> Result) async throws -> Result {
        let folder = "\(FileManager.default.temporaryDirectory.path())khutulun-tosca-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)")) }
        return try await body(Fixture(folder: folder))
    }

    /// The path of a file.
    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Compiles a file.
    func compile(_ name: String = "a.yaml") throws(Problems) -> CompiledDesign {
        try compiler.compile(file: path(name), service: "shop")
    }

    /// What is wrong with a file, as a person sees it; paths begin in the folder.
    func problems(_ name: String = "a.yaml") -> String {
        do throws(Problems) {
            _ = try compile(name)
            return ""
        } catch {
            return shown(error)
        }
    }

    /// Problems as a person sees them; paths begin in the folder.
    func shown(_ problems: Problems) -> String {
        problems.description.replacing("\(folder)/", with: "").replacing("\(Self.repository)/", with: "")
    }

    /// The graph that a file makes.
    func instantiate(_ name: String = "a.yaml", inputs: [String: Value] = [:]) async throws -> Graph {
        let design = try compile(name).design
        return try await Self.instantiate(design, inputs: inputs)
    }

    /// The graph that a design makes.
    static func instantiate(_ design: Design, inputs: [String: Value] = [:]) async throws(Problems) -> Graph {
        let functions = Functions([TOSCAFunctions.name: TOSCAFunctions()])
        return try await Instantiator(functions: functions, now: { 0 }).instantiate(design, name: "shop", inputs: inputs)
            .graph
    }
}
