// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials
import Support

/// One TOSCA file that was read, with what it imports.
final class SourceFile {
    /// An import that was resolved.
    struct Import {
        let file: SourceFile
        let namespace: String?
        let location: SourceLocation
    }

    /// The path as messages show it.
    let path: String
    /// The map at its root.
    let root: YAMLNode
    /// The profile that its types belong to: its own, or that of the file that imported it first.
    let profile: String?
    /// Its place in the order in which files were read.
    let index: Int
    /// What it imports.
    var imports: [Import] = []

    init(path: String, root: YAMLNode, profile: String?, index: Int) {
        self.path = path
        self.root = root
        self.profile = profile
        self.index = index
    }

    /// The folder that relative paths of the file start from; empty for the working folder.
    var folder: String { Path.folder(of: path) }
}

/// Arithmetic of paths, without looking at the file system.
enum Path {
    /// A path as it is seen from a folder, without `.` and without `..` after a name.
    static func join(_ folder: String, _ path: String) -> String {
        let whole = path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return (whole.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    /// The folder of a file.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The one path that all ways to a file have in common, links followed.
    static func canonical(_ path: String) -> String {
        let full = join(FileManager.default.currentDirectoryPath, path)
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: full) else { return full }
        return join(folder(of: full), target)
    }
}
