// SPDX-License-Identifier: Apache-2.0 OR MIT

/// What is accepted of an archive that comes from outside.
public struct ArchiveLimits: Sendable, Hashable {
    /// The most entries, folders included.
    public var entries: Int
    /// The most bytes of all entries together, unpacked.
    public var size: Int
    /// How many times more bytes may come out than are in the archive, once more than `ratioFloor` have come out.
    public var ratio: Int
    /// The number of unpacked bytes from which on the ratio counts: small files of blanks are harmless.
    public var ratioFloor: Int
    /// The longest name of an entry, in bytes of UTF-8.
    public var nameLength: Int
    /// The largest `TOSCA.meta`, in bytes.
    public var metaSize: Int

    /// Makes limits.
    public init(
        entries: Int = 100_000, size: Int = 4 << 30, ratio: Int = 200, ratioFloor: Int = 16 << 20, nameLength: Int = 1024,
        metaSize: Int = 1 << 20
    ) {
        self.entries = entries
        self.size = size
        self.ratio = ratio
        self.ratioFloor = ratioFloor
        self.nameLength = nameLength
        self.metaSize = metaSize
    }

    /// 100,000 entries; 4 GiB in all; 200 times as much as is in the archive, once that is more than 16 MiB; names of 1,024 bytes;
    /// a `TOSCA.meta` of 1 MiB.
    public static let standard = ArchiveLimits()
}
