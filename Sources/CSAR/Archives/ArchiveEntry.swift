// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// A file or a folder in an archive.
public struct ArchiveEntry: Sendable, Hashable {
    /// Its path from the root, without `.` and without a slash at its end.
    public var name: String
    /// Whether it is a folder.
    public var isFolder: Bool
    /// Its size in bytes, unpacked.
    public var size: Int
    /// Whether it is a program.
    public var isExecutable: Bool

    /// Makes it.
    public init(name: String, isFolder: Bool = false, size: Int = 0, isExecutable: Bool = false) {
        self.name = name
        self.isFolder = isFolder
        self.size = size
        self.isExecutable = isExecutable
    }

    /// Whether it is a YAML file at the root.
    var isRootYAML: Bool { !isFolder && !name.contains("/") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) }
}

/// The names that entries may have.
enum EntryName {
    /// The longest part between two slashes that a file system takes, in bytes.
    static let partLimit = 255

    /// A name without what doesn't matter: `./` at its beginning, and double slashes. It is empty for the root itself.
    ///
    /// - Throws: `csar.unsafe-name`.
    static func checked(_ name: String, in archive: String, limits: ArchiveLimits) throws(Problem) -> String {
        func refuse(_ why: String) -> Problem {
            Problem(
                "csar.unsafe-name", "‘\(archive)’ has an entry ‘\(name.prefix(200))’: \(why)",
                hint: "it was not unpacked; do not trust it")
        }
        if name.hasPrefix("/") { throw refuse("its path is absolute") }
        if name.contains("\\") { throw refuse("its name has a backslash, which is a separator on other systems") }
        if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            throw refuse("its name has a control character")
        }
        let parts = name.split(separator: "/").filter { $0 != "." }
        if parts.contains("..") { throw refuse("its path may lead out of the archive") }
        let plain = parts.joined(separator: "/")
        if plain.utf8.count > limits.nameLength { throw refuse("its name has more than \(limits.nameLength) bytes") }
        if parts.contains(where: { $0.utf8.count > partLimit }) {
            throw refuse("a part of its name has more than \(partLimit) bytes")
        }
        return plain
    }
}
