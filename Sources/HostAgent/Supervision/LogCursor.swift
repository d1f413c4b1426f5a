// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc

/// A reading place in the files `log`, `log.1`, … of a run folder, as its shim writes and rotates them.
///
/// The file `log.index` tells the position of each file's first byte by the file's inode, and is always written before a
/// file gets its name: a file that is open is found there, whatever it is called by now.
struct LogCursor: Sendable {
    private static let chunk = 64 << 10

    /// The position of the next byte.
    private(set) var position: Int64 = 0
    private let folder: String
    private var current: Segment?

    init(folder: String) { self.folder = folder }

    /// Whether there may be more. Before the process prints something there is no log, but a record of the process; for a moment
    /// of each rotation no file has the log's name, but then there is an index.
    var exists: Bool { ["log", "log.index", "record"].contains { Files.exists(folder + "/" + $0) } }

    /// Goes to a position.
    mutating func move(to position: Int64) {
        self.position = position
        current = nil
    }

    /// The next bytes; nil if there are none now. What was removed by rotation is skipped.
    mutating func read() -> [UInt8]? {
        for _ in 0..<3 {
            if let current, let bytes = current.read(position) {
                position += Int64(bytes.count)
                return bytes
            }
            guard let next = nextSegment() else { return nil }
            position = max(position, next.position)
            current = next
        }
        return nil
    }

    /// The oldest file with bytes at or after the position.
    private func nextSegment() -> Segment? {
        segments().last { $0.position + $0.size > position }
    }

    /// The position where so many last lines begin.
    func position(ofLast count: Int) -> Int64 {
        var missing = count
        var isEnd = true
        let segments = segments()
        guard count > 0 else { return segments.first.map { $0.position + $0.size } ?? 0 }
        for segment in segments {
            var end = segment.size
            while end > 0 {
                let from = max(0, end - Int64(Self.chunk))
                guard let bytes = segment.read(segment.position + from)?.prefix(Int(end - from)) else { break }
                for index in bytes.indices.reversed() {
                    if bytes[index] == UInt8(ascii: "\n"), !isEnd {
                        missing -= 1
                        if missing == 0 { return segment.position + from + Int64(index) + 1 }
                    }
                    isEnd = false
                }
                end = from
            }
        }
        return 0
    }

    /// The files, newest first.
    private func segments() -> [Segment] {
        let numbers = Files.names(in: folder).compactMap { $0.hasPrefix("log.") ? Int($0.dropFirst(4)) : nil }.sorted()
        let opened = (["log"] + numbers.map { "log.\($0)" }).compactMap { OpenFile(folder + "/" + $0) }
        var positions: [UInt64: Int64] = [:]
        for line in (Files.text(folder + "/log.index") ?? "").split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.count == 2, let inode = UInt64(fields[0]), let position = Int64(fields[1]) { positions[inode] = position }
        }
        var seen: Set<UInt64> = []
        return opened.compactMap { file in
            // A file may be met under two names while it is renamed.
            guard seen.insert(file.inode).inserted, let position = positions[file.inode] ?? (positions.isEmpty ? 0 : nil) else {
                return nil
            }
            return Segment(file: file, position: position, size: file.size)
        }
    }

    private struct Segment: Sendable {
        var file: OpenFile
        var position: Int64
        var size: Int64

        func read(_ position: Int64) -> [UInt8]? {
            guard position >= self.position else { return nil }
            let bytes = file.read(at: position - self.position, LogCursor.chunk)
            return bytes.isEmpty ? nil : bytes
        }
    }
}

/// A file that stays open as long as somebody has it.
private final class OpenFile: Sendable {
    let descriptor: Int32
    let inode: UInt64

    init?(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        inode = UInt64(information.st_ino)
    }

    deinit { close(descriptor) }

    var size: Int64 {
        var information = stat()
        return fstat(descriptor, &information) == 0 ? Int64(information.st_size) : 0
    }

    func read(at offset: Int64, _ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
        }
    }
}
