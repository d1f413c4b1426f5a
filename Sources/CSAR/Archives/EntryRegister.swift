// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Keeps count of what an archive has had so far, and refuses what is too much or there twice.
struct EntryRegister {
    let archive: String
    let limits: ArchiveLimits
    private var count = 0
    private var total = 0
    private var files: Set<String> = []
    /// The folders, those too that only stand in the path of something; true if there is an entry for it.
    private var folders: [String: Bool] = [:]
    /// The names in lower case, each with the first that has it.
    private var folded: [String: String] = [:]
    /// Names that are the same where case doesn't matter.
    private(set) var warnings: [Problem] = []

    init(archive: String, limits: ArchiveLimits) {
        self.archive = archive
        self.limits = limits
    }

    /// Counts an entry, before its name is looked at.
    ///
    /// - Throws: `csar.too-many-entries`, `csar.too-large`.
    mutating func count(size: Int) throws(Problem) {
        count += 1
        if count > limits.entries {
            throw Problem("csar.too-many-entries", "‘\(archive)’ has more than \(limits.entries) entries")
        }
        let (sum, isOver) = total.addingReportingOverflow(max(0, size))
        if isOver || sum > limits.size {
            throw Problem(
                "csar.too-large", "what is in ‘\(archive)’ has more than \(limits.size) bytes",
                hint: "if you trust it, allow more with ‘--max-size’")
        }
        total = sum
    }

    /// Takes note of an entry.
    ///
    /// - Throws: `csar.duplicate-entry`.
    mutating func add(_ entry: ArchiveEntry) throws(Problem) {
        let name = entry.name
        if entry.isFolder {
            if files.contains(name) { throw duplicate(name, "is both a file and a folder") }
            if folders.updateValue(true, forKey: name) == true { throw duplicate(name, "is in it twice") }
        } else {
            if folders[name] != nil { throw duplicate(name, "is both a file and a folder") }
            if !files.insert(name).inserted { throw duplicate(name, "is in it twice") }
        }
        var path = name[...]
        while let slash = path.lastIndex(of: "/") {
            path = path[..<slash]
            let folder = String(path)
            if files.contains(folder) { throw duplicate(folder, "is both a file and a folder") }
            if folders[folder] != nil { break }
            folders[folder] = false
        }
        noteCase(name)
    }

    private mutating func noteCase(_ name: String) {
        guard let first = folded.updateValue(name, forKey: name.lowercased()) else { return }
        warnings.append(
            Problem(
                "csar.names-differ-by-case", "‘\(first)’ and ‘\(name)’ in ‘\(archive)’ are one file where case doesn't matter",
                hint: "rename one of them", severity: .warning))
    }

    private func duplicate(_ name: String, _ what: String) -> Problem {
        Problem(
            "csar.duplicate-entry", "‘\(name)’ \(what), in ‘\(archive)’",
            hint: "programs differ in which one they take; pack it anew")
    }
}
