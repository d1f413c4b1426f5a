// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials
import Testing

/// The files of this repository, read once.
struct Repository: Sendable, CustomTestStringConvertible {
    /// A text file.
    struct File: Sendable {
        /// The path from the root of the repository.
        var path: String
        /// The lines as they stand in the file.
        var lines: [String]
        /// The same lines of a Swift or C file with comments and the text of strings blanked out; otherwise the same.
        var code: [String]

        var isSwift: Bool { path.hasSuffix(".swift") }
        /// The folder below `Sources`, or nil.
        var target: String? {
            let parts = path.split(separator: "/")
            return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
        }

        func isWithin(_ folders: String...) -> Bool { folders.contains { path.hasPrefix($0 + "/") } }
    }

    /// Everything that a person writes: sources, scripts and documents.
    var files: [File]
    /// Every path of a file or folder, also of what isn't read.
    var paths: Set<String>

    var testDescription: String { "the repository" }

    static let shared = Repository()

    /// Programs in whatever language, without documents and designs.
    var sources: [File] { files.filter { !$0.path.hasSuffix(".md") && !$0.path.hasSuffix(".yaml") } }
    var swift: [File] { files.filter(\.isSwift) }
    var documents: [File] { files.filter { $0.path.hasSuffix(".md") } }

    func file(_ path: String) -> File? { files.first { $0.path == path } }

    private init() {
        root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        files = []
        paths = []
        add(folder: "")
        files.sort { $0.path < $1.path }
    }

    private var root: URL

    private static let skipped: Set<String> = [".git", ".build", ".deps", ".swiftpm", "build", "Package.resolved"]
    private static let endings = [".swift", ".c", ".h", ".py", ".sh", ".wit", ".md", ".yaml", "Makefile"]

    private mutating func add(folder: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)) ?? []
        for name in names where !Self.skipped.contains(name) {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            let attributes = try? FileManager.default.attributesOfItem(atPath: root.appending(path: path).path)
            paths.insert(path)
            if attributes?[.type] as? FileAttributeType == .typeDirectory {
                add(folder: path)
            } else if attributes?[.type] as? FileAttributeType == .typeRegular {
                add(file: path)
            }
        }
    }

    private mutating func add(file path: String) {
        let hasEnding = Self.endings.contains { path.hasSuffix($0) }
        let mayBeScript = path.split(separator: "/").last?.contains(".") == false
        guard hasEnding || mayBeScript, let data = try? Data(contentsOf: root.appending(path: path)) else { return }
        guard hasEnding || data.starts(with: Array("#!".utf8)) else { return }
        let bytes = [UInt8](data)
        let isCode = [".swift", ".c", ".h"].contains { path.hasSuffix($0) }
        files.append(
            File(
                path: path, lines: Self.lines(bytes),
                code: Self.lines(isCode ? CodeScanner.blanked(bytes, hasRawStrings: path.hasSuffix(".swift")) : bytes)))
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

/// A place that breaks a rule, as an editor understands it.
struct Finding: Hashable, CustomStringConvertible {
    var path: String
    var row: Int
    var message: String

    var description: String { "\(path):\(row): \(message)" }
}
