// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support
public import TOSCA

/// Packs a folder as a Cloud Service Archive. The same folder gives the same bytes.
public struct Packing: Sendable {
    /// Who makes an archive if nobody is named.
    public static let defaultCreator = "Khutulun"

    /// The format.
    public var format: ArchiveFormat
    /// The file that is the entry point; nil takes the only YAML file at the root.
    public var entryDefinitions: String?
    /// The files with templates that may substitute nodes.
    public var otherDefinitions: [String]
    /// The person or organization that makes it.
    public var createdBy: String?
    /// Names and values of a block of its own.
    public var custom: [TOSCAMeta.Field]

    /// Makes it.
    public init(
        format: ArchiveFormat, entryDefinitions: String? = nil, otherDefinitions: [String] = [], createdBy: String? = nil,
        custom: [TOSCAMeta.Field] = []
    ) {
        self.format = format
        self.entryDefinitions = entryDefinitions
        self.otherDefinitions = otherDefinitions
        self.createdBy = createdBy
        self.custom = custom
    }

    /// An archive that was packed and found to be right.
    public struct Result: Sendable {
        /// Its bytes.
        public let content: any FileContent
        /// What is in it.
        public let package: Package
        /// The hidden files and folders, which were left out.
        public let leftOut: [String]
    }

    /// Packs a folder. A `TOSCA.meta` that is there is taken as it is, otherwise one is made.
    ///
    /// - Parameters:
    ///   - folder: the path of the folder.
    ///   - name: what messages call the archive.
    /// - Throws: `csar.meta-exists`, `csar.link`, `csar.special-file`, `tosca.cannot-read`, and what is wrong with what is packed.
    public func pack(_ folder: String, name: String, limits: ArchiveLimits = .standard) throws(Problems) -> Result {
        var listing = FolderListing(folder)
        try raisingAll { () throws(Problem) in try listing.read(limit: limits.entries) }
        let hasMeta = listing.files.contains { TOSCAMeta.paths.contains($0.name) }
        let meta = hasMeta ? nil : try meta(listing.files, folder)
        if hasMeta { try checkNothingIsSaid(folder) }
        let first = listing.files.sorted { left, right in
            let (isLeft, isRight) = (TOSCAMeta.paths.contains(left.name), TOSCAMeta.paths.contains(right.name))
            return isLeft == isRight ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8) : isLeft
        }
        let content = ScratchContent()
        try raisingAll { () throws(Problem) in
            let writer = try ArchiveWriter(format, to: content, name: name)
            if let meta { try writer.add(TOSCAMeta.paths[0], BytesContent(Array(meta.text.utf8)), isExecutable: false) }
            for file in first {
                try writer.add(file.name, LocalFiles().open("\(folder)/\(file.name)"), isExecutable: file.isExecutable)
            }
            try writer.finish()
        }
        let package = try Package(ArchiveInput(content, name: name), limits: limits)
        return Result(content: content, package: package, leftOut: listing.leftOut)
    }

    private func meta(_ files: [ArchiveEntry], _ folder: String) throws(Problems) -> TOSCAMeta {
        let roots = files.filter(\.isRootYAML).map(\.name)
        guard let entry = entryDefinitions ?? (roots.count == 1 ? roots[0] : nil) else {
            throw Problems([
                Problem(
                    "csar.no-entry-definitions",
                    "‘\(folder)’ has \(roots.isEmpty ? "no YAML file" : "\(roots.count) YAML files") at its root",
                    hint: "say where to begin with ‘--entry FILE’")
            ])
        }
        var block = [
            TOSCAMeta.Field("CSAR-Version", TOSCAMeta.version), .init("Created-By", createdBy ?? Self.defaultCreator),
            .init("Entry-Definitions", entry),
        ]
        if !otherDefinitions.isEmpty { block.append(.init("Other-Definitions", NameList.text(otherDefinitions))) }
        return TOSCAMeta(blocks: custom.isEmpty ? [block] : [block, custom])
    }

    private func checkNothingIsSaid(_ folder: String) throws(Problems) {
        guard entryDefinitions != nil || !otherDefinitions.isEmpty || createdBy != nil || !custom.isEmpty else { return }
        throw Problems([
            Problem(
                "csar.meta-exists", "‘\(folder)’ has a TOSCA.meta, which says where to begin and who made it",
                hint: "remove it, or say nothing of this on the command line")
        ])
    }
}
