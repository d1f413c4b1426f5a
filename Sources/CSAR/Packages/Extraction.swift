// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
public import Support

extension ArchiveInput {
    /// Unpacks an archive into a new folder, whole or not at all.
    ///
    /// - Returns: what is in it, and what a person should look at.
    /// - Throws: `csar.*`, `tosca.cannot-read`. Then there is no folder.
    public func extract(
        into folder: String, limits: ArchiveLimits = .standard
    ) throws(Problem) -> (entries: [ArchiveEntry], warnings: [Problem]) {
        let reader = try ArchiveReader(self, limits: limits)
        var entries: [ArchiveEntry] = []
        try OutputFile.makeFolder(folder) { part throws(Problem) in
            while let entry = try reader.next() {
                try Self.extract(entry, reader, to: "\(part)/\(entry.name)", from: part)
                entries.append(entry)
            }
        }
        return (entries, reader.warnings)
    }

    private static func extract(
        _ entry: ArchiveEntry, _ reader: ArchiveReader, to path: String, from root: String
    ) throws(Problem) {
        try makeFolders(of: path, from: root)
        if entry.isFolder {
            guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw OutputFile.failure(path) }
            return
        }
        let descriptor = open(
            path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, entry.isExecutable ? mode_t(0o755) : mode_t(0o644))
        guard descriptor >= 0 else { throw OutputFile.failure(path) }
        defer { close(descriptor) }
        while let piece = try reader.read() { try OutputFile.write(piece, to: descriptor, path) }
    }

    /// Makes the folders that a file lies in, as far as they aren't there.
    private static func makeFolders(of path: String, from root: String) throws(Problem) {
        guard let slash = path.lastIndex(of: "/"), slash > path.index(path.startIndex, offsetBy: root.count) else { return }
        let folder = String(path[..<slash])
        if mkdir(folder, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT else { throw OutputFile.failure(folder) }
        try makeFolders(of: folder, from: root)
        guard mkdir(folder, 0o755) == 0 else { throw OutputFile.failure(folder) }
    }
}
