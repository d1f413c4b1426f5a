// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials
import Glibc
import Support

/// The files in a folder and in the folders in it, but for hidden ones.
struct FolderListing {
    private let root: String
    private(set) var files: [ArchiveEntry] = []
    private(set) var leftOut: [String] = []

    init(_ folder: String) { root = folder }

    /// Looks through the folder.
    ///
    /// - Throws: `csar.link`, `csar.special-file`, `csar.too-many-entries`, `tosca.cannot-read`.
    mutating func read(limit: Int) throws(Problem) {
        var folders = [""]
        while let folder = folders.popLast() {
            let path = folder.isEmpty ? root : "\(root)/\(folder)"
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
                throw Problem("tosca.cannot-read", "there is no folder ‘\(path)’ that can be read")
            }
            for name in names.sorted() {
                let inner = folder.isEmpty ? name : "\(folder)/\(name)"
                if name.hasPrefix(".") { leftOut.append(inner) } else { try add(inner, &folders) }
            }
            if files.count > limit { throw Problem("csar.too-many-entries", "‘\(root)’ has more than \(limit) files") }
        }
        leftOut.sort()
    }

    private mutating func add(_ name: String, _ folders: inout [String]) throws(Problem) {
        let path = "\(root)/\(name)"
        var status = stat()
        guard lstat(path, &status) == 0 else { throw Problem("tosca.cannot-read", "‘\(path)’ cannot be read") }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: folders.append(name)
        case S_IFREG:
            files.append(ArchiveEntry(name: name, size: Int(status.st_size), isExecutable: status.st_mode & 0o100 != 0))
        case S_IFLNK:
            throw Problem("csar.link", "‘\(path)’ is a link", hint: "put the file itself in its place; archives have no links")
        default: throw Problem("csar.special-file", "‘\(path)’ is neither a file nor a folder")
        }
    }
}
