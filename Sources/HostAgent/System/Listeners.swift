// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support

/// A socket of this host that others can reach.
struct Listener: Sendable, Hashable {
    /// How it is reached.
    enum Transport: String, Sendable, Hashable {
        case tcp, udp
    }

    /// How it is reached.
    var transport: Transport
    /// The local address in its usual form, such as `127.0.0.1`, `0.0.0.0` or `::`.
    var address: String
    /// The port.
    var port: Int
    /// Who holds it, as far as this process may see.
    var pid: Int32?
    /// The holder's program name.
    var program: String?

    /// The document that `listeners` gives for it.
    var document: Value {
        var document: Value = ["protocol": .text(transport.rawValue), "address": .text(address), "port": .integer(port)]
        if let pid { document["pid"] = .integer(Int64(pid)) }
        if let program { document["program"] = .text(program) }
        return document
    }
}

/// The sockets of this network namespace that listen: of TCP those in the state LISTEN, of UDP those without a peer.
enum Listeners {
    /// Reads them from `/proc`. One look at every process's descriptors, which ends as soon as all holders are found.
    static func read() -> [Listener] {
        var sockets: [Socket] = []
        for (name, transport) in [("tcp", Listener.Transport.tcp), ("tcp6", .tcp), ("udp", .udp), ("udp6", .udp)] {
            sockets += parse(Files.read("/proc/net/\(name)", limit: 64 << 20) ?? [], transport)
        }
        let holders = holders(of: Set(sockets.map(\.inode)))
        var programs: [Int32: String] = [:]
        return sockets.map { socket in
            var listener = socket.listener
            if let pid = holders[socket.inode] {
                let program = programs[pid] ?? (Files.text("/proc/\(pid)/comm") ?? "").filter { $0 != "\n" }
                programs[pid] = program
                listener.pid = pid
                listener.program = program
            }
            return listener
        }
    }

    struct Socket: Equatable {
        var listener: Listener
        var inode: UInt64
    }

    /// Reads the table of a protocol: a line of titles, then a line for each socket.
    static func parse(_ table: [UInt8], _ transport: Listener.Transport) -> [Socket] {
        let listening: StaticString = transport == .tcp ? "0A" : "07"
        var sockets: [Socket] = []
        for line in table.split(separator: UInt8(ascii: "\n")).dropFirst() {
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 10)
            guard fields.count > 9, fields[3].elementsEqual(bytes(listening)) else { continue }
            guard let colon = fields[1].firstIndex(of: UInt8(ascii: ":")), let port = hexadecimal(fields[1][(colon + 1)...]),
                let address = address(fields[1][..<colon]), let inode = UInt64(String(decoding: fields[9], as: UTF8.self))
            else { continue }
            sockets.append(
                Socket(listener: Listener(transport: transport, address: address, port: Int(port)), inode: inode))
        }
        return sockets
    }

    private static func bytes(_ text: StaticString) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt32? {
        UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    /// The kernel prints an address as 32-bit words, each in the host's byte order.
    private static func address(_ digits: ArraySlice<UInt8>) -> String? {
        var words: [UInt32] = []
        for start in stride(from: digits.startIndex, to: digits.endIndex, by: 8) {
            guard start + 8 <= digits.endIndex, let word = hexadecimal(digits[start..<start + 8]) else { return nil }
            words.append(word)
        }
        guard words.count == 1 || words.count == 4 else { return nil }
        let family = words.count == 1 ? AF_INET : AF_INET6
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            guard let base = text.baseAddress, inet_ntop(family, words, base, socklen_t(text.count)) != nil else { return nil }
            return String(cString: base)
        }
    }

    /// Which process holds each socket. Of several the one with the lowest number, which is the oldest as a rule.
    private static func holders(of wanted: Set<UInt64>) -> [UInt64: Int32] {
        var holders: [UInt64: Int32] = [:]
        for pid in Files.names(in: "/proc").compactMap({ Int32($0) }).sorted() {
            guard holders.count < wanted.count else { break }
            let folder = "/proc/\(pid)/fd"
            for name in Files.names(in: folder) {
                guard let inode = socket(folder + "/" + name), wanted.contains(inode), holders[inode] == nil else { continue }
                holders[inode] = pid
            }
        }
        return holders
    }

    /// The inode in a link `socket:[INODE]`.
    private static func socket(_ path: String) -> UInt64? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let count = readlink(path, base, buffer.count)
            let text = UnsafeRawBufferPointer(buffer)[..<max(count, 0)]
            guard text.starts(with: bytes("socket:[")) else { return nil }
            var inode: UInt64 = 0
            for digit in text.dropFirst(8) where digit != UInt8(ascii: "]") {
                inode = inode * 10 + UInt64(digit &- UInt8(ascii: "0"))
            }
            return inode
        }
    }
}
