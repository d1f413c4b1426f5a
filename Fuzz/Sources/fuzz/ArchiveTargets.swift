// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import Support
import TOSCA

extension FuzzTarget {
    /// A `TOSCA.meta` that is accepted says the same after it was written and read again.
    static func checkMeta(_ bytes: [UInt8]) {
        guard let meta = try? TOSCAMeta(parsing: bytes, file: "m") else { return }
        guard let again = try? TOSCAMeta(parsing: Array(meta.text.utf8), file: "m") else {
            fail("what was written cannot be read", .text(meta.text))
        }
        require(again.document == meta.document, meta.text)
    }

    /// An archive that is accepted has files that can be read, whose names lead nowhere else, and no more than is allowed.
    static func checkArchive(_ bytes: [UInt8]) {
        let limits = ArchiveLimits(entries: 1000, size: 8 << 20, ratioFloor: 1 << 20)
        guard let archive = try? Archive(ArchiveInput(BytesContent(bytes), name: "a"), limits: limits) else { return }
        require(archive.entries.count <= limits.entries, "entries")
        require(Set(archive.entries.map(\.name)).count == archive.entries.count, "names")
        let size = archive.entries.reduce(0) { $0 + checkEntry($1, archive) }
        require(size <= limits.size, "size")
    }

    /// The number of bytes of an entry whose name leads nowhere else.
    private static func checkEntry(_ entry: ArchiveEntry, _ archive: Archive) -> Int {
        let parts = Set(entry.name.split(separator: "/", omittingEmptySubsequences: false).map(String.init))
        require(parts.isDisjoint(with: ["..", ".", ""]), entry.name)
        if entry.isFolder { return 0 }
        let count = (try? archive.open(entry.name).bytes().count) ?? -1
        require(count == entry.size, entry.name)
        return count
    }
}
