// SPDX-License-Identifier: Apache-2.0 OR MIT
import CArchive
import Glibc
import Support
import TOSCA

/// Goes through an archive once, entry by entry, and refuses what cannot be trusted.
final class ArchiveReader {
    private static let pieceSize = 256 << 10

    let name: String
    let format: ArchiveFormat
    private let limits: ArchiveLimits
    private let handle: OpaquePointer?
    private let callbacks: ReadCallbacks
    private let directory: ZipDirectory?
    private var register: EntryRegister
    /// The number of headers that were read.
    private var index = 0
    /// The entry whose content comes next, and how much of it was read.
    private var current: (entry: ArchiveEntry, done: Int)?
    /// How many bytes came out.
    private var unpacked = 0
    /// The size of the archive, if it is known.
    private let packedSize: Int?

    /// - Throws: `csar.not-an-archive`, and what is wrong with a zip file's list.
    init(_ input: ArchiveInput, limits: ArchiveLimits) throws(Problem) {
        name = input.name
        self.limits = limits
        register = EntryRegister(archive: name, limits: limits)
        let (format, input) = try input.recognized()
        guard let format else {
            throw Problem(
                "csar.not-an-archive", "‘\(name)’ is no archive of a known format",
                hint: "the formats are \(ArchiveFormat.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.format = format
        var source = input.source
        if format == .zip { source = .content(try input.content(limit: limits.size)) }
        if case .content(let content) = source { packedSize = content.size } else { packedSize = nil }
        if format == .zip, case .content(let content) = source {
            directory = try ZipDirectory(content, archive: name, limits: limits)
        } else {
            directory = nil
        }
        callbacks = ReadCallbacks(source)
        handle = archive_read_new()
        try open()
    }

    deinit { archive_read_free(handle) }

    private func open() throws(Problem) {
        switch format {
        case .zip: archive_read_support_format_zip_seekable(handle)
        case .tar: archive_read_support_format_tar(handle)
        // Told which filter there is, libarchive looks for no other within it.
        case .tarGzip: archive_read_append_filter(handle, Int32(ARCHIVE_FILTER_GZIP))
        case .tarZstandard: archive_read_append_filter(handle, Int32(ARCHIVE_FILTER_ZSTD))
        }
        if format.isCompressedStream { archive_read_support_format_tar(handle) }
        callbacks.attach(to: handle)
        guard withUTF8Names({ archive_read_open1(handle) }) == ARCHIVE_OK else { throw failure() }
    }

    /// What a person should look at although it is accepted; whole at the end.
    var warnings: [Problem] { register.warnings }

    /// The next entry; nil at the end. What wasn't read of the one before is passed over.
    ///
    /// - Throws: `csar.*`.
    func next() throws(Problem) -> ArchiveEntry? {
        while true {
            // Packed bytes have to be unpacked to get past them; here it is seen if they are too many.
            if format.isCompressedStream { while try read() != nil {} }
            current = nil
            var header: OpaquePointer?
            switch withUTF8Names({ archive_read_next_header(handle, &header) }) {
            case ARCHIVE_OK: break
            case ARCHIVE_EOF:
                try finish()
                return nil
            default: throw failure()
            }
            index += 1
            guard let entry = try entry(header) else { continue }
            try register.add(entry)
            current = (entry, 0)
            return entry
        }
    }

    /// The next bytes of the entry that came last; nil at its end.
    ///
    /// - Throws: `csar.*`.
    func read() throws(Problem) -> [UInt8]? {
        guard let (entry, done) = current, !entry.isFolder else { return nil }
        var length = 0
        // One byte more than there should be shows whether there are more.
        let bytes = [UInt8](unsafeUninitializedCapacity: min(Self.pieceSize, entry.size - done + 1)) { buffer, filled in
            length = archive_read_data(handle, buffer.baseAddress, buffer.count)
            filled = max(0, length)
        }
        guard length >= 0 else { throw failure(in: entry) }
        current?.done = done + length
        unpacked += length
        try checkRatio(entry)
        guard done + length <= entry.size, length > 0 || done == entry.size else {
            throw Problem(
                "csar.wrong-size", "‘\(entry.name)’ in ‘\(name)’ has not the \(entry.size) bytes that it is said to have")
        }
        return length == 0 ? nil : bytes
    }

    /// All bytes of the entry that came last.
    ///
    /// - Throws: `csar.too-large` if there are more than a limit, `csar.*`.
    func readAll(limit: Int) throws(Problem) -> [UInt8] {
        if let entry = current?.entry, entry.size > limit {
            throw Problem("csar.too-large", "‘\(entry.name)’ in ‘\(name)’ has more than \(limit) bytes")
        }
        var all: [UInt8] = []
        while let piece = try read() { all += piece }
        return all
    }

    private func checkRatio(_ entry: ArchiveEntry) throws(Problem) {
        guard unpacked > limits.ratioFloor else { return }
        let packed = format == .zip ? packedSize ?? 0 : Int(archive_filter_bytes(handle, -1))
        guard unpacked > max(1, packed) * limits.ratio else { return }
        throw Problem(
            "csar.bomb", "‘\(entry.name)’ in ‘\(name)’ unpacks to more than \(limits.ratio) times what is packed",
            hint: "it was not unpacked; do not trust it")
    }

    private func finish() throws(Problem) {
        if let directory, index != directory.entries.count {
            throw inconsistent("an entry is in its list and not before its content")
        }
    }

    /// What a header says; nil for the root folder, which is no entry.
    private func entry(_ header: OpaquePointer?) throws(Problem) -> ArchiveEntry? {
        let size = Int(archive_entry_size(header))
        try register.count(size: size)
        guard let pointer = withUTF8Names({ archive_entry_pathname_utf8(header) }) else {
            throw Problem("csar.unsafe-name", "‘\(name)’ has an entry whose name isn't UTF-8")
        }
        let listed = directory.flatMap { index <= $0.entries.count ? $0.entries[index - 1] : nil }
        // libarchive takes backslashes for slashes; in the list they are what they are.
        let text = String(cString: pointer)
        let plain = try EntryName.checked(listed?.name ?? text, in: name, limits: limits)
        if archive_entry_is_encrypted(header) != 0 {
            throw Problem("csar.encrypted", "‘\(text)’ in ‘\(name)’ is encrypted", hint: "pack it without a password")
        }
        let isFolder = try isFolder(header, text)
        if directory != nil, listed?.name != text || listed?.size != size {
            throw inconsistent("‘\(text)’ is something else in its list")
        }
        guard !plain.isEmpty else {
            if isFolder { return nil }
            throw Problem("csar.unsafe-name", "‘\(name)’ has a file without a name")
        }
        guard size >= 0 else { throw Problem("csar.wrong-size", "‘\(plain)’ in ‘\(name)’ has no size") }
        return ArchiveEntry(
            name: plain, isFolder: isFolder, size: isFolder ? 0 : size, isExecutable: archive_entry_perm(header) & 0o111 != 0)
    }

    private func isFolder(_ header: OpaquePointer?, _ text: String) throws(Problem) -> Bool {
        let type = mode_t(archive_entry_filetype(header))
        if type == Glibc.S_IFLNK || archive_entry_hardlink(header) != nil || archive_entry_symlink(header) != nil {
            throw Problem(
                "csar.link", "‘\(text)’ in ‘\(name)’ is a link",
                hint: "put the file itself in its place; links may lead out of the archive")
        }
        guard type == Glibc.S_IFREG || type == Glibc.S_IFDIR else {
            throw Problem("csar.special-file", "‘\(text)’ in ‘\(name)’ is neither a file nor a folder")
        }
        return type == Glibc.S_IFDIR
    }

    private func inconsistent(_ why: String) -> Problem {
        Problem(
            "csar.inconsistent", "‘\(name)’ contradicts itself: \(why)",
            hint: "programs differ in what they make of it; pack it anew")
    }

    private func failure(in entry: ArchiveEntry? = nil) -> Problem {
        if let problem = callbacks.problem { return problem }
        let reason = archive_error_string(handle).map { String(cString: $0) } ?? "the reason is not known"
        let place = entry.map { "‘\($0.name)’ in " } ?? ""
        return Problem("csar.damaged", "\(place)‘\(name)’ cannot be read: \(reason)")
    }
}

/// The locale in which libarchive takes names for what they are. It is never freed.
private nonisolated(unsafe) let utf8Locale = archive_utf8_locale()

/// Lets libarchive work with names in UTF-8, whatever the program's own locale is.
func withUTF8Names<Result>(_ body: () -> Result) -> Result {
    let before = uselocale(utf8Locale)
    defer { uselocale(before) }
    return body()
}
