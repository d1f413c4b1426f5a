// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Glibc

/// How far the clocks of a place are ahead of UTC, and when that changes: a file of the system's time zone database, in the
/// format of RFC 9636.
struct ZoneRules: Sendable {
    static let folder = "/usr/share/zoneinfo"
    private static let sizeLimit = 1 << 18

    private var initial: Int64
    /// Moments in seconds since 1970 UTC, and the seconds ahead of UTC from each on.
    private var changes: [(moment: Int64, offset: Int64)] = []
    /// What holds after the last change.
    private var rule: ZoneRule?

    /// Always the same distance.
    init(offset: Int64) { initial = offset }

    /// The rules of a place; nil if there are none that can be read.
    static func load(_ name: String) -> ZoneRules? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && !part.hasPrefix(".")
                && part.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte & 0xdf) || "_+-".utf8.contains(byte)
                }
        }
        guard isPlain, let bytes = read("\(folder)/\(name)") else { return nil }
        return ZoneRules(bytes)
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: sizeLimit)
        let count = fread(&bytes, 1, sizeLimit, file)
        return ferror(file) == 0 && count > 0 ? Array(bytes.prefix(count)) : nil
    }

    /// Reads the content of a file.
    init?(_ bytes: [UInt8]) {
        // The first part is for programs that know 32 bits only; its header is as long and says how long it is.
        guard let old = ZoneHeader(bytes, at: 0), old.version >= 2 else { return nil }
        let start = ZoneHeader.size + old.bodySize(timeSize: 4)
        guard let header = ZoneHeader(bytes, at: start) else { return nil }
        let body = start + ZoneHeader.size
        let end = body + header.bodySize(timeSize: 8)
        guard bytes.count >= end, header.types > 0 else { return nil }
        let indexes = body + header.times * 8
        let types = indexes + header.times
        let offsets = (0..<header.types).map { Int64(Int32(truncatingIfNeeded: bytes.number(at: types + $0 * 6, size: 4))) }
        initial = offsets[0]
        for index in 0..<header.times {
            guard let offset = offsets.dropFirst(Int(bytes[indexes + index])).first else { return nil }
            changes.append((bytes.number(at: body + index * 8, size: 8), offset))
        }
        let footer = bytes[end...].split(separator: 0x0a).first.map { String(decoding: $0, as: UTF8.self) }
        rule = footer.flatMap { ZoneRule($0) }
    }

    /// How many seconds the clocks are ahead of UTC at a moment.
    func offset(at moment: Int64) -> Int64 {
        if let rule, moment >= changes.last?.moment ?? .min { return rule.offset(at: moment) }
        let next = changes.partitioningIndex { $0.moment > moment }
        return next == 0 ? initial : changes[next - 1].offset
    }
}

/// The beginning of each part of a file.
private struct ZoneHeader {
    static let size = 44

    var version: Int
    var times: Int
    var types: Int
    private var other: (isUT: Int, isStandard: Int, leaps: Int, names: Int)

    init?(_ bytes: [UInt8], at start: Int) {
        guard bytes.count >= start + Self.size, bytes[start..<start + 4].elementsEqual("TZif".utf8) else { return nil }
        let counts = (0..<6).map { Int(bytes.number(at: start + 20 + $0 * 4, size: 4)) }
        guard counts.allSatisfy({ (0...100_000).contains($0) }) else { return nil }
        version = Int(bytes[start + 4]) - 0x30
        (times, types) = (counts[3], counts[4])
        other = (counts[0], counts[1], counts[2], counts[5])
    }

    func bodySize(timeSize: Int) -> Int {
        times * (timeSize + 1) + types * 6 + other.names + other.leaps * (timeSize + 4) + other.isStandard + other.isUT
    }
}

extension [UInt8] {
    /// A number, the highest byte first. With eight bytes it may be negative.
    fileprivate func number(at start: Int, size: Int) -> Int64 {
        self[start..<start + size].reduce(0) { $0 << 8 | Int64($1) }
    }
}
