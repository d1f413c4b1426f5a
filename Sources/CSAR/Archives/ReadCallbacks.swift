// SPDX-License-Identifier: Apache-2.0 OR MIT
import CArchive
import Glibc
import Support
import TOSCA

/// Gives libarchive the bytes of an archive as it asks for them.
final class ReadCallbacks {
    private static let pieceSize = 64 << 10

    private var source: ArchiveInput.Source
    private var position = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 1)
    /// What failed, if libarchive was told that something did.
    private(set) var problem: Problem?

    init(_ source: ArchiveInput.Source) { self.source = source }

    deinit { buffer.deallocate() }

    /// Tells a reader of libarchive where its bytes are. This must outlive it.
    func attach(to reader: OpaquePointer?) {
        archive_read_set_callback_data(reader, Unmanaged.passUnretained(self).toOpaque())
        archive_read_set_read_callback(reader) { _, data, place in
            guard let data, let place else { return -1 }
            return Unmanaged<ReadCallbacks>.fromOpaque(data).takeUnretainedValue().read(place)
        }
        guard case .content = source else { return }
        archive_read_set_seek_callback(reader) { _, data, offset, whence in
            guard let data else { return -1 }
            return Unmanaged<ReadCallbacks>.fromOpaque(data).takeUnretainedValue().seek(offset, whence)
        }
        archive_read_set_skip_callback(reader) { _, data, count in
            guard let data else { return 0 }
            return Unmanaged<ReadCallbacks>.fromOpaque(data).takeUnretainedValue().skip(count)
        }
    }

    private func read(_ place: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        do throws(Problem) {
            let bytes = try next()
            buffer.copyBytes(from: bytes)
            place.pointee = UnsafeRawPointer(buffer.baseAddress)
            return bytes.count
        } catch {
            problem = error
            return -1
        }
    }

    private func next() throws(Problem) -> [UInt8] {
        switch source {
        case .content(let content):
            guard position < content.size else { return [] }
            let bytes = try content.read(at: position, count: Self.pieceSize)
            position += bytes.count
            return bytes
        case .stream([], let rest): return try rest.next(count: Self.pieceSize)
        case .stream(let head, let rest):
            source = .stream([], rest)
            return head
        }
    }

    private func seek(_ offset: la_int64_t, _ whence: Int32) -> la_int64_t {
        guard case .content(let content) = source else { return -1 }
        let base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position : content.size
        let (target, isOver) = base.addingReportingOverflow(Int(offset))
        guard !isOver, target >= 0 else { return -1 }
        position = min(target, content.size)
        return la_int64_t(position)
    }

    private func skip(_ count: la_int64_t) -> la_int64_t {
        guard case .content(let content) = source else { return 0 }
        let skipped = max(0, min(Int(count), content.size - position))
        position += skipped
        return la_int64_t(skipped)
    }
}
