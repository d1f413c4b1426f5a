// SPDX-License-Identifier: Apache-2.0 OR MIT
import Fetching
import Foundation
import Support
import TOSCA

/// A folder of one test, and what reads designs in it.
struct Workshop {
    /// The line that every file begins with.
    static let version = "tosca_definitions_version: tosca_2_0\n"

    let folder: String
    var options = FetchOptions(timeout: 10)

    /// Makes a folder with files, runs a test with it and removes it. Files that end in `.yaml` get the line of the version.
    static func with<Result>(_ files: [String: String] = [:], _ body: (inout Workshop) throws -> Result) throws -> Result {
        let folder = "\(FileManager.default.temporaryDirectory.path())khutulun-fetching-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var workshop = Workshop(folder: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, text) in files { try workshop.write(name, (name.hasSuffix(".yaml") ? version : "") + text) }
        return try body(&workshop)
    }

    /// The path of a file.
    subscript(_ name: String) -> String { "\(folder)/\(name)" }

    /// Writes a file, with the folders that it lies in.
    func write(_ name: String, _ text: String) throws {
        let url = URL(filePath: self[name])
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// Runs a command of the shell in the folder.
    func shell(_ command: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-ec", command]
        process.currentDirectoryURL = URL(filePath: folder)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(command: command) }
    }

    struct Failed: Error { let command: String }

    /// Makes a repository of git of a folder, with all that is in it in one commit.
    func commit(_ name: String, _ message: String = "first") throws {
        try shell(
            """
            cd \(name); [ -d .git ] || git init -q -b main .; git add -A
            git -c user.name=a -c user.email=a@example.org -c commit.gpgsign=false commit -qm \(message)
            """)
    }

    /// What finds files by their addresses, with the options of now.
    var fetcher: Fetcher { Fetcher(options) }

    /// The text of a file at an address.
    func text(_ address: String, _ fetcher: Fetcher? = nil) throws -> String {
        let place = try (fetcher ?? self.fetcher).place(of: address, in: nil)
        return String(decoding: try place.repository.open(place.path).bytes(), as: UTF8.self)
    }

    /// The codes and messages of what is wrong with a design; none if it is valid.
    func problems(_ address: String, profiles: [String] = []) throws -> [String] {
        let fetcher = fetcher
        let place = try Path.isAddress(address) ? fetcher.place(of: address, in: nil) : FilePlace(path: self[address])
        do throws(Problems) {
            let compiler = Compiler(profiles: profiles, addresses: fetcher)
            return try compiler.validate(file: place.path, in: place.repository).map { "\($0.code): \($0.message)" }
        } catch {
            return error.all.map { "\($0.code): \($0.message)" }
        }
    }
}

/// What a body throws.
func problem<Result>(_ body: () throws -> Result) -> Problem? {
    do { _ = try body() } catch { return error as? Problem }
    return nil
}
