// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// How an archive is organized: what its `TOSCA.meta` says, or what follows from its having none (17.1 to 17.3).
public struct Layout: Sendable {
    /// What the `TOSCA.meta` says; nil if there is none.
    public let meta: TOSCAMeta?
    /// The file that is the entry point.
    public let entryDefinitions: String
    /// The files with templates that may substitute nodes.
    public let otherDefinitions: [String]
    /// What a person should look at although it is accepted.
    public let warnings: [Problem]

    /// Finds it.
    ///
    /// - Parameters:
    ///   - entries: what is in the archive.
    ///   - metas: the paths and contents of each `TOSCA.meta` in it.
    ///   - archive: what messages call it.
    /// - Throws: all that is wrong: `csar.several-metas`, `csar.missing-definitions`, `csar.no-entry-definitions`, and what is wrong with
    ///   the `TOSCA.meta`.
    init(_ entries: [ArchiveEntry], metas: [(path: String, bytes: [UInt8])], archive: String) throws(Problems) {
        guard metas.count < 2 else {
            throw Problems([
                Problem(
                    "csar.several-metas", "‘\(archive)’ has two: \(metas.map { "‘\($0.path)’" }.joined(separator: " and "))",
                    hint: "remove one of them")
            ])
        }
        guard let found = metas.first else {
            meta = nil
            entryDefinitions = try Self.onlyRootYAML(entries, archive, place: nil)
            (otherDefinitions, warnings) = ([], [])
            return
        }
        let file = "\(archive)!\(found.path)"
        let meta = try TOSCAMeta(parsing: found.bytes, file: file)
        self.meta = meta
        let files = Set(entries.filter { !$0.isFolder }.map(\.name))
        let others = meta.field("Other-Definitions").map { NameList($0).names } ?? []
        var missing = others.filter { !files.contains($0.text) }
        if let entry = meta.field("Entry-Definitions") {
            entryDefinitions = entry.value
            if !files.contains(entry.value) { missing.insert((entry.value, entry.places.first ?? entry.location), at: 0) }
        } else {
            entryDefinitions = try Self.onlyRootYAML(entries, archive, place: .source(meta.blocks[0][0].location))
        }
        otherDefinitions = others.map(\.text)
        warnings = Self.warnings(meta, others, file: file)
        let problems = missing.map { name, location in
            Problem(
                "csar.missing-definitions", "there is no file ‘\(name)’ in the archive", at: .source(location),
                hint: "paths start from the root of the archive")
        }
        if !problems.isEmpty { throw Problems(problems) }
    }

    /// The one YAML file at the root.
    private static func onlyRootYAML(_ entries: [ArchiveEntry], _ archive: String, place: Problem.Place?) throws(Problems)
        -> String
    {
        let found = entries.filter(\.isRootYAML).map(\.name).sorted()
        if found.count == 1 { return found[0] }
        let tops = Set(entries.map { $0.name.prefix { $0 != "/" } })
        let hint =
            !found.isEmpty
            ? "say which one it is: ‘Entry-Definitions: \(found[0])’ in a file TOSCA.meta"
            : tops.count == 1
                ? "all of it lies in the folder ‘\(tops.first ?? "")’: pack what is in it, not the folder itself"
                : "put one file that ends with .yaml at the root, or a file TOSCA.meta"
        let what =
            found.isEmpty
            ? "has no YAML file at its root"
            : "has \(found.count) YAML files at its root: \(found.prefix(5).joined(separator: ", "))\(found.count > 5 ? " …" : "")"
        throw Problems([
            Problem(
                "csar.no-entry-definitions", "‘\(archive)’ doesn't say where to begin: it \(what), and no ‘Entry-Definitions’",
                at: place,
                hint: hint)
        ])
    }

    private static func warnings(_ meta: TOSCAMeta, _ others: [(text: String, location: SourceLocation)], file: String)
        -> [Problem]
    {
        var problems: [Problem] = []
        if meta.createdBy == nil, let first = meta.blocks.first?.first {
            problems.append(
                Problem("csar.no-creator", "‘Created-By’ is missing", at: .source(first.location), severity: .warning))
        }
        var seen: Set<String> = [meta.entryDefinitions ?? ""]
        for (name, location) in others where !seen.insert(name).inserted {
            problems.append(
                Problem("csar.repeated-definitions", "‘\(name)’ is named twice", at: .source(location), severity: .warning))
        }
        return problems
    }
}
