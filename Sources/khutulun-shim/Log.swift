// SPDX-License-Identifier: Apache-2.0 OR MIT
import CShim

/// The file `log`, which takes what the program prints, and its rotated predecessors `log.1` (the newest), `log.2`, ….
///
/// Every byte has a position that counts from the node's first byte and outlives rotation. The file `log.index` tells
/// it to readers: a line `INODE POSITION` for each file that is kept. It is written before the files get their new
/// names, so that whoever has a file open finds it there. There is none before the first rotation, and no `log` before the
/// program has printed something.
struct Log {
    private struct Segment {
        var inode: UInt64
        var position: Int64
    }

    private var descriptor: Int32 = -1
    private var size: Int64 = 0
    private var segments: [Segment] = []
    private var endsLine = true
    private let limit: Int64
    private let kept: Int

    /// Nothing is opened before there is something to write.
    init(limit: Int64, kept: Int64) {
        self.limit = max(limit, 4096)
        self.kept = Int(min(max(kept, 0), 1000))
    }

    private mutating func open() -> Bool {
        segments = Self.readIndex()
        descriptor = shim_open(pointer("log"), O_WRONLY | O_APPEND | O_CREAT, 0o600)
        var information = stat()
        guard descriptor >= 0, fstat(descriptor, &information) == 0 else { return false }
        size = Int64(information.st_size)
        let inode = UInt64(information.st_ino)
        if segments.first?.inode != inode {
            let position = segments.first?.position ?? 0
            segments.insert(Segment(inode: inode, position: position), at: 0)
            if segments.count > 1 { writeIndex() }
        }
        return true
    }

    /// Appends bytes, and rotates between two lines where it can. What doesn't fit on the disk is dropped.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard descriptor >= 0 || open() else { return }
        var rest = bytes
        while !rest.isEmpty {
            let room = limit - size
            if Int64(rest.count) <= room {
                put(rest)
                return
            }
            let cut = Self.cut(rest, room: Int(max(room, 0)), endsLine: endsLine, isOverdue: -room > 1 << 16)
            put(UnsafeRawBufferPointer(rebasing: rest[..<cut.count]))
            rest = UnsafeRawBufferPointer(rebasing: rest[cut.count...])
            if cut.rotates { rotate() }
        }
    }

    /// How many of the bytes still belong into the file, and whether it is rotated after them.
    private static func cut(_ bytes: UnsafeRawBufferPointer, room: Int, endsLine: Bool, isOverdue: Bool) -> (
        count: Int, rotates: Bool
    ) {
        let newline = UInt8(ascii: "\n")
        if let last = bytes[..<room].lastIndex(of: newline) { return (last + 1, true) }
        if endsLine { return (0, true) }
        if let first = bytes.firstIndex(of: newline) { return (first + 1, true) }
        return (bytes.count, isOverdue)
    }

    private mutating func put(_ bytes: UnsafeRawBufferPointer) {
        guard let last = bytes.last else { return }
        if writeAll(bytes, to: descriptor) {
            size += Int64(bytes.count)
        } else {
            var information = stat()
            if fstat(descriptor, &information) == 0 { size = Int64(information.st_size) }
        }
        endsLine = last == UInt8(ascii: "\n")
    }

    private mutating func rotate() {
        guard size > 0 else { return }
        let next = shim_open(pointer("log.new"), O_WRONLY | O_APPEND | O_CREAT | O_TRUNC, 0o600)
        var information = stat()
        guard next >= 0, fstat(next, &information) == 0 else { return }
        segments.insert(
            Segment(inode: UInt64(information.st_ino), position: (segments.first?.position ?? 0) + size), at: 0)
        if segments.count > kept + 1 { segments.removeLast(segments.count - kept - 1) }
        writeIndex()
        for number in stride(from: kept, to: 1, by: -1) { Self.move(number - 1, to: number) }
        if kept > 0 { rename(pointer("log"), Self.name(1)) }
        rename(pointer("log.new"), pointer("log"))
        close(descriptor)
        descriptor = next
        size = 0
        endsLine = true
    }

    private static func move(_ old: Int, to new: Int) {
        rename(name(old), name(new))
    }

    private static func name(_ number: Int) -> [CChar] {
        var name = Text()
        name.add("log.")
        name.add(Int64(number))
        return name.terminated
    }

    private func writeIndex() {
        var text = Text()
        for segment in segments {
            text.add(Int64(bitPattern: segment.inode))
            text.add(" ")
            text.add(segment.position)
            text.add("\n")
        }
        _ = text.replace("log.index", by: "log.index.new", durable: false)
    }

    private static func readIndex() -> [Segment] {
        guard let buffer = readFile(pointer("log.index"), limit: 1 << 16), let start = buffer.baseAddress else { return [] }
        defer { free(start) }
        var segments: [Segment] = []
        var rest: UnsafeMutablePointer<CChar>? = start
        while let text = rest, text.pointee != 0 {
            var middle: UnsafeMutablePointer<CChar>?
            var end: UnsafeMutablePointer<CChar>?
            let inode = strtoll(text, &middle, 10)
            guard let middle, middle != text else { break }
            let position = strtoll(middle, &end, 10)
            guard let end, end != middle, end.pointee == CChar(UInt8(ascii: "\n")) else { break }
            segments.append(Segment(inode: UInt64(bitPattern: Int64(inode)), position: Int64(position)))
            rest = end + 1
        }
        return segments
    }
}
