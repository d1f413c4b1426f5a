// SPDX-License-Identifier: Apache-2.0 OR MIT
import Synchronization
public import Support
public import TOSCA

/// An archive that was unpacked and found to be sound, as a repository of files. What it holds is kept while it is used, in a file without
/// a name if it is more than a little.
public final class Archive: FileRepository {
    /// What messages call it.
    public let name: String
    /// Its format.
    public let format: ArchiveFormat
    /// What is in it, in its order.
    public let entries: [ArchiveEntry]
    /// What a person should look at although it is accepted.
    public let warnings: [Problem]
    private let contents: ScratchContent
    private let places: [String: Range<Int>]

    /// Unpacks an archive.
    ///
    /// - Throws: `csar.*`, `file.failed`, `tosca.cannot-read`.
    public init(_ input: ArchiveInput, limits: ArchiveLimits = .standard) throws(Problem) {
        let reader = try ArchiveReader(input, limits: limits)
        let contents = ScratchContent()
        var entries: [ArchiveEntry] = []
        var places: [String: Range<Int>] = [:]
        while let entry = try reader.next() {
            entries.append(entry)
            guard !entry.isFolder else { continue }
            let start = contents.size
            while let piece = try reader.read() { try contents.append(piece) }
            places[entry.name] = start..<contents.size
        }
        name = input.name
        format = reader.format
        warnings = reader.warnings
        self.entries = entries
        self.contents = contents
        self.places = places
    }

    /// The name of the archive and the path in it: `shop.csar!service.yaml`.
    public func name(of path: String) -> String { "\(name)!\(Self.key(path))" }

    /// The path and what tells this archive from others.
    public func identity(of path: String) -> String { "\(ObjectIdentifier(self).hashValue)!\(Self.key(path))" }

    /// Opens a file in it.
    ///
    /// - Throws: `tosca.cannot-read`.
    public func open(_ path: String, limit: Int) throws(Problem) -> any FileContent {
        let key = Self.key(path)
        guard let range = places[key] else {
            let isFolder = entries.contains { $0.name == key && $0.isFolder || $0.name.hasPrefix("\(key)/") }
            let isOutside = key.hasPrefix("../") || key == ".."
            throw Problem(
                "tosca.cannot-read",
                isFolder
                    ? "‘\(name(of: path))’ is a folder, not a file"
                    : isOutside
                        ? "‘\(key)’ leads out of the archive ‘\(name)’" : "there is no file ‘\(key)’ in the archive ‘\(name)’",
                at: .source(SourceLocation(file: name(of: path), row: 1, column: 1)))
        }
        return contents.part(range)
    }

    private static func key(_ path: String) -> String { String(path.drop { $0 == "/" }) }
}
