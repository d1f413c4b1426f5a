// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import TOSCA

/// The list at the end of a zip file, read before anything is unpacked.
///
/// A zip file says most things twice: in this list, and before each entry. Programs differ in what they believe, so that one may check
/// what another doesn't unpack. Here both must agree, entries may not share bytes, and nothing may stand before the first one or behind
/// the list. Only what ISO/IEC 21320-1 allows is accepted: entries that are stored or deflated, in one file, not encrypted.
struct ZipDirectory {
    /// An entry, as the list has it.
    struct Entry {
        var name: String
        var size: Int
        var packedSize: Int
        var offset: Int
    }

    /// The entries in the order in which they lie in the file.
    private(set) var entries: [Entry] = []
    private let archive: String
    private let content: any FileContent
    private let limits: ArchiveLimits

    /// Reads it.
    ///
    /// - Throws: `csar.damaged`, `csar.encrypted`, `csar.not-supported`, `csar.inconsistent`, `csar.too-many-entries`.
    init(_ content: any FileContent, archive: String, limits: ArchiveLimits) throws(Problem) {
        (self.content, self.archive, self.limits) = (content, archive, limits)
        let end = try findEnd()
        guard end.count <= limits.entries else {
            throw Problem("csar.too-many-entries", "‘\(archive)’ has more than \(limits.entries) entries")
        }
        var cursor = ByteCursor(content, at: end.start)
        while cursor.position < end.limit {
            guard entries.count < end.count else { throw inconsistent("its list has more entries than it says") }
            entries.append(try entry(&cursor))
        }
        guard cursor.position == end.limit, entries.count == end.count else {
            throw inconsistent("its list has fewer entries than it says")
        }
        entries.sort { $0.offset < $1.offset }
        try checkOverlaps(limit: end.start)
    }

    /// Where the list is, and how long.
    private struct End {
        var count: Int
        var start: Int
        var limit: Int
    }

    /// The furthest that the end record is looked for: a comment may stand behind it.
    private static let tailSize = 16 << 10

    private func findEnd() throws(Problem) -> End {
        let start = max(0, content.size - Self.tailSize)
        let tail = try content.read(at: start, count: content.size - start)
        guard tail.count >= 22,
            let index = (0...(tail.count - 22)).last(where: { tail[$0...].starts(with: [0x50, 0x4b, 5, 6]) })
        else { throw damaged("the list of its entries is missing: it is cut off, or has a long comment") }
        var cursor = ByteCursor(content, at: start + index + 4)
        let disks = (try cursor.number(2), try cursor.number(2))
        let counts = (try cursor.number(2), try cursor.number(2))
        let (size, offset) = (try cursor.number(4), try cursor.number(4))
        let comment = try cursor.number(2)
        guard cursor.position + comment == content.size else { throw inconsistent("there are bytes behind its end") }
        var end = End(count: counts.1, start: offset, limit: start + index)
        if counts.1 == 0xffff || size == 0xffff_ffff || offset == 0xffff_ffff {
            end = try largeEnd(before: start + index)
        } else if disks != (0, 0) || counts.0 != counts.1 {
            throw Problem("csar.not-supported", "‘\(archive)’ is a zip file of several parts", hint: "pack it as one")
        } else if offset + size != end.limit {
            throw inconsistent("the list of its entries isn't where it says")
        }
        return end
    }

    /// The end record of an archive with more entries or bytes than the usual one can count.
    private func largeEnd(before end: Int) throws(Problem) -> End {
        guard end >= 76 else { throw damaged("its end is cut off") }
        var cursor = ByteCursor(content, at: end - 20)
        guard try cursor.number(4) == 0x0706_4b50, try cursor.number(4) == 0 else { throw damaged("its end is malformed") }
        let place = try cursor.number(8)
        guard place <= end - 76 else { throw damaged("its end is malformed") }
        cursor = ByteCursor(content, at: place)
        guard try cursor.number(4) == 0x0606_4b50 else { throw damaged("its end is malformed") }
        try cursor.skip(20)
        let counts = (try cursor.number(8), try cursor.number(8))
        let (size, offset) = (try cursor.number(8), try cursor.number(8))
        guard counts.0 == counts.1, size <= place, offset == place - size else {
            throw inconsistent("the list of its entries isn't where it says")
        }
        return End(count: counts.1, start: offset, limit: place)
    }

    private func entry(_ cursor: inout ByteCursor) throws(Problem) -> Entry {
        guard try cursor.number(4) == 0x0201_4b50 else { throw damaged("the list of its entries is malformed") }
        try cursor.skip(4)
        let (flags, method) = (try cursor.number(2), try cursor.number(2))
        try cursor.skip(8)
        let (packed, size) = (try cursor.number(4), try cursor.number(4))
        let lengths = (name: try cursor.number(2), extra: try cursor.number(2), comment: try cursor.number(2))
        let disk = try cursor.number(2)
        try cursor.skip(6)
        let offset = try cursor.number(4)
        let bytes = try cursor.bytes(lengths.name)
        let extra = try cursor.bytes(lengths.extra)
        try cursor.skip(lengths.comment)
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw Problem(
                "csar.unsafe-name",
                "‘\(archive)’ has an entry whose name isn't UTF-8: \(String(decoding: bytes, as: UTF8.self))")
        }
        // Encrypted; encrypted strongly; with the list itself encrypted.
        guard flags & 0x2041 == 0 else {
            throw Problem("csar.encrypted", "‘\(name)’ in ‘\(archive)’ is encrypted", hint: "pack it without a password")
        }
        guard method == 0 || method == 8, disk == 0 || disk == 0xffff else {
            throw Problem(
                "csar.not-supported", "‘\(name)’ in ‘\(archive)’ is compressed with method \(method)",
                hint: "in a CSAR, entries are stored or deflated (ISO/IEC 21320-1)")
        }
        var entry = Entry(name: name, size: size, packedSize: packed, offset: offset)
        try readLargeNumbers(extra, &entry)
        return entry
    }

    /// Takes the numbers that don't fit into 32 bits from where such are.
    private func readLargeNumbers(_ extra: [UInt8], _ entry: inout Entry) throws(Problem) {
        let isLarge = (entry.size == 0xffff_ffff, entry.packedSize == 0xffff_ffff, entry.offset == 0xffff_ffff)
        guard isLarge.0 || isLarge.1 || isLarge.2 else { return }
        var cursor = ByteCursor(BytesContent(extra), at: 0)
        while cursor.position + 4 <= extra.count {
            let (kind, length) = (try cursor.number(2), try cursor.number(2))
            guard kind == 1 else {
                try cursor.skip(length)
                continue
            }
            if isLarge.0 { entry.size = try cursor.number(8) }
            if isLarge.1 { entry.packedSize = try cursor.number(8) }
            if isLarge.2 { entry.offset = try cursor.number(8) }
            return
        }
        throw damaged("the size of ‘\(entry.name)’ is missing")
    }

    /// The bytes before an entry's content that don't depend on its name.
    private static let headerSize = 30

    private func checkOverlaps(limit: Int) throws(Problem) {
        var end = 0
        for entry in entries {
            guard entry.offset >= end, entry.packedSize <= limit, entry.offset <= limit else {
                throw inconsistent("‘\(entry.name)’ shares bytes with another entry")
            }
            end = entry.offset + Self.headerSize + entry.packedSize
        }
        guard end <= limit else { throw damaged("its last entry is cut off") }
        if let first = entries.first, first.offset != 0 { throw inconsistent("there are bytes before its first entry") }
    }

    private func damaged(_ why: String) -> Problem { Problem("csar.damaged", "‘\(archive)’ cannot be read: \(why)") }

    private func inconsistent(_ why: String) -> Problem {
        Problem(
            "csar.inconsistent", "‘\(archive)’ contradicts itself: \(why)",
            hint: "programs differ in what they make of it; pack it anew")
    }
}

/// Reads little-endian numbers.
private struct ByteCursor {
    private let content: any FileContent
    private(set) var position: Int
    private var buffer: ArraySlice<UInt8> = []

    init(_ content: any FileContent, at position: Int) {
        self.content = content
        self.position = position
    }

    private mutating func fill(_ count: Int) throws(Problem) {
        while buffer.count < count {
            let place = position + buffer.count
            guard place < content.size else { throw Problem("csar.damaged", "a zip file ends too early") }
            buffer = ArraySlice(Array(buffer) + (try content.read(at: place, count: max(64 << 10, count - buffer.count))))
        }
    }

    mutating func bytes(_ count: Int) throws(Problem) -> [UInt8] {
        try fill(count)
        let bytes = Array(buffer.prefix(count))
        try skip(count)
        return bytes
    }

    /// A number of some bytes; one that is larger than any size is as large as can be.
    mutating func number(_ count: Int) throws(Problem) -> Int {
        try fill(count)
        var number: UInt64 = 0
        for index in (buffer.startIndex..<buffer.startIndex + count).reversed() { number = number << 8 | UInt64(buffer[index]) }
        try skip(count)
        return Int(clamping: number)
    }

    mutating func skip(_ count: Int) throws(Problem) {
        try fill(count)
        buffer = buffer.dropFirst(count)
        position += count
    }
}
