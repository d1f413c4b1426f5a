// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support
public import TOSCA

/// A Cloud Service Archive: an archive that says where to begin (chapter 17).
public struct Package: Sendable {
    /// The archive, as the repository of its files.
    public let archive: Archive
    /// How it is organized.
    public let layout: Layout

    /// Unpacks an archive.
    ///
    /// - Throws: `csar.*`, `file.failed`, `tosca.cannot-read`.
    public init(_ input: ArchiveInput, limits: ArchiveLimits = .standard) throws(Problems) {
        let archive = try raisingAll { () throws(Problem) in try Archive(input, limits: limits) }
        let metas = try raisingAll { () throws(Problem) in
            try archive.entries.filter(\.isMeta).map { entry throws(Problem) in
                (path: entry.name, bytes: try archive.open(entry.name).bytes(limit: limits.metaSize))
            }
        }
        layout = try Layout(archive.entries, metas: metas, archive: input.name)
        self.archive = archive
    }

    /// What a person should look at although it is accepted.
    public var warnings: [Problem] { archive.warnings + layout.warnings }

    /// Checks its definitions and that the artifacts that they need are there.
    ///
    /// - Parameters:
    ///   - compiler: what checks them; it knows the profiles.
    ///   - needsArtifacts: whether an artifact that is missing is an error, and not only a warning.
    /// - Returns: the warnings.
    /// - Throws: all problems that were found, file by file.
    public func validate(with compiler: Compiler, needsArtifacts: Bool = true) throws(Problems) -> [Problem] {
        var found = warnings
        for file in [layout.entryDefinitions] + layout.otherDefinitions {
            do throws(Problems) {
                found += try compiler.validate(file: file, in: archive)
            } catch {
                found += error.all
            }
        }
        if needsArtifacts { found = found.map(whole) }
        var seen: Set<Problem> = []
        found = found.filter { seen.insert($0).inserted }
        if found.contains(where: { $0.severity == .error }) { throw Problems(found) }
        return found
    }

    /// A problem as it is if an archive must have all that it needs: a missing artifact is an error.
    private func whole(_ problem: Problem) -> Problem {
        guard problem.code == "tosca.missing-artifact", case .source(let location) = problem.place,
            location.file.hasPrefix(archive.name(of: ""))
        else { return problem }
        var problem = problem
        problem.severity = .error
        return problem
    }

    /// Compiles the entry definitions. The other definitions are candidates for substitution (17.2).
    ///
    /// - Parameter substitutions: further files by whose service templates nodes may be substituted.
    /// - Throws: all problems that were found.
    public func compile(
        with compiler: Compiler, service: String, substitutions: [FilePlace] = []
    ) throws(Problems) -> CompiledDesign {
        let others = layout.otherDefinitions.map { FilePlace(repository: archive, path: $0) }
        var design = try compiler.compile(
            file: layout.entryDefinitions, in: archive, service: service, substitutions: others + substitutions)
        design.warnings = warnings + design.warnings
        return design
    }
}
