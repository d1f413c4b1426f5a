// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Support

/// TCP sockets of this machine.
enum Listening {
    /// Those that listen on IPv4, with their holder if it is a process that may be looked at.
    static func sockets() throws(Problem) -> [Value] {
        guard let table = try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8) else {
            throw Problem("test.no-table", "there is no table of sockets")
        }
        let holders = holders()
        return table.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            let local = fields[1].split(separator: ":")
            guard fields[3] == "0A", let address = UInt32(local[0], radix: 16), let port = Int(local[1], radix: 16) else {
                return nil
            }
            let bytes = (0..<4).map { String(address >> (8 * $0) & 0xff) }
            var socket: Value = ["protocol": "tcp", "address": .text(bytes.joined(separator: ".")), "port": .integer(port)]
            if let holder = holders[String(fields[9])] {
                socket["pid"] = .integer(holder.pid)
                socket["program"] = .text(holder.program)
            }
            return socket
        }
    }

    private static func holders() -> [String: (pid: Int, program: String)] {
        var holders: [String: (Int, String)] = [:]
        let files = FileManager.default
        for pid in (try? files.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let number = Int(pid), let open = try? files.contentsOfDirectory(atPath: "/proc/\(pid)/fd") else { continue }
            let program = (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)) ?? ""
            for file in open {
                guard let target = try? files.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\(file)"),
                    target.hasPrefix("socket:[")
                else { continue }
                holders[String(target.dropFirst(8).dropLast())] = (number, program.trimmingCharacters(in: .newlines))
            }
        }
        return holders
    }

    /// Whether something answers at an address.
    static func answers(_ address: String, _ port: Int) -> Bool {
        with(address, port) { file, pointer, size in connect(file, pointer, size) == 0 } ?? false
    }

    /// A socket that listens until it is closed; nil if the port is taken.
    static func open(_ address: String, _ port: Int) -> Int32? {
        var kept: Int32?
        _ = with(address, port) { file, pointer, size in
            guard bind(file, pointer, size) == 0, listen(file, 8) == 0 else { return false }
            kept = fcntl(file, F_DUPFD_CLOEXEC, 0)
            return true
        }
        return kept
    }

    private static func with(
        _ address: String, _ port: Int, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) -> Bool? {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, address, &name.sin_addr)
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
