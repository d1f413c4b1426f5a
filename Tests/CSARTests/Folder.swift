// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import Foundation
import Support
import TOSCA

/// A folder of one test.
struct Folder {
    /// The folder of the repository.
    static let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    /// A design without imports.
    static let design =
        "tosca_definitions_version: tosca_2_0\nnode_types: { A: {} }\nservice_template: { node_templates: { a: { type: A } } }\n"

    let path: String

    /// Makes a folder with files, runs a test with it and removes it.
    static func with<Result>(_ files: [String: String] = [:], _ body: (Folder) throws -> Result) throws -> Result {
        let path = "\(FileManager.default.temporaryDirectory.path())khutulun-csar-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = Folder(path: path)
        for (name, text) in files { try folder.write(name, Array(text.utf8)) }
        return try body(folder)
    }

    /// Writes a file, with the folders that it lies in.
    func write(_ name: String, _ bytes: [UInt8]) throws {
        let url = URL(filePath: self[name])
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    /// The path of a file.
    subscript(_ name: String) -> String { "\(path)/\(name)" }

    /// The bytes of a file.
    func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: self[name]))) }

    /// The names of all that is in it, in order.
    var contents: [String] { (FileManager.default.subpaths(atPath: path) ?? []).sorted() }

    /// Runs a program in it.
    func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: path)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(program: arguments[0]) }
    }

    struct Failed: Error { let program: String }

    /// Packs what is in a folder of it.
    func pack(_ folder: String, _ packing: Packing) throws(Problems) -> Packing.Result {
        try packing.pack(self[folder], name: "shop.csar")
    }
}

/// The codes of what a body throws, in order.
func codes(_ body: () throws -> Void) throws -> [String] {
    do { try body() } catch let problems as Problems { return problems.all.map(\.code) } catch let problem as Problem {
        return [problem.code]
    }
    return []
}
