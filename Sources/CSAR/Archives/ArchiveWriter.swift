// SPDX-License-Identifier: Apache-2.0 OR MIT
import CArchive
import Glibc
import Support
import TOSCA

/// Writes an archive whose bytes depend on nothing but the names, contents and order of its files, and whether they are programs.
final class ArchiveWriter {
    private let name: String
    private let isZip: Bool
    private let handle = archive_write_new()
    private let output: WrittenBytes

    /// - Throws: `csar.cannot-write`.
    init(_ format: ArchiveFormat, to content: ScratchContent, name: String) throws(Problem) {
        self.name = name
        isZip = format == .zip
        output = WrittenBytes(content)
        switch format {
        case .zip: archive_write_set_format_zip(handle)
        // A tarball as POSIX has it, with extended headers only where a name or a size needs them.
        case .tar, .tarGzip, .tarZstandard: archive_write_set_format_pax_restricted(handle)
        }
        switch format {
        case .zip, .tar: break
        case .tarGzip:
            archive_write_add_filter_gzip(handle)
            // Otherwise the time of now is in it.
            archive_write_set_filter_option(handle, "gzip", "timestamp", nil)
        case .tarZstandard: archive_write_add_filter_zstd(handle)
        }
        archive_write_set_bytes_in_last_block(handle, 1)
        let status = archive_write_open2(
            handle, Unmanaged.passUnretained(output).toOpaque(), nil,
            { _, data, bytes, count in
                guard let data else { return -1 }
                return Unmanaged<WrittenBytes>.fromOpaque(data).takeUnretainedValue().add(bytes, count)
            }, nil, nil)
        guard status == ARCHIVE_OK else { throw failure() }
    }

    deinit { archive_write_free(handle) }

    /// The time that is given to every entry of a tarball, the first that a zip file can tell: 1980-01-01.
    private static let time = 315_532_800

    /// Adds a file.
    ///
    /// - Throws: `csar.cannot-write`, and what reading the content throws.
    func add(_ name: String, _ content: any FileContent, isExecutable: Bool) throws(Problem) {
        let entry = archive_entry_new()
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname_utf8(entry, name)
        archive_entry_set_filetype(entry, UInt32(Glibc.S_IFREG))
        archive_entry_set_perm(entry, isExecutable ? 0o755 : 0o644)
        archive_entry_set_size(entry, la_int64_t(content.size))
        // A zip file's times are local ones; one that has none is the same everywhere.
        if !isZip { archive_entry_set_mtime(entry, Self.time, 0) }
        guard withUTF8Names({ archive_write_header(handle, entry) }) == ARCHIVE_OK else { throw failure() }
        try content.forEachPiece { bytes throws(Problem) in
            guard archive_write_data(handle, bytes, bytes.count) == bytes.count else { throw failure() }
        }
        guard archive_write_finish_entry(handle) == ARCHIVE_OK else { throw failure() }
    }

    /// Writes the end.
    ///
    /// - Throws: `csar.cannot-write`.
    func finish() throws(Problem) {
        guard archive_write_close(handle) == ARCHIVE_OK else { throw failure() }
    }

    private func failure() -> Problem {
        if let problem = output.problem { return problem }
        let reason = archive_error_string(handle).map { String(cString: $0) } ?? "the reason is not known"
        return Problem("csar.cannot-write", "‘\(name)’ cannot be packed: \(reason)")
    }
}

/// Takes the bytes that libarchive writes.
private final class WrittenBytes {
    private let content: ScratchContent
    /// What failed, if libarchive was told that something did.
    private(set) var problem: Problem?

    init(_ content: ScratchContent) { self.content = content }

    func add(_ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        do throws(Problem) {
            try content.append(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
            return count
        } catch {
            problem = error
            return -1
        }
    }
}
