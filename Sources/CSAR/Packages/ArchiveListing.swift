// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What is in an archive, without its contents.
public struct ArchiveListing: Sendable {
    /// Its format.
    public let format: ArchiveFormat
    /// What is in it, in its order.
    public let entries: [ArchiveEntry]
    /// How it is organized.
    public let layout: Layout
    /// What a person should look at although it is accepted.
    public let warnings: [Problem]

    /// Goes through an archive once. Nothing is kept of it.
    ///
    /// - Throws: `csar.*`, `tosca.cannot-read`.
    public init(_ input: ArchiveInput, limits: ArchiveLimits = .standard) throws(Problems) {
        let reader = try raisingAll { () throws(Problem) in try ArchiveReader(input, limits: limits) }
        format = reader.format
        var metas: [(path: String, bytes: [UInt8])] = []
        entries = try raisingAll { () throws(Problem) in
            var entries: [ArchiveEntry] = []
            while let entry = try reader.next() {
                entries.append(entry)
                if entry.isMeta { metas.append((entry.name, try reader.readAll(limit: limits.metaSize))) }
            }
            return entries
        }
        layout = try Layout(entries, metas: metas, archive: input.name)
        warnings = reader.warnings + layout.warnings
    }

    /// What the first `TOSCA.meta` of an archive says, and its path; nil if there is none. What follows it is not read.
    ///
    /// - Throws: `csar.*`, `tosca.cannot-read`.
    public static func meta(of input: ArchiveInput, limits: ArchiveLimits = .standard) throws(Problems) -> (
        path: String, meta: TOSCAMeta
    )? {
        let found = try raisingAll { () throws(Problem) -> (String, [UInt8])? in
            let reader = try ArchiveReader(input, limits: limits)
            while let entry = try reader.next() {
                if entry.isMeta { return (entry.name, try reader.readAll(limit: limits.metaSize)) }
            }
            return nil
        }
        guard let (path, bytes) = found else { return nil }
        return (path, try TOSCAMeta(parsing: bytes, file: "\(input.name)!\(path)"))
    }
}

extension ArchiveEntry {
    /// Whether it is a `TOSCA.meta`.
    var isMeta: Bool { !isFolder && TOSCAMeta.paths.contains(name) }
}

/// Runs what throws one problem where several may be thrown.
func raisingAll<Result>(_ body: () throws(Problem) -> Result) throws(Problems) -> Result {
    do throws(Problem) { return try body() } catch { throw Problems([error]) }
}
